import { join } from "node:path";
import type { Project } from "../operations/stacks.ts";
import { LocalClouds } from "./clouds.ts";
import { copyProject } from "./project.ts";
import type { Session } from "./session.ts";
import type { Step } from "./steps.ts";
import { type Engine, findEngine } from "./tools/engine.ts";
import { findMySql, type MySql } from "./tools/mysql.ts";
import { findMiniStack } from "./tools/python.ts";

/** All that has to stand before a stack can be deployed here: the engine, both clouds, the project's copy. */
export class Stage implements AsyncDisposable {
  readonly #session: Session;
  #engine: Engine | undefined;
  #python = "";
  #mysql: MySql | undefined;
  #clouds: LocalClouds | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Sets the stage, from nothing where need be. */
  steps(): Step[] {
    const { folder, signal } = this.#session;
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
          const onDeath = (error: Error) => this.#session.end(error);
          this.#clouds = await LocalClouds.start({ folder, python: this.#python, mysql: this.#mysql, signal, onDeath });
          const { aws, azure } = this.#clouds;
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
    return { folder: join(this.#session.folder, "project"), environment, engine: this.engine.command };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#clouds?.[Symbol.asyncDispose]();
  }
}
