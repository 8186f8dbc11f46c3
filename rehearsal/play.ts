import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import pLimit from "p-limit";
import type { Journal } from "../operations/runbook/journal.ts";
import { underWay } from "../operations/status/under-way.ts";
import type { Waited } from "./critical-path.ts";
import type { Deployment } from "./deployment.ts";
import type { Clock } from "./local/clock.ts";
import { Operator } from "./operator.ts";
import { OrderClient } from "./orders/client.ts";
import { type Measured, type Moments, measure } from "./orders/measure.ts";
import { Publisher } from "./orders/publisher.ts";
import { OrderRecord, type Site } from "./orders/record.ts";
import { readRows } from "./orders/rows.ts";
import type { Assertion } from "./scenario-report.ts";
import { TTL } from "./scenarios/scenario.ts";
import { Sightings } from "./sightings.ts";
import { Timeline } from "./timeline.ts";
import type { Report } from "./tools/run.ts";
import { watchedOf } from "./watched.ts";

/** The controller's one function, and how often it runs by itself. */
const CONTROLLER = "standby-controller";
const CONTROLLER_EVERY = 60_000;

/** What users are like. */
export interface Users {
  /** Orders in a second, each a row. @default 5 */
  orders?: number;
  /** Objects in a second. @default 2 */
  objects?: number;
}

/** Which site is read at the end, if one is, and what recovery is counted by. */
export interface Looked {
  rows?: Site;
  objects?: Site;
  /** @default "orders" */
  recoveredBy?: "orders" | "objects";
  /** By whose host. @default "standby" */
  recoveredAt?: Site;
}

/** Longest pause between two confirmed orders in which a site still counts as serving, in milliseconds. */
const TOLERANCE = 2000;

/** Objects that are read at once, when what is there is compared. */
const READERS = 8;

/** From one look to the next, in milliseconds. */
const LOOK = 200;

/** A scenario as it is played: both sites as they are deployed, their users, their operator, and what is told of it. */
export class Play implements AsyncDisposable {
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly timeline = new Timeline();
  readonly operator: Operator;
  readonly record = new OrderRecord(this.timeline.now);
  readonly assertions: Assertion[] = [];
  readonly moments: Moments = {};
  readonly strategy: string;
  /** Journal of the declaration that recovery is measured by. */
  declared: Journal | undefined;
  /** Whether the standby's app is met at its load balancer. */
  isPastEdge = false;
  /** What was measured last. */
  measured: Measured | undefined;
  readonly signal: AbortSignal;
  #client: OrderClient | undefined;
  #publisher: Publisher | undefined;
  #window = { from: 0, to: 0 };
  readonly #ends: (() => unknown)[] = [];
  readonly #users: Users;
  readonly #sightings: Sightings;

  constructor(deployment: Deployment, clock: Clock, users: Users = {}) {
    this.#users = users;
    this.deployment = deployment;
    this.clock = clock;
    this.signal = deployment.signal;
    this.strategy = deployment.output("dr", "strategy");
    this.operator = new Operator(deployment.stage, this.timeline, this.signal);
    this.#hear();
    this.#sightings = new Sightings(this.timeline, watchedOf(deployment));
  }

  get clouds() {
    return this.deployment.stage.clouds;
  }

  /** Notes something that has to be so; a scenario goes on, so that all of them are told. */
  expect(what: string, ok: boolean, found: string): void {
    this.assertions.push({ what, ok, found });
  }

  /** The moments that users' wait is made of; undefined where nobody waited, or the standby never served. */
  get waited(): Waited | undefined {
    const { declaredAt } = this.moments;
    const { servedAt } = this.measured?.recovery ?? {};
    if (declaredAt === undefined || servedAt === undefined) return undefined;
    const name = `${this.deployment.output("dr", "workload")}-app`;
    const { events } = this.timeline.told();
    // Of a disaster that leaves the app where it is, DNS moves something else, or nothing.
    const isMoved = events.some(({ at, what }) => at >= declaredAt && what === `${name}-primary is unhealthy`);
    return isMoved ? { events, name, declaredAt, servedAt, ttlSeconds: TTL } : undefined;
  }

  /** Lets users come, who stay until {@link usersLeave}. */
  usersCome(): void {
    const { orders = 5, objects = 2 } = this.#users;
    const { clouds, record, deployment } = this;
    const dns = clouds.dns.resolver();
    const resolver = { resolve: async (name: string) => (await dns.resolve(name)).target };
    const appName = deployment.output("dr", "appName");
    const healthPath = deployment.output("dr", "healthPath");
    this.#client = new OrderClient({ appName, healthPath, resolver, fetch: clouds.fetch, record, rate: orders });
    this.#publisher = new Publisher({
      contentName: deployment.output("dr", "contentName"),
      ...{ resolver, record, rate: objects },
      siteOf: (host) => this.siteOf(host),
      writers: {
        primary: async (Key, Body) => {
          const { s3, bucket } = deployment.content();
          await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
        },
        standby: async (key, body) => {
          await deployment.publishing().getBlockBlobClient(key).upload(body, body.length);
        },
      },
    });
    this.#window = { from: this.timeline.now(), to: 0 };
    this.timeline.tell("users", `come: ${orders} orders and ${objects} objects in a second`);
    this.#client.start();
    this.#publisher.start();
  }

  /** They begin nothing new; what is open is tried for a while yet. */
  async usersLeave(): Promise<void> {
    await Promise.all([this.#publisher?.stop(), this.#client?.stop(this.clock.scaled(10_000) + 5000)]);
    this.#window.to = this.timeline.now();
    this.timeline.tell("users", "leave");
  }

  /** Lets time pass, as long as it is for users. @param seconds */
  pass(seconds: number): Promise<void> {
    return delay(this.clock.scaled(seconds * 1000), undefined, { signal: this.signal });
  }

  /**
   * Waits until a site confirms an order that came to it by DNS.
   *
   * @param patience in seconds of this machine
   * @throws Error when none does in time
   */
  async untilServedBy(site: Site, report: Report, patience = 600): Promise<number> {
    const since = this.timeline.now();
    return this.until(`an order confirmed by the ${site}`, report, patience, () => {
      const found = this.record.tries.findLast(
        ({ asked, well, host }) => asked === "order" && well && this.siteOf(host) === site,
      );
      return found && found.endedAt >= since ? found.endedAt : undefined;
    });
  }

  /** Waits until a site takes an object that came to it by DNS. @throws Error when none does in time */
  async untilPublishedAt(site: Site, report: Report, patience = 600): Promise<void> {
    const since = this.timeline.now();
    await this.until(`an object taken by the ${site}`, report, patience, () =>
      this.record.puts.findLast(({ well, host, endedAt }) => well && endedAt >= since && this.siteOf(host) === site),
    );
  }

  /** Waits until a command that was killed keeps nobody away any more. */
  async untilLeaseEnds(report: Report): Promise<void> {
    const container = this.deployment.controlContainer();
    await this.until("that nobody is at work", report, 120, async () =>
      (await underWay(container, this.signal)) ? undefined : true,
    );
  }

  /** Waits until something is found. @param patience in seconds of this machine @throws Error when it is not in time */
  async until<T>(
    what: string,
    report: Report,
    patience: number,
    look: () => T | undefined | Promise<T | undefined>,
  ): Promise<T> {
    const started = performance.now();
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (performance.now() - started > patience * 1000)
        throw new Error(`expected ${what} within ${patience} s, found none`);
      report(`waiting for ${what}`);
      await delay(LOOK, undefined, { signal: this.signal });
    }
  }

  /** Waits until a site's own host says that it is well. */
  async untilWell(site: Site, report: Report): Promise<void> {
    const at = this.host(site, "appHost");
    const url = `https://${this.deployment.output("dr", "appName")}${this.deployment.output("dr", "healthPath")}`;
    await this.until(`a ${site} that is well`, report, 120, async () => {
      const answer = await this.clouds.fetch(url, { at, signal: this.signal }).catch(() => undefined);
      return answer?.status === 200 ? true : undefined;
    });
  }

  /** Which site a host belongs to. */
  siteOf(host: string): Site | undefined {
    for (const [site, stack] of [
      ["primary", "prod"],
      ["standby", "dr"],
    ] as const) {
      const hosts = ["appHost", "contentHost", "bypassHost"].map((name) =>
        this.deployment.output(stack, name).toLowerCase(),
      );
      if (hosts.includes(host)) return site;
    }
    return undefined;
  }

  /** What the users measured, compared with what sites hold now. */
  async measure({ rows: rowsAt, objects: objectsAt, recoveredBy, recoveredAt }: Looked): Promise<Measured> {
    // What is confirmed while a site is being read may not be among what is read.
    const record = { tries: [...this.record.tries], puts: [...this.record.puts] };
    const to = this.#window.to || this.timeline.now();
    const appName = this.deployment.output("dr", "appName");
    const rows = rowsAt && (await readRows(this.clouds.fetch, appName, this.host(rowsAt, "appHost"), this.signal));
    const objects = objectsAt && (await this.#objectsAt(objectsAt));
    const measured = measure(record, {
      moments: this.moments,
      siteOf: (host) => this.siteOf(host),
      window: { from: this.#window.from, to },
      tolerance: TOLERANCE,
      ...{ recoveredBy, recoveredAt },
      found: { ...(rows && { rows }), ...(objects && { objects }) },
    });
    this.measured = measured;
    return measured;
  }

  /** A host of a site, as DNS would give it. */
  host(site: Site, output: "appHost" | "contentHost"): string {
    if (site === "standby" && output === "appHost" && this.isPastEdge)
      return this.deployment.output("dr", "bypassHost");
    return this.deployment.output(site === "primary" ? "prod" : "dr", output);
  }

  /** The published objects that a site has. */
  async #objectsAt(site: Site): Promise<{ key: string; sha256: string }[]> {
    const host = this.host(site, "contentHost");
    const name = this.deployment.output("dr", "contentName");
    const keys = [...new Set(this.record.puts.map((put) => put.key))];
    const asked = pLimit(READERS).map(keys, async (key) => {
      const answer = await this.clouds.fetch(`https://${name}/${key}`, { at: host, signal: this.signal });
      const body = Buffer.from(await answer.arrayBuffer());
      return answer.status === 200 ? [{ key, sha256: createHash("sha256").update(body).digest("hex") }] : [];
    });
    return (await asked).flat();
  }

  /** Tells what DNS and the controller do, and has the controller run as often as users would have it. */
  #hear(): void {
    const onChange = ({ name, healthy }: { name: string; healthy: boolean }) => {
      this.timeline.tell("dns", `${name} is ${healthy ? "healthy" : "unhealthy"}`);
    };
    this.clouds.dns.events.on("change", onChange);
    this.#ends.push(() => this.clouds.dns.events.off("change", onChange));
    if (this.clock.speed === 1) return;
    const wake = async () => {
      try {
        await this.clouds.azure.functionApp(this.deployment.output("dr", "controllerName")).wake(CONTROLLER);
      } catch {
        // Where it does not run just now, it will by itself.
      }
    };
    const timer = setInterval(() => void wake(), this.clock.scaled(CONTROLLER_EVERY));
    this.#ends.push(() => clearInterval(timer));
  }

  /** Does something at the scenario's end, however it ends. */
  atEnd(act: () => unknown): void {
    this.#ends.push(act);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#ends.map((end) => end()));
    await this.#sightings[Symbol.asyncDispose]();
    await Promise.all([this.#publisher?.stop(), this.#client?.stop()]);
  }
}
