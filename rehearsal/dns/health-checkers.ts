import { setTimeout as delay } from "node:timers/promises";
import type { HealthCheckObservation, HealthCheckRegion } from "@aws-sdk/client-route-53";
import type { Clock } from "../local/clock.ts";
import type { Names } from "../local/names.ts";
import { after, type Check, NEW, type Opinion } from "./health.ts";
import { probe, type Result } from "./probe.ts";

/** Where a check's checkers are, as the status shows them: a handful instead of the real one's dozens. */
const PLACES: readonly { Region: HealthCheckRegion; IPAddress: string }[] = [
  { Region: "eu-west-1", IPAddress: "192.0.2.11" },
  { Region: "us-east-1", IPAddress: "192.0.2.22" },
  { Region: "ap-southeast-1", IPAddress: "192.0.2.33" },
];

/** What is looked at from elsewhere, or not modelled: nobody sends requests for it. */
const WITHOUT_CHECKERS: readonly (string | undefined)[] = ["CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL"];

/** One of a check's checkers. */
interface Checker {
  opinion: Opinion;
  last: { result: Result; time: Date } | undefined;
}

interface Watched {
  check: Check;
  checkers: Checker[];
  stop: AbortController;
}

/** Route 53's health checkers: they send real requests for every check that there is, each on its own. */
export class HealthCheckers implements Disposable {
  readonly #names: Names;
  readonly #clock: Clock;
  readonly #onResult: () => void;
  readonly #watched = new Map<string, Watched>();

  /** @param onResult called after each look at an endpoint */
  constructor({ names, clock, onResult }: { names: Names; clock: Clock; onResult(): void }) {
    this.#names = names;
    this.#clock = clock;
    this.#onResult = onResult;
  }

  /** Takes in which checks there are now; what is known of one stays while it is there. */
  update(checks: readonly Check[]): void {
    const watched = checks.filter(({ config }) => !WITHOUT_CHECKERS.includes(config.Type));
    for (const id of this.#watched.keys()) {
      if (!watched.some((check) => check.id === id)) this.#end(id);
    }
    for (const check of watched) {
      const known = this.#watched.get(check.id);
      if (known) known.check = check;
      else this.#begin(check);
    }
  }

  /** What each checker of a check thinks; nothing where it has none. */
  opinionsOf(id: string): Opinion[] {
    return this.#watched.get(id)?.checkers.map(({ opinion }) => opinion) ?? [];
  }

  /** What each checker saw last, of those that have looked (GetHealthCheckStatus). */
  statusOf(id: string): HealthCheckObservation[] {
    const { checkers = [] } = this.#watched.get(id) ?? {};
    return checkers.flatMap(({ last }, index) =>
      last ? [{ ...PLACES[index], StatusReport: { Status: last.result.status, CheckedTime: last.time } }] : [],
    );
  }

  [Symbol.dispose](): void {
    for (const id of [...this.#watched.keys()]) this.#end(id);
  }

  #begin(check: Check): void {
    const checkers = PLACES.map((): Checker => ({ opinion: NEW, last: undefined }));
    const watched: Watched = { check, checkers, stop: new AbortController() };
    this.#watched.set(check.id, watched);
    for (const [index, checker] of checkers.entries()) this.#look(watched, checker, index / checkers.length);
  }

  #end(id: string): void {
    this.#watched.get(id)?.stop.abort();
    this.#watched.delete(id);
  }

  /** @param share of the interval before the first look: checkers don't look all at once */
  async #look(watched: Watched, checker: Checker, share: number): Promise<void> {
    const { signal } = watched.stop;
    const surroundings = { names: this.#names, clock: this.#clock, signal };
    await this.#pause(watched, share);
    while (!signal.aborted) {
      const { config } = watched.check;
      if (config.Disabled !== true) {
        const result = await probe(config, surroundings);
        if (signal.aborted) return;
        checker.opinion = after(checker.opinion, result.passed, config);
        checker.last = { result, time: new Date() };
        this.#onResult();
      }
      // From the answer to the next request, as Route 53 counts its interval (HealthCheckConfig, RequestInterval).
      await this.#pause(watched, 1);
    }
  }

  async #pause({ check, stop }: Watched, share: number): Promise<void> {
    const { RequestInterval = 30 } = check.config;
    const { signal } = stop;
    await delay(share * this.#clock.scaled(RequestInterval * 1000), undefined, { signal, ref: false }).catch(() => {});
  }
}
