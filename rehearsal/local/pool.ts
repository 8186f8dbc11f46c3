import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { strangers } from "./strangers.ts";

/** How often the pool looks whether a probe is due, in milliseconds. */
const TICK = 100;

/** A server that requests may go to. */
export interface Target {
  /** What its cloud calls it. @example "i-0123456789abcdef0" */
  id: string;
  host: string;
  port: number;
}

/** How a balancer finds out whether a target is well. */
export interface Probe {
  scheme: "http" | "https" | "tcp";
  /** What is asked for; not for `tcp`. */
  path: string;
  /** From one look at a target to the next, in milliseconds. */
  interval: number;
  /** How long an answer may take, in milliseconds. */
  timeout: number;
  /** Looks in a row that make an unhealthy target healthy; for a new one the first decides. */
  healthyAfter: number;
  /** Looks in a row that make a healthy target unhealthy. */
  unhealthyAfter: number;
  /** Whether an answer with this status is a good one. */
  accepts(status: number): boolean;
}

export interface PoolOptions {
  probe: Probe;
  /** Whether unhealthy targets are used where no other is left, as an ALB does; otherwise none is. */
  failOpen: boolean;
}

/** What the probes said of a target. */
interface Watched {
  target: Target;
  state: "initial" | "healthy" | "unhealthy";
  /** Looks in a row that contradict the state. */
  against: number;
  due: number;
  busy: boolean;
}

/** Servers behind a balancer: probed one by one, and taken in turn. */
export class Pool implements Disposable {
  #options: PoolOptions;
  /** Whoever brings targets, and how to ask for them: fleets change on their own. */
  readonly #sources = new Map<unknown, () => readonly Target[]>();
  readonly #records = new Map<string, Watched>();
  readonly #timer: NodeJS.Timeout;
  #turn = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), TICK);
    this.#timer.unref();
  }

  /** Changes how the pool probes; what is known of its targets stays. */
  configure(options: PoolOptions): void {
    this.#options = options;
  }

  /** Takes the targets of a source in, which is asked again at every look. */
  register(source: unknown, targets: () => readonly Target[]): void {
    this.#sources.set(source, targets);
    this.#tick();
  }

  deregister(source: unknown): void {
    this.#sources.delete(source);
    this.#tick();
  }

  /** Health of the targets by id. */
  health(): Map<string, Watched["state"]> {
    return new Map([...this.#records].map(([id, { state }]) => [id, state]));
  }

  /** The target whose turn it is; undefined when there is none to send to. */
  next(): Target | undefined {
    this.#sync();
    const records = [...this.#records.values()];
    const healthy = records.filter(({ state }) => state === "healthy");
    const usable = healthy.length > 0 || !this.#options.failOpen ? healthy : records;
    this.#turn += 1;
    return usable[this.#turn % usable.length]?.target;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#records.clear();
    this.#sources.clear();
  }

  #tick(): void {
    this.#sync();
    for (const record of this.#records.values()) {
      if (!record.busy && performance.now() >= record.due) this.#look(record);
    }
  }

  /** Takes in who has come, and drops who has gone. */
  #sync(): void {
    const targets = [...this.#sources.values()].flatMap((source) => source());
    for (const id of this.#records.keys()) {
      if (!targets.some((target) => target.id === id)) this.#records.delete(id);
    }
    for (const target of targets) {
      const known = this.#records.get(target.id);
      if (known) known.target = target;
      else this.#records.set(target.id, { target, state: "initial", against: 0, due: 0, busy: false });
    }
  }

  async #look(record: Watched): Promise<void> {
    record.busy = true;
    record.due = performance.now() + this.#options.probe.interval;
    const well = await isWell(record.target, this.#options.probe);
    record.busy = false;
    if (record.state === (well ? "healthy" : "unhealthy")) {
      record.against = 0;
      return;
    }
    record.against += 1;
    const { healthyAfter, unhealthyAfter } = this.#options.probe;
    const enough = record.state === "initial" ? 1 : well ? healthyAfter : unhealthyAfter;
    if (record.against < enough) return;
    record.state = well ? "healthy" : "unhealthy";
    record.against = 0;
  }
}

function isWell({ host, port }: Target, { scheme, path, timeout, accepts }: Probe): Promise<boolean> {
  const signal = AbortSignal.timeout(timeout);
  return new Promise((resolve) => {
    // Listened to for good: what took too long may be refused after that, too.
    const no = () => resolve(false);
    if (scheme === "tcp") {
      const socket = connect({ host, port, signal })
        .on("error", no)
        .once("connect", () => {
          socket.destroy();
          resolve(true);
        });
      return;
    }
    const secure = scheme === "https";
    const request = secure ? httpsRequest : httpRequest;
    // Balancers don't check whom the certificate of a target names ("Target groups for your ALB", Azure's probes).
    const options = {
      host,
      port,
      path,
      signal,
      rejectUnauthorized: false,
      agent: secure ? strangers() : false,
    } as const;
    request(options, (response) => {
      response.resume();
      response.on("error", no);
      resolve(accepts(response.statusCode ?? 0));
    })
      .on("error", no)
      .end();
  });
}
