import { setTimeout as delay } from "node:timers/promises";
import type { Clock } from "../local/clock.ts";
import { SERVICE_TIMES, type ServiceTimeName } from "./service-times.ts";

/** How long the operations of a local Azure take: as long as Azure's, by the run's clock; without a clock no time. */
export class Pace {
  readonly #clock: Clock | undefined;
  /** Whether everything goes at once, as while one sets up what is not to be measured. */
  isSkipped = false;

  constructor(clock?: Clock) {
    this.#clock = clock;
  }

  /** Waits as long as an operation takes. @param signal ends the wait early, without an error */
  async take(operation: ServiceTimeName, signal?: AbortSignal): Promise<void> {
    if (!this.#clock || this.isSkipped) return;
    await delay(this.#clock.scaled(SERVICE_TIMES[operation].seconds * 1000), undefined, { signal }).catch((error) => {
      if (!signal?.aborted) throw error;
    });
  }
}
