import { Agent } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import type { S3Client } from "@aws-sdk/client-s3";
import type { TokenCredential } from "@azure/identity";
import type { SQSRecord } from "aws-lambda";
import { type Replicator, work } from "../../lambdas/objects/batch.ts";
import { BlobClient } from "../../lambdas/objects/blob-client.ts";
import { BlobStore } from "../../lambdas/objects/blob-store.ts";
import { Marker } from "../../lambdas/objects/marker.ts";
import { S3Store, s3Reader } from "../../lambdas/objects/s3-store.ts";
import { Metrics } from "../../lambdas/shared/metrics.ts";
import { faultOf } from "./faults.ts";
import { type Asked, type CarriedOut, type Fault, FaultyProxy } from "./faulty-proxy.ts";
import type { MemoryQueue } from "./memory-queue.ts";
import type { Random } from "./random.ts";
import { smallBudget } from "./stores.ts";

const FORBIDDEN = { kind: "refused", status: 403, code: "AuthorizationPermissionMismatch" } as const;

/** A declaration that is known at once. */
export class SteeredMarker extends Marker {
  isDeclared = false;
  constructor() {
    super("http://unused", () => {});
  }
  override async declared(): Promise<boolean> {
    return this.isDeclared;
  }
}

export interface WorkersOptions {
  /** A client of the service where the bucket is. */
  s3: S3Client;
  bucket: string;
  /** URL of the container. */
  container: string;
  credential: TokenCredential;
  queue: MemoryQueue;
  random: Random;
  onCarriedOut(carried: CarriedOut): void;
}

/** Functions that work on the queue at once. Their connections are bad, and some die at their work. */
export class ReplicationWorkers {
  readonly marker = new SteeredMarker();
  /** Whether anything goes wrong. */
  faults = true;
  readonly #options: WorkersOptions;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });
  readonly #proxies = new Set<FaultyProxy>();
  readonly #working: Promise<void>[] = [];
  /** Of the living and the dead. */
  readonly #handling = new Set<Promise<void>>();
  #busy = 0;
  #stopped = false;

  constructor(options: WorkersOptions) {
    this.#options = options;
  }

  start(count: number): void {
    for (let number = 0; number < count; number++) this.#working.push(this.#work());
  }

  /** Waits until all messages are done with, and nothing is on its way any more. */
  async settle(): Promise<void> {
    const { queue } = this.#options;
    while (queue.length > 0 || this.#busy > 0) {
      await delay(5);
      // Requests of the dead may still come.
      for (const proxy of this.#proxies) await proxy.settle();
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#working, ...this.#handling]);
    for (const proxy of this.#proxies) proxy.close();
    this.#agent.destroy();
  }

  /** One function after the other: the next one starts where one died. */
  async #work(): Promise<void> {
    const { queue, random } = this.#options;
    while (!this.#stopped) {
      const { replicator, death, isDead } = await this.#function();
      while (!this.#stopped && !isDead()) {
        const records = queue.receive(1 + random.below(5));
        if (records.length === 0) {
          await delay(5);
          continue;
        }
        this.#busy += 1;
        const handled = this.#handle(replicator, records, isDead);
        this.#handling.add(handled);
        await Promise.race([death, handled]);
        for (const record of records) queue.giveBack(record);
        this.#busy -= 1;
      }
    }
  }

  async #handle(replicator: Replicator, records: SQSRecord[], isDead: () => boolean): Promise<void> {
    const { queue, random } = this.#options;
    await Promise.all(
      records.map(async (record) => {
        const deadline = performance.now() + (random.chance(0.3) ? random.below(200) : 3_600_000);
        const done = await work(replicator, record, deadline).catch(() => false);
        if (done && !isDead()) queue.delete(record);
      }),
    );
  }

  /** What one function has, until it dies. */
  async #function() {
    const { s3, bucket, container, credential, queue, random, onCarriedOut } = this.#options;
    const { promise: death, resolve } = Promise.withResolvers<void>();
    let dead = false;
    const onDeath = () => {
      dead = true;
      for (const proxy of proxies) proxy.close();
      resolve();
    };
    const { region, credentials } = s3.config;
    const { origin, pathname } = new URL(container);
    const agent = this.#agent;
    const common = { agent, onDeath };
    const proxies = [
      new FaultyProxy({ ...common, behind: await originOf(s3), choose: (asked) => this.#fault("s3", asked) }),
      new FaultyProxy({ ...common, behind: origin, choose: (asked) => this.#fault("blobs", asked), onCarriedOut }),
    ] as const;
    for (const proxy of proxies) this.#proxies.add(proxy);
    const [source, target] = await Promise.all([proxies[0].start(), proxies[1].start()]);
    const replicator: Replicator = {
      source: new S3Store(s3Reader({ region, credentials, endpoint: source }), bucket),
      target: new BlobStore(new BlobClient(`${target}${pathname}`, credential)),
      bucket,
      messages: queue.messages(() => dead),
      marker: this.marker,
      metrics: new Metrics(),
      budget: smallBudget(),
      pull: random.chance(0.5),
    };
    return { replicator, death, isDead: () => dead };
  }

  #fault(service: "s3" | "blobs", asked: Asked): Fault | undefined {
    if (!this.faults) return undefined;
    // The right to write goes with a declaration.
    const forbidden = asked.method === "PUT" && this.marker.isDeclared;
    return forbidden ? FORBIDDEN : faultOf(this.#options.random, service, asked);
  }
}

/** Where the service answers that a client is for. */
export async function originOf(s3: S3Client): Promise<string> {
  const endpoint = await s3.config.endpoint?.();
  if (!endpoint) throw new Error("expected a client with an endpoint of its own, found none");
  return `${endpoint.protocol}//${endpoint.hostname}:${endpoint.port}`;
}
