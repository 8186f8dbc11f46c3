import type { SQSRecord } from "aws-lambda";
import { type Replicator, work } from "../../lambdas/objects/batch.ts";
import { Metrics } from "../../lambdas/shared/metrics.ts";
import { MemorySide } from "./memory-side.ts";
import { RecordedMessages, SteeredMarker } from "./recorded.ts";
import { smallBudget } from "./stores.ts";

/** The bucket of the replicator below. */
export const BUCKET = "content";

const MIB = 1024 * 1024;

/** A replicator between two sides in memory, with queues and a marker that a test looks into and steers. */
export class MemoryReplicator implements Replicator {
  readonly bucket = BUCKET;
  readonly metrics = new Metrics();
  readonly budget = smallBudget();
  readonly pull = false;
  readonly source = new MemorySide();
  target: Replicator["target"];
  /** The target, unless a test set another. */
  readonly memory = new MemorySide(4 * MIB);
  readonly messages = new RecordedMessages();
  readonly marker = new SteeredMarker();

  constructor() {
    this.target = this.memory;
  }

  /** Works on a message. @returns whether it is done with */
  handle(body: string, receives = 1, deadline = Number.POSITIVE_INFINITY): Promise<boolean> {
    const attributes = { ApproximateReceiveCount: String(receives) };
    const record = { messageId: "message-1", receiptHandle: "handle-1", body, attributes } as SQSRecord;
    return work(this, record, deadline);
  }

  /** Where messages are after the work: nowhere when they are done with. */
  places(): string[] {
    const { sent, parked, setAsides, waits } = this.messages;
    return Object.entries({ queue: sent, parked, "dead letters": setAsides, again: waits }).flatMap(([place, all]) =>
      all.map(() => place),
    );
  }

  /** What was counted since the last look, by metric. */
  counted(): Record<string, number[]> {
    const values: Record<string, number[]> = {};
    this.metrics.flush({}, (line) => {
      const { _aws, ...all } = JSON.parse(line);
      Object.assign(values, all);
    });
    return values;
  }
}
