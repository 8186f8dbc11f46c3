import { setTimeout as delay } from "node:timers/promises";
import {
  GetHealthCheckStatusCommand,
  type HealthCheck,
  ListHealthChecksCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import * as pulumi from "@pulumi/pulumi";

/** Waits until a health check says what it found, and not what it was born with. @returns its id */
export type Settle = (id: string) => Promise<string>;

/** Milliseconds between two questions, and how long to go on asking. */
const EVERY = 2000;
const LIMIT = 3 * 60_000;

/** Looks that each checker must have taken: no check here needs more to change its mind (checksFor). */
const LOOKS = 3;

/**
 * Makes the wait of one run. Until its first looks, Route 53 takes a check for healthy, and an inverted one for
 * unhealthy ("How Amazon Route 53 determines whether a health check is healthy"): a record that had it so early
 * would move users.
 *
 * A check that a standing calculated check counts was waited for before. It is not asked about, so that a later run
 * depends on no checker.
 *
 * @param route53 with the machine's own credentials where none is given
 * @param wait how to pass some milliseconds
 */
export function settling(
  route53: Pick<Route53Client, "send"> = new Route53Client({ region: "us-east-1" }),
  wait: (milliseconds: number) => Promise<unknown> = delay,
): Settle {
  let counted: Promise<Set<string>> | undefined;

  return async (id) => {
    // A preview must ask nobody: what it is about may not be there, nor the right to ask.
    if (pulumi.runtime.isDryRun()) return id;
    counted ??= countedChecks(route53);
    if ((await counted).has(id)) return id;
    const looks = new Looks();
    for (let waited = 0; ; waited += EVERY) {
      const { HealthCheckObservations: seen = [] } = await route53.send(
        new GetHealthCheckStatusCommand({ HealthCheckId: id }),
      );
      for (const { Region, IPAddress, StatusReport } of seen)
        looks.note(`${Region} ${IPAddress}`, StatusReport?.CheckedTime);
      if (looks.enough) return id;
      if (waited >= LIMIT) throw new pulumi.RunError(notSettled(id, looks));
      await wait(EVERY);
    }
  };
}

/** The moments at which each checker was seen to have looked. */
class Looks {
  readonly #moments = new Map<string, Set<number>>();

  note(checker: string, time: Date | undefined): void {
    const moments = this.#moments.get(checker) ?? new Set();
    this.#moments.set(checker, time ? moments.add(time.getTime()) : moments);
  }

  get checkers(): number {
    return this.#moments.size;
  }

  get ready(): number {
    return [...this.#moments.values()].filter(({ size }) => size >= LOOKS).length;
  }

  get enough(): boolean {
    return this.checkers > 0 && this.ready === this.checkers;
  }
}

/** Checks that some calculated check counts. */
async function countedChecks(route53: Pick<Route53Client, "send">): Promise<Set<string>> {
  const counted = new Set<string>();
  let Marker: string | undefined;
  do {
    const page = await route53.send(new ListHealthChecksCommand({ Marker }));
    for (const child of (page.HealthChecks ?? []).flatMap(childrenOf)) counted.add(child);
    Marker = page.IsTruncated ? page.NextMarker : undefined;
  } while (Marker);
  return counted;
}

function childrenOf({ HealthCheckConfig }: HealthCheck): string[] {
  return HealthCheckConfig?.ChildHealthChecks ?? [];
}

function notSettled(id: string, { ready, checkers }: Looks): string {
  return (
    `health check ${id}: expected ${LOOKS} looks of each of Route 53's checkers within ${LIMIT / 60_000} minutes, ` +
    `found them of ${ready} of ${checkers} checkers. No record depends on this check yet, so nobody was moved: ` +
    "run `pulumi up` on this stack again"
  );
}
