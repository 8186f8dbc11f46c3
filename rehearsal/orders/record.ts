/** The two places that may serve. */
export type Site = "primary" | "standby";

/** One request of the client, and what came of it. Times are milliseconds on the record's clock. */
export interface Try {
  asked: "order" | "health" | "rows";
  /** The order's idempotency key; empty for what is only read. */
  key: string;
  /** Where DNS sent it; empty when DNS did not answer. */
  host: string;
  sentAt: number;
  endedAt: number;
  /** 0 when there was no answer. */
  status: number;
  /** Why it is not well; empty when it is. */
  error: string;
  /** Whether the answer was the right one: of an order, that it is kept. */
  well: boolean;
}

/** One object of the publisher, and what came of it. Times are milliseconds on the record's clock. */
export interface Put {
  key: string;
  sha256: string;
  bytes: number;
  /** Empty when DNS did not answer. */
  host: string;
  sentAt: number;
  endedAt: number;
  error: string;
  well: boolean;
}

/** What the users of a scenario did and saw; everything that is measured afterwards is read from it. */
export class OrderRecord {
  readonly tries: Try[] = [];
  readonly puts: Put[] = [];
  /** Time of the record. */
  readonly now: () => number;
  #confirmed = 0;

  /** @param now a monotonic clock, in milliseconds; a timeline's, so that both have the same start */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** Orders that were said to be kept so far. */
  get confirmed(): number {
    return this.#confirmed;
  }

  tried(each: Try): void {
    this.tries.push(each);
    if (each.asked === "order" && each.well) this.#confirmed += 1;
  }

  put(each: Put): void {
    this.puts.push(each);
  }
}
