import { setTimeout as delay } from "node:timers/promises";
import type { SQSRecord } from "aws-lambda";
import { type Replicator, work } from "../../lambdas/objects/batch.ts";
import { Marker } from "../../lambdas/objects/marker.ts";
import { Metrics } from "../../lambdas/shared/metrics.ts";
import { faultOf, type Service } from "./faults.ts";
import type { Asked, CarriedOut, Fault } from "./faulty-proxy.ts";
import { FaultySides, type SidesOptions } from "./faulty-sides.ts";
import type { MemoryQueue } from "./memory-queue.ts";
import type { Random } from "./random.ts";
import { smallBudget } from "./stores.ts";

/** How many of the cut connections are their function's end. */
const DEATHS = 0.15;

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

export interface WorkersOptions extends SidesOptions {
  queue: MemoryQueue;
  random: Random;
  /** Is told what the blob service carried out. */
  onCarriedOut(carried: CarriedOut): void;
}

/** Functions that work on the queue at once. Their connections are bad, and some die at their work. */
export class ReplicationWorkers {
  readonly marker = new SteeredMarker();
  /** Whether anything goes wrong. */
  faults = true;
  /** Paths of the writes that came late: after all others perhaps, when nobody looks any more but a scan. */
  readonly late = new Set<string>();
  readonly #options: WorkersOptions;
  readonly #sides = new Set<FaultySides>();
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

  /** Waits until all messages are done with, and nothing is on its way any more: requests of the dead may still be. */
  async settle(): Promise<void> {
    while (this.#options.queue.length > 0 || this.#busy > 0) await delay(5);
    for (const sides of this.#sides) await sides.settle();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#working, ...this.#handling]);
    for (const sides of this.#sides) await sides.close();
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
    const { queue, random, bucket } = this.#options;
    const { promise: death, resolve } = Promise.withResolvers<void>();
    let dead = false;
    const onDeath = () => {
      dead = true;
      resolve();
    };
    const choose = (service: Service, asked: Asked) => this.#fault(service, asked);
    const sides = await FaultySides.start({ ...this.#options, choose, onDeath });
    this.#sides.add(sides);
    const replicator: Replicator = {
      source: sides.objects,
      target: sides.blobs,
      bucket,
      messages: queue.messages(() => dead),
      marker: this.marker,
      metrics: new Metrics(),
      budget: smallBudget(),
      pull: random.chance(0.5),
    };
    return { replicator, death, isDead: () => dead };
  }

  #fault(service: Service, asked: Asked): Fault | undefined {
    if (!this.faults) return undefined;
    // The right to write goes with a declaration.
    const forbidden = asked.method === "PUT" && this.marker.isDeclared;
    const fault = forbidden ? FORBIDDEN : faultOf(this.#options.random, service, asked, DEATHS);
    if (fault?.kind === "late" && asked.method === "PUT") this.late.add(asked.path);
    return fault;
  }
}
