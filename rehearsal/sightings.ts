import { setTimeout as delay } from "node:timers/promises";
import type { Timeline, Who } from "./timeline.ts";

/** From one look to the next, in milliseconds. */
const LOOK = 500;

/** Something that is looked at for as long as a scenario is played. */
export interface Watched {
  /** Whose doing it is. */
  who: Who;
  /** @returns what is to be told of it now; empty when there is nothing to tell. What can't be seen just now may throw. */
  look(): Promise<string>;
}

/** Looks at what nobody tells of by itself, and tells on the timeline when it has become another. */
export class Sightings implements AsyncDisposable {
  readonly #timeline: Timeline;
  readonly #ended = new AbortController();
  readonly #looking: Promise<void>[];

  constructor(timeline: Timeline, watched: readonly Watched[]) {
    this.#timeline = timeline;
    this.#looking = watched.map((each) => this.#watch(each));
  }

  async #watch({ who, look }: Watched): Promise<void> {
    const { signal } = this.#ended;
    // What is so from the beginning is no news.
    let told = await look().catch(() => "");
    while (!signal.aborted) {
      await delay(LOOK, undefined, { signal }).catch(() => {});
      const found = await look().catch(() => told);
      if (signal.aborted || found === told) continue;
      told = found;
      if (found !== "") this.#timeline.tell(who, found);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await Promise.all(this.#looking);
  }
}
