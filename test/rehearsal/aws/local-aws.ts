import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AwsCloud } from "../../../rehearsal/aws/cloud.ts";
import { LocalAws } from "../../../rehearsal/aws/local-aws.ts";
import { WebIdentity } from "../../../rehearsal/aws/web-identity.ts";
import { type Certificate, makeCertificate } from "../../../rehearsal/local/certificate.ts";
import type { MysqlServers } from "../../../rehearsal/local/mysql-servers.ts";
import { type Fetch, fetchThrough, Names } from "../../../rehearsal/local/names.ts";
import type { State } from "../../../rehearsal/provider/actuator.ts";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import type { LocalProvider } from "../../../rehearsal/provider/provider.ts";
import { findMiniStack } from "../../../rehearsal/tools/python.ts";
import { mysqlServers } from "../../support/mysql.ts";

const REGION = "eu-central-1";

/** A resource that stands, and what the engine may do with it. */
export interface Deployed {
  readonly id: string;
  /** Inputs and outputs together. */
  readonly properties: Properties;
  /** What a refresh says of the inputs; undefined when the resource is gone. */
  refresh(): Promise<Properties | undefined>;
  /** Checks and brings it to new inputs. */
  update(inputs: Properties): Promise<Properties>;
  delete(): Promise<void>;
}

/** The local AWS as the engine sees it, one call of the provider at a time. */
export class TestAws {
  #aws: LocalAws | undefined;
  #folder = "";
  #certificate: Certificate | undefined;
  #databases: MysqlServers | undefined;
  /** The hosts that this AWS gave out. */
  readonly names = new Names();

  /** A folder of the suite's own. */
  get folder(): string {
    return this.#folder;
  }

  get cloud(): AwsCloud {
    return this.local.connect(REGION);
  }

  get provider(): LocalProvider {
    return this.local.provider({ region: REGION });
  }

  /** Asks as a user of the sites does. */
  get fetch(): Fetch {
    return fetchThrough(this.names, this.#certificate?.certificate ?? "");
  }

  get local(): LocalAws {
    if (!this.#aws) throw new Error("the local AWS is used before it was started: call it inside a test or a hook");
    return this.#aws;
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "local-aws-"));
    this.#certificate = await makeCertificate(this.#folder);
    this.#databases = await mysqlServers(this.#folder, this.#certificate);
    this.#aws = await LocalAws.start({
      python: await findMiniStack(() => {}, new AbortController().signal),
      folder: this.#folder,
      certificate: this.#certificate,
      webIdentity: await WebIdentity.create(),
      names: this.names,
      databases: this.#databases,
      environment: {},
      onDeath: (error) => {
        throw error;
      },
    });
  }

  async stop(): Promise<void> {
    await this.#aws?.[Symbol.asyncDispose]();
    await this.#databases?.[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Reasons for which the inputs are refused, each with its property before it, a line each. */
  async refusals(token: string, inputs: Properties, former?: Properties): Promise<string> {
    const { refusals } = await this.provider.check({
      urn: token,
      token,
      name: "a-test",
      former,
      inputs,
      seed: "0123456789",
    });
    return refusals.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
  }

  /** Checks and creates a resource. */
  async deploy(token: string, given: Properties): Promise<Deployed> {
    const { provider } = this;
    let inputs = await this.#accepted(token, given, undefined);
    let state: State = await provider.create(token, inputs);
    return {
      id: state.id,
      get properties() {
        return state.properties;
      },
      refresh: async () => (await provider.read(token, state, inputs))?.inputs,
      update: async (next) => {
        const accepted = await this.#accepted(token, next, inputs);
        state = { id: state.id, properties: await provider.update(token, state, inputs, accepted) };
        inputs = accepted;
        return state.properties;
      },
      delete: () => provider.delete(token, state),
    };
  }

  async #accepted(token: string, inputs: Properties, former: Properties | undefined): Promise<Properties> {
    const seed = crypto.randomUUID().replaceAll("-", "");
    const checked = await this.provider.check({ urn: token, token, name: "a-test", former, inputs, seed });
    if (checked.refusals.length > 0) throw new Error(`refused: ${JSON.stringify(checked.refusals)}`);
    return checked.inputs;
  }
}

/** Starts a local AWS before the tests of a suite and stops it after them. */
export function useLocalAws(): TestAws {
  const aws = new TestAws();
  before(() => aws.start());
  after(() => aws.stop());
  return aws;
}

/** The error with which a call fails. @throws Error when it succeeds */
export async function failure(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) throw new Error("expected a failure, found success");
  const { name, message } = error as Error;
  return `${name}: ${message}`;
}
