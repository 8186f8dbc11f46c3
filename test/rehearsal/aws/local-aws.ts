import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import getPort from "get-port";
import { AWS_ACTUATORS } from "../../../rehearsal/aws/actuators/index.ts";
import { AwsCloud } from "../../../rehearsal/aws/cloud.ts";
import { awsInvokes } from "../../../rehearsal/aws/functions.ts";
import { startMiniStack } from "../../../rehearsal/aws/ministack.ts";
import { WebIdentity } from "../../../rehearsal/aws/web-identity.ts";
import { makeCertificate } from "../../../rehearsal/local/certificate.ts";
import type { Service } from "../../../rehearsal/local/service.ts";
import type { State } from "../../../rehearsal/provider/actuator.ts";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { LocalProvider } from "../../../rehearsal/provider/provider.ts";

const ACCOUNT = "123456789012";
const REGION = "eu-central-1";

/** A resource that stands, and what the engine would do with it. */
export interface Deployed {
  state: State;
  /** Inputs and outputs together. */
  properties: Properties;
  /** What a refresh says of the inputs; undefined when the resource is gone. */
  refresh(): Promise<Properties | undefined>;
  /** Checks and brings it to new inputs. */
  update(inputs: Properties): Promise<Properties>;
  delete(): Promise<void>;
}

/** A local AWS for the tests of one file, with the provider as the engine sees it. */
export class LocalAws {
  #cloud: AwsCloud | undefined;
  #service: Service | undefined;
  #folder = "";

  get cloud(): AwsCloud {
    if (!this.#cloud) throw new Error("the local AWS is used before it was started: call it inside a test or a hook");
    return this.#cloud;
  }

  get provider(): LocalProvider {
    return new LocalProvider({
      registry: AWS_ACTUATORS,
      cloud: this.cloud,
      invokes: awsInvokes(this.cloud),
      identify: (token, name) => ({ id: name, arn: `${token}:${name}` }),
    });
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "local-aws-"));
    const certificate = await makeCertificate(this.#folder);
    const endpoint = {
      url: `https://127.0.0.1:${await getPort()}`,
      certificateFile: certificate.certificateFile,
      accountId: ACCOUNT,
      secretAccessKey: "local",
    };
    this.#service = await startMiniStack({
      python: process.env.MINISTACK_PYTHON ?? "/tmp/lab/venv/bin/python",
      folder: this.#folder,
      endpoint,
      certificate,
      environment: {},
      onDeath: (error) => {
        throw error;
      },
    });
    this.#cloud = new AwsCloud(endpoint, REGION, await WebIdentity.create());
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Reasons for which the inputs are refused, each with its property before it. */
  async refusals(token: string, inputs: Properties, former?: Properties): Promise<string[]> {
    const { refusals } = await this.provider.check({ token, name: "a-test", former, inputs, seed: "0123456789" });
    return refusals.map(({ property, reason }) => `${property}: ${reason}`);
  }

  /** Checks and creates a resource. */
  async deploy(token: string, given: Properties, name = "a-test"): Promise<Deployed> {
    const { provider } = this;
    let inputs = await this.#accepted(token, name, given, undefined);
    let state = await provider.create(token, inputs);
    return {
      get state() {
        return state;
      },
      get properties() {
        return state.properties;
      },
      refresh: async () => (await provider.read(token, state, inputs))?.inputs,
      update: async (next) => {
        const accepted = await this.#accepted(token, name, next, inputs);
        state = { id: state.id, properties: await provider.update(token, state, inputs, accepted) };
        inputs = accepted;
        return state.properties;
      },
      delete: () => provider.delete(token, state),
    };
  }

  async #accepted(
    token: string,
    name: string,
    inputs: Properties,
    former: Properties | undefined,
  ): Promise<Properties> {
    const seed = crypto.randomUUID().replaceAll("-", "");
    const checked = await this.provider.check({ token, name, former, inputs, seed });
    if (checked.refusals.length > 0) throw new Error(`refused: ${JSON.stringify(checked.refusals)}`);
    return checked.inputs;
  }
}

/** Starts a local AWS before the tests of a suite and stops it after them. */
export function useLocalAws(): LocalAws {
  const aws = new LocalAws();
  before(() => aws.start());
  after(() => aws.stop());
  return aws;
}
