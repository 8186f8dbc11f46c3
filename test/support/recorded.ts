import type { SQSClient } from "@aws-sdk/client-sqs";
import { Marker } from "../../lambdas/objects/marker.ts";
import { Messages } from "../../lambdas/objects/messages.ts";
import { log } from "../../lambdas/shared/log.ts";

/** Queues that keep what is sent to them, for a test to look at. */
export class RecordedMessages extends Messages {
  readonly sent: string[] = [];
  readonly parked: string[] = [];
  readonly setAsides: { body: string; reason: string; key: string | undefined }[] = [];
  readonly waits: { receiptHandle: string; seconds: number }[] = [];
  /** Why every request fails, while it is set. */
  failure: Error | undefined;

  constructor() {
    super({} as SQSClient, { queue: "", parked: "", deadLetters: "" });
  }

  override async later(receiptHandle: string, seconds: number): Promise<void> {
    this.#fail();
    this.waits.push({ receiptHandle, seconds });
  }

  override async setAside(body: string, reason: string, key?: string): Promise<void> {
    this.#fail();
    this.setAsides.push({ body, reason, key });
  }

  override async park(body: string): Promise<void> {
    this.#fail();
    this.parked.push(body);
  }

  override async enqueue(bodies: string[]): Promise<void> {
    this.#fail();
    this.sent.push(...bodies);
  }

  override async unpark(): Promise<number> {
    this.#fail();
    const moved = this.parked.splice(0, 10);
    this.sent.push(...moved);
    return moved.length;
  }

  #fail(): void {
    if (this.failure) throw this.failure;
  }
}

/** A marker that says what a test has it say. */
export class SteeredMarker extends Marker {
  /** Whether the content is declared lost; asked at each look. */
  says: () => boolean = () => false;

  constructor() {
    super("https://marker.invalid/", () => {});
  }

  override async declared(): Promise<boolean> {
    return this.says();
  }
}

/** Keeps the log quiet while a suite runs. */
export function useQuietLog(): void {
  const { level } = log;
  before(() => {
    log.level = "silent";
  });
  after(() => {
    log.level = level;
  });
}
