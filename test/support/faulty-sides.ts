import { Agent } from "node:https";
import { S3Client } from "@aws-sdk/client-s3";
import type { TokenCredential } from "@azure/identity";
import { BlobClient } from "../../lambdas/objects/blob-client.ts";
import { BlobStore } from "../../lambdas/objects/blob-store.ts";
import { S3Store } from "../../lambdas/objects/s3-store.ts";
import type { Service } from "./faults.ts";
import { type Asked, type CarriedOut, type Fault, FaultyProxy } from "./faulty-proxy.ts";

export interface SidesOptions {
  /** A client of the service where the bucket is. */
  s3: S3Client;
  bucket: string;
  /** URL of the container. */
  container: string;
  credential: TokenCredential;
}

export interface FaultySidesOptions extends SidesOptions {
  choose(service: Service, asked: Asked): Fault | undefined;
  /** Is called when a fault is one that its client does not survive; by then no connection is left. */
  onDeath?(): void;
  /** Is told what the blob service carried out. */
  onCarriedOut?(carried: CarriedOut): void;
}

/** Both sides of a replication as one who works on it reaches them: by bad connections. */
export class FaultySides {
  readonly objects: S3Store;
  readonly blobs: BlobStore;
  readonly #agent: Agent;
  readonly #proxies: readonly FaultyProxy[];

  private constructor(objects: S3Store, blobs: BlobStore, agent: Agent, proxies: readonly FaultyProxy[]) {
    this.objects = objects;
    this.blobs = blobs;
    this.#agent = agent;
    this.#proxies = proxies;
  }

  static async start(options: FaultySidesOptions): Promise<FaultySides> {
    const { s3, bucket, container, credential, choose, onCarriedOut } = options;
    const { origin, pathname } = new URL(container);
    const { region, credentials } = s3.config;
    const agent = new Agent({ keepAlive: true, maxSockets: 64 });
    const onDeath = () => {
      for (const proxy of proxies) proxy.close();
      options.onDeath?.();
    };
    const proxy = (service: Service, behind: string) =>
      new FaultyProxy({
        behind,
        agent,
        onDeath,
        choose: (asked) => choose(service, asked),
        onCarriedOut: service === "blobs" ? onCarriedOut : undefined,
      });
    const proxies = [proxy("s3", await originOf(s3)), proxy("blobs", origin)];
    const [first, second] = await Promise.all(proxies.map((each) => each.start()));
    const objects = new S3Store(new S3Client({ region, credentials, endpoint: first }), bucket);
    const blobs = new BlobStore(new BlobClient(`${second}${pathname}`, credential));
    return new FaultySides(objects, blobs, agent, proxies);
  }

  /** Waits for whatever is still to be carried out. */
  async settle(): Promise<void> {
    for (const proxy of this.#proxies) await proxy.settle();
  }

  async close(): Promise<void> {
    await this.settle();
    for (const proxy of this.#proxies) proxy.close();
    this.#agent.destroy();
  }
}

/** Where the service answers that a client is for. */
async function originOf(s3: S3Client): Promise<string> {
  const endpoint = await s3.config.endpoint?.();
  if (!endpoint) throw new Error("expected a client with an endpoint of its own, found none");
  return `${endpoint.protocol}//${endpoint.hostname}:${endpoint.port}`;
}
