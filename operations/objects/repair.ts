import { type Difference, isReplicators } from "../../lambdas/objects/comparison.ts";
import { writeHint } from "../../lambdas/objects/events.ts";

/** Keys that are sent at once. */
const AT_ONCE = 100;

/** Takes messages for the replicator. */
export interface Queue {
  enqueue(bodies: string[]): Promise<void>;
}

/** Tells the replicator to look at every key that differs; it decides anew what to do, by what it then finds. */
export class Repair {
  readonly #queue: Queue;
  readonly #bucket: string;
  #waiting: string[] = [];
  sent = 0;

  constructor(queue: Queue, bucket: string) {
    this.#queue = queue;
    this.#bucket = bucket;
  }

  async add(difference: Difference): Promise<void> {
    if (!isReplicators(difference)) return;
    this.#waiting.push(writeHint({ bucket: this.#bucket, key: difference.key }));
    if (this.#waiting.length >= AT_ONCE) await this.flush();
  }

  /** Sends what still waits. */
  async flush(): Promise<void> {
    const bodies = this.#waiting;
    this.#waiting = [];
    await this.#queue.enqueue(bodies);
    this.sent += bodies.length;
  }
}
