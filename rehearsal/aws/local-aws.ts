import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Certificate } from "../local/certificate.ts";
import { Doors } from "../local/doors.ts";
import type { MysqlServers } from "../local/mysql-servers.ts";
import type { Names } from "../local/names.ts";
import { lastingPort } from "../local/ports.ts";
import type { Service, ServiceError } from "../local/service.ts";
import { LocalProvider } from "../provider/provider.ts";
import { AWS_ACTUATORS } from "./actuators/index.ts";
import { AwsCloud, type AwsEndpoint } from "./cloud.ts";
import { ContainerRegistry } from "./container-registry.ts";
import { DatabaseInstances } from "./database-instances.ts";
import { awsInvokes } from "./functions.ts";
import { Hosting } from "./hosting.ts";
import { startMiniStack } from "./ministack.ts";
import { AwsOutage } from "./outage.ts";
import { serveSts, type WebIdentity } from "./web-identity.ts";

/** The one account of the local AWS. */
const ACCOUNT_ID = "111122223333";

export interface LocalAwsOptions {
  /** The Python in whose environment MiniStack is installed. */
  python: string;
  /** Folder for data and logs. */
  folder: string;
  certificate: Certificate;
  webIdentity: WebIdentity;
  /** Gets the hosts that are given out. */
  names: Names;
  /** Where its databases run. */
  databases: MysqlServers;
  /** More for the environment of functions. */
  environment: Record<string, string>;
  /** Called once when the emulator dies. */
  onDeath(error: ServiceError): void;
}

/** A local AWS: the emulator, in front of its STS the issuer of web identities, and what it has as records only. */
export class LocalAws implements AsyncDisposable {
  /** What it does without meanwhile: all of itself, or a part. */
  readonly outage: AwsOutage;
  /** Of containers' images. */
  readonly registry: ContainerRegistry;
  /** Where the disk of an image lies that is exported, as ID.vhd. */
  readonly imageDisks: string;
  readonly #endpoint: AwsEndpoint;
  readonly #webIdentity: WebIdentity;
  readonly #hosting: Hosting;
  readonly #databases: MysqlServers;
  readonly #close: () => void;

  private constructor(args: {
    outage: AwsOutage;
    endpoint: AwsEndpoint;
    webIdentity: WebIdentity;
    hosting: Hosting;
    databases: MysqlServers;
    registry: ContainerRegistry;
    imageDisks: string;
    close: () => void;
  }) {
    this.outage = args.outage;
    this.registry = args.registry;
    this.imageDisks = args.imageDisks;
    this.#endpoint = args.endpoint;
    this.#webIdentity = args.webIdentity;
    this.#hosting = args.hosting;
    this.#databases = args.databases;
    this.#close = args.close;
  }

  /** The emulator. */
  get service(): Service {
    return this.outage.emulator;
  }

  /** @throws ServiceError when the emulator does not start */
  static async start(options: LocalAwsOptions): Promise<LocalAws> {
    const { certificate, databases, folder, names, webIdentity } = options;
    const endpoint: AwsEndpoint = {
      url: `https://127.0.0.1:${await lastingPort()}`,
      certificateFile: certificate.certificateFile,
      accountId: ACCOUNT_ID,
      secretAccessKey: "local",
    };
    const doors = new Doors();
    const hosting = new Hosting({ endpoint, authority: certificate, names, folder, doors });
    const connect = (region: string) => new AwsCloud(endpoint, region, webIdentity, hosting, databases);
    const sts = await serveSts(endpoint, certificate, webIdentity, connect, doors);
    const instances = await DatabaseInstances.serve(databases);
    const registry = await ContainerRegistry.start({ certificate, folder: join(folder, "registry"), endpoint, doors });
    const close = () => {
      sts.close();
      instances.close();
    };
    const imageDisks = join(folder, "image-disks");
    await mkdir(imageDisks, { recursive: true });
    try {
      const environment = {
        ...options.environment,
        AWS_ENDPOINT_URL_STS: sts.url,
        DATABASE_INSTANCES: instances.url,
        ...registry.environment,
        IMAGE_DISKS: imageDisks,
      };
      const outage = await AwsOutage.ready({
        folder,
        hosting,
        databases,
        startEmulator: () => startMiniStack({ ...options, endpoint, environment }),
      });
      return new LocalAws({ outage, endpoint, webIdentity, hosting, databases, registry, imageDisks, close });
    } catch (error) {
      close();
      await registry[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What AWS's own command and SDKs need in their environment to reach this AWS and no other. */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.#endpoint.url,
      AWS_CA_BUNDLE: this.#endpoint.certificateFile,
      AWS_ACCESS_KEY_ID: this.#endpoint.accountId,
      AWS_SECRET_ACCESS_KEY: this.#endpoint.secretAccessKey,
      AWS_SESSION_TOKEN: "",
    };
  }

  connect(region: string): AwsCloud {
    this.registry.tellIn(region);
    return new AwsCloud(this.#endpoint, region, this.#webIdentity, this.#hosting, this.#databases);
  }

  /** The provider as the engine configures it. @param config keys of the provider without its namespace */
  provider(config: Record<string, string>): LocalProvider {
    const { region } = config;
    if (!region) throw new Error("aws: no region is given; set aws:region in the stack file (Missing region)");
    const cloud = this.connect(region);
    return new LocalProvider({
      registry: AWS_ACTUATORS,
      cloud,
      invokes: awsInvokes(cloud),
      identify: (token, name) => {
        const [, module = ""] = token.split(":");
        const [service = "", type = ""] = module.split("/");
        return { id: name, arn: cloud.arn(service, `${type}/${name}`) };
      },
    });
  }

  /** Has servers that boot from now on ask a name server. @param address @example "127.0.0.1:5353" */
  useNameServer(address: string): void {
    this.#hosting.nameServer = address;
  }

  /** All of it dies at once: whoever connects is refused. Nothing is lost that was confirmed. */
  kill(): Promise<void> {
    return this.outage.kill();
  }

  /** All of it comes back, where it was and with what it had. @throws ServiceError when a part of it does not */
  revive(): Promise<void> {
    return this.outage.revive();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hosting[Symbol.asyncDispose]();
    await this.registry[Symbol.asyncDispose]();
    await this.service.stop();
    this.#close();
  }
}
