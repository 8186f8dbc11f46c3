import type { IncomingMessage, ServerResponse } from "node:http";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { Certificate } from "../local/certificate.ts";
import type { Doors } from "../local/doors.ts";
import { type HttpsService, serveHttps } from "../local/https.ts";
import { Registries } from "../local/registries.ts";
import { handOn, refuse } from "../local/registry-proxy.ts";
import { type AwsEndpoint, clientOptions } from "./cloud.ts";

/** What the emulator turns into the source of the registry's own events: see emulated_events.py. */
const SOURCE = "local.ecr";

const MANIFEST = /^\/v2\/(.+)\/manifests\/([^/]+)$/;

export interface ContainerRegistryOptions {
  certificate: Certificate;
  /** Folder for its content and its log. */
  folder: string;
  /** Where the emulator answers, which carries its events. */
  endpoint: AwsEndpoint;
  doors: Doors;
}

/**
 * The container registry of the account: a real one, which lets in whoever has the token that the emulator gives, and
 * tells EventBridge of each manifest that is pushed. Repositories are there once they are pushed to.
 */
export class ContainerRegistry implements AsyncDisposable {
  readonly #registries: Registries;
  readonly #token: string;
  readonly #endpoint: AwsEndpoint;
  /** EventBridge of each region that is in use. */
  readonly #events = new Map<string, EventBridgeClient>();
  #service: HttpsService | undefined;

  private constructor({ endpoint, folder }: ContainerRegistryOptions) {
    this.#registries = new Registries(folder);
    this.#token = Buffer.from(`AWS:${crypto.randomUUID()}`).toString("base64");
    this.#endpoint = endpoint;
  }

  static async start(options: ContainerRegistryOptions): Promise<ContainerRegistry> {
    const registry = new ContainerRegistry(options);
    const { certificate, doors } = options;
    registry.#service = await serveHttps(certificate, (...both) => registry.#answer(...both), doors);
    return registry;
  }

  /** Where it answers, without a slash at the end. */
  get url(): string {
    return this.#service?.url ?? "";
  }

  /** What the emulator needs in its environment to send clients here. */
  get environment(): Record<string, string> {
    return { REGISTRY_URL: this.url, REGISTRY_TOKEN: this.#token };
  }

  /** The header by which whoever pushes says who he is. */
  get authorization(): string {
    return `Basic ${this.#token}`;
  }

  /** Tells EventBridge of a region too of what is pushed from now on: there is one registry here for all regions. */
  tellIn(region: string): void {
    if (this.#events.has(region)) return;
    this.#events.set(region, new EventBridgeClient(clientOptions(this.#endpoint, region)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#service?.close();
    for (const client of this.#events.values()) client.destroy();
    await this.#registries[Symbol.asyncDispose]();
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (incoming.headers.authorization !== this.authorization) {
      const challenge = { "www-authenticate": 'Basic realm="ecr"' };
      return refuse(outgoing, 401, "DENIED", "Not Authorized", challenge);
    }
    const { statusCode, headers } = await handOn(await this.#registries.originOf("ecr"), incoming, outgoing);
    const { pathname } = new URL(incoming.url ?? "/", this.url);
    const [, repository = "", reference = ""] = MANIFEST.exec(pathname) ?? [];
    if (incoming.method !== "PUT" || repository === "" || statusCode !== 201) return;
    await this.#tell(repository, reference, String(headers["docker-content-digest"]));
  }

  /** "Amazon ECR events and EventBridge": a completed image push. */
  async #tell(repository: string, reference: string, digest: string): Promise<void> {
    const tagged = reference.includes(":") ? {} : { "image-tag": reference };
    const detail = {
      ...{ result: "SUCCESS", "action-type": "PUSH", "repository-name": repository },
      ...{ "image-digest": digest, ...tagged },
    };
    const entry = { Source: SOURCE, DetailType: "ECR Image Action", Detail: JSON.stringify(detail) };
    for (const client of this.#events.values()) {
      const { FailedEntryCount } = await client.send(new PutEventsCommand({ Entries: [entry] }));
      if (FailedEntryCount) throw new Error(`EventBridge did not take the push of ${repository}@${digest}`);
    }
  }
}
