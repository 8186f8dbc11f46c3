import { delimiter, dirname, join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import type { Project } from "../operations/stacks.ts";
import { HASTE, LocalClouds, type Pace } from "./clouds.ts";
import { copyProject, ROOT } from "./project.ts";
import type { Session } from "./session.ts";
import type { Step } from "./steps.ts";
import { type Engine, findEngine } from "./tools/engine.ts";
import { findMySql, type MySql } from "./tools/mysql.ts";
import { findMiniStack } from "./tools/python.ts";

/** All that has to stand before a stack can be deployed here: the engine, both clouds, the project's copy. */
export class Stage implements AsyncDisposable {
  /** The run that it is set for. */
  readonly session: Session;
  readonly #pace: Pace;
  #engine: Engine | undefined;
  #python = "";
  #mysql: MySql | undefined;
  #clouds: LocalClouds | undefined;
  /** Brings this process back to what it was. */
  readonly #former: (() => void)[] = [];

  constructor(session: Session, pace: Pace = HASTE) {
    this.session = session;
    this.#pace = pace;
  }

  /** Sets the stage, from nothing where need be. */
  steps(): Step[] {
    const { folder, signal } = this.session;
    return [
      // First what is soon found, or soon found missing: building an engine takes minutes.
      {
        title: "Find the local AWS, MiniStack",
        run: async (report) => {
          this.#python = await findMiniStack(report, signal);
          return undefined;
        },
      },
      {
        title: "Find MySQL",
        run: async (report) => {
          this.#mysql = await findMySql(report, signal);
          return `${this.#mysql.version}, ${this.#mysql.origin}`;
        },
      },
      {
        title: "Find the Pulumi engine",
        run: async (report) => {
          this.#engine = await findEngine(report, signal);
          return `${this.#engine.command.version}, ${this.#engine.origin}`;
        },
      },
      {
        title: "Start a local AWS and a local Azure",
        run: async () => {
          if (!this.#mysql)
            throw new Error("the steps are taken in another order than theirs: MySQL was not looked for");
          await copyProject(join(folder, "project"));
          const onDeath = (error: Error) => this.session.end(error);
          const tools = { python: this.#python, mysql: this.#mysql, pace: this.#pace };
          this.#clouds = await LocalClouds.start({ folder, ...tools, signal, onDeath });
          const { aws, azure } = this.#clouds;
          this.#signIn();
          return `processes ${aws.service.pid} and ${azure.service.pid}`;
        },
      },
    ];
  }

  get engine(): Engine {
    if (!this.#engine) throw new Error("the stage is not set: there is no engine yet");
    return this.#engine;
  }

  get clouds(): LocalClouds {
    if (!this.#clouds) throw new Error("the stage is not set: the clouds are not running yet");
    return this.#clouds;
  }

  /** The project's copy, with what the engine needs to deploy it here. */
  get project(): Project {
    const { environment } = this.clouds;
    return { folder: join(this.session.folder, "project"), environment, engine: this.engine.command };
  }

  /** What a command needs in its environment to operate the stacks here: signed in to both clouds, by ways to them. */
  operatorEnvironment(): Record<string, string> {
    const { aws, azure, environment } = this.clouds;
    const programs = [dirname(this.engine.command.command), join(ROOT, "node_modules/.bin"), environment.PATH];
    return {
      ...aws.environment,
      ...azure.operatorEnvironment(),
      ...environment,
      PATH: programs.join(delimiter),
    };
  }

  /** The program of a stack runs in this process too, and asks Route 53 itself: as whoever is signed in to the local AWS. */
  #signIn(): void {
    const { aws, environment, certificate } = this.clouds;
    const own = { ...aws.environment, AWS_ENDPOINT_URL_ROUTE_53: environment.AWS_ENDPOINT_URL_ROUTE_53 };
    for (const [name, value] of Object.entries(own)) {
      const former = process.env[name];
      process.env[name] = value;
      this.#former.push(() => {
        if (former === undefined) delete process.env[name];
        else process.env[name] = former;
      });
    }
    const trusted = getCACertificates("default");
    setDefaultCACertificates([...trusted, certificate]);
    this.#former.push(() => setDefaultCACertificates(trusted));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const restore of this.#former) restore();
    await this.#clouds?.[Symbol.asyncDispose]();
  }
}
