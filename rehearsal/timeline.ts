/** Who did something, or had it happen to them; each has a lane of its own in the drawing. */
export const WHO = ["operator", "users", "aws", "azure", "dns", "vpn", "controller", "rehearsal"] as const;
export type Who = (typeof WHO)[number];

/** Something that happened. */
export interface Happening {
  /** Milliseconds since the start, on the machine's own clock. */
  at: number;
  who: Who;
  /** @example "declares a disaster of the site" */
  what: string;
}

/** Something that took a while. */
export interface Span {
  /** Milliseconds since the start, on the machine's own clock. */
  from: number;
  to: number;
  who: Who;
  /** @example "boots two servers" */
  what: string;
}

/** What happened in a scenario, in the order in which it was told, with one start for everything that is timed. */
export class Timeline {
  readonly events: Happening[] = [];
  readonly spans: Span[] = [];
  readonly #started = performance.now();

  /** Milliseconds since the start; a monotonic clock. */
  readonly now = (): number => performance.now() - this.#started;

  /** Tells what happens now. @returns when that is */
  tell(who: Who, what: string): number {
    const at = this.now();
    this.events.push({ at, who, what });
    return at;
  }

  /** Times a piece of work, also one that fails. */
  async during<T>(who: Who, what: string, work: () => Promise<T>): Promise<T> {
    const from = this.now();
    try {
      return await work();
    } finally {
      this.spans.push({ from, to: this.now(), who, what });
    }
  }

  /** Adds what was timed elsewhere on the same clock. @throws Error for a span that ends before it begins */
  add(span: Span): void {
    if (!(span.from <= span.to))
      throw new Error(`expected a span that ends after ${span.from} ms, found ${span.to} ms`);
    this.spans.push(span);
  }

  /** Everything in the order of time, as the report has it. */
  told(): { events: Happening[]; spans: Span[] } {
    return {
      events: this.events.toSorted((one, other) => one.at - other.at),
      spans: this.spans.toSorted((one, other) => one.from - other.from),
    };
  }
}
