import { EventEmitter } from "node:events";
import type { HealthCheckObservation, Route53Client } from "@aws-sdk/client-route-53";
import { plainName } from "../aws/actuators/records.ts";
import type { Clock } from "../local/clock.ts";
import type { Names } from "../local/names.ts";
import { healthOf } from "./health.ts";
import { HealthCheckers } from "./health-checkers.ts";
import { type Answer, answer, type Health, isWithin, type Query } from "./route53.ts";
import { type Copy, copyOf, type NamedCheck, NOTHING } from "./zones.ts";

/**
 * From one copy to the next, in milliseconds. Route 53's own changes take up to 60 s to be everywhere (GetChange);
 * nothing that is measured waits for one, so the rehearsal does not either.
 */
const PERIOD = 1_000;

export interface DataPlaneOptions {
  /** The control plane; asked for anew each time, so it may come and go. */
  route53(): Route53Client;
  /** Hosts that the clouds gave out: the checkers find endpoints by them. */
  names: Names;
  clock: Clock;
}

/** A health check as it is now. */
export interface CheckHealth extends NamedCheck {
  healthy: boolean;
}

/** A health check that became healthy, or ceased to be. */
export interface HealthChange {
  id: string;
  name: string;
  healthy: boolean;
  at: Date;
}

/**
 * Route 53's data plane: answers from its copy of zones and health checks, which it renews for as long as the
 * control plane answers. When that is dead it goes on with what it last knew, and so do its health checkers.
 */
export class DataPlane implements Disposable {
  /** Tells of every change of a check's health; a check that is new is none. */
  readonly events = new EventEmitter<{ change: [HealthChange] }>();
  readonly #options: DataPlaneOptions;
  readonly #checkers: HealthCheckers;
  #copy: Copy = NOTHING;
  #health: Health = new Map();
  #last: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: DataPlaneOptions) {
    this.#options = options;
    this.#checkers = new HealthCheckers({ ...options, onResult: () => this.#judge() });
    this.#renew();
  }

  /** Copies once more, after whatever copying is under way. @throws what the control plane answers, or that it does not */
  sync(): Promise<void> {
    this.#last = this.#last.catch(() => {}).then(() => this.#renewOnce());
    return this.#last;
  }

  /** All health checks by id. */
  health(): Map<string, CheckHealth> {
    const { checks } = this.#copy;
    return new Map(checks.map((check) => [check.id, { ...check, healthy: this.#health.get(check.id) === true }]));
  }

  /** What the checkers of a check saw last; none for one that has no checkers. */
  statusOf(id: string): HealthCheckObservation[] {
    return this.#checkers.statusOf(id);
  }

  /**
   * Answers as Route 53 would inside a VPC that has the private zones: by the zone that fits most of the name, and
   * of two with one name by the private one ("Considerations when working with a private hosted zone").
   *
   * @returns undefined for a name of no zone here
   */
  answer(query: Query): Answer | undefined {
    const name = plainName(query.name);
    const [zone] = this.#copy.zones
      .filter((each) => isWithin(name, each.name))
      .sort((one, other) => other.name.length - one.name.length || Number(other.isPrivate) - Number(one.isPrivate));
    return zone && answer(zone, query, this.#health, Math.random);
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#checkers[Symbol.dispose]();
    this.events.removeAllListeners();
  }

  async #renew(): Promise<void> {
    // A dead control plane is no fault here: that is what the copy is for.
    await this.sync().catch(() => {});
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.#renew(), PERIOD);
    this.#timer.unref();
  }

  async #renewOnce(): Promise<void> {
    const copy = await copyOf(this.#options.route53(), this.#copy);
    if (this.#closed) return;
    this.#copy = copy;
    this.#checkers.update(copy.checks);
    this.#judge();
  }

  /** Brings the health of all checks up to date, and tells of what changed. */
  #judge(): void {
    const former = this.#health;
    this.#health = healthOf(this.#copy.checks, (id) => this.#checkers.opinionsOf(id));
    // Endpoints first, as the health has them: a calculated check changes because one of them did.
    for (const [id, healthy] of this.#health) {
      if (!former.has(id) || former.get(id) === healthy) continue;
      const name = this.#copy.checks.find((check) => check.id === id)?.name ?? id;
      this.events.emit("change", { id, name, healthy, at: new Date() });
    }
  }
}
