import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { type DecodedPacket, decode, encode, RECURSION_DESIRED, type SoaAnswer } from "dns-packet";
import { plainName } from "../aws/actuators/records.ts";
import type { Clock } from "../local/clock.ts";
import type { Address } from "../local/names.ts";
import { CODE_BITS, CODES, reasonIn } from "./wire.ts";

/** How a system's resolver asks: so many times, and so long each time, in milliseconds (resolv.conf(5)). */
const ATTEMPTS = 2;
const TIMEOUT = 5_000;

/** However fast the clock goes, this machine itself is no faster. */
const LEAST = 500;

/** Where a name leads. */
export interface Resolved {
  /** The host at the end of the name's CNAMEs. @example "standby-abc.azurefd.net" */
  target: string;
  /** As it is on the wire, in seconds of users: the shortest on the way. */
  ttl: number;
}

/** A name that leads nowhere, or that nobody could be asked for. */
export class ResolveError extends Error {
  /** The codes of node:dns. */
  readonly code: "ENOTFOUND" | "ENODATA" | "ESERVFAIL" | "ETIMEOUT";

  constructor(code: ResolveError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** What is kept of an answer, a negative one too. */
interface Kept {
  outcome: Resolved | ResolveError;
  /** Until when, by the monotonic clock. */
  until: number;
}

/**
 * What a client has to resolve names: asks over UDP, keeps each answer for its time to live and no longer, and asks
 * nobody while it keeps one. Times to live are divided by the clock's speed here, so that they may be shorter than
 * the wire's whole seconds.
 */
export class Resolver {
  readonly #server: Address;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();
  readonly #asking = new Map<string, Promise<Resolved>>();

  constructor(server: Address, clock: Clock) {
    this.#server = server;
    this.#clock = clock;
  }

  /** @throws ResolveError */
  async resolve(name: string): Promise<Resolved> {
    const key = plainName(name);
    const kept = this.#kept.get(key);
    if (kept && performance.now() < kept.until) {
      if (kept.outcome instanceof ResolveError) throw kept.outcome;
      return kept.outcome;
    }
    const asking = this.#asking.get(key) ?? this.#ask(key).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #ask(name: string): Promise<Resolved> {
    // The answer is as old as the question: it may have been chosen the moment it was asked.
    const asked = performance.now();
    const reply = await this.#exchange(name);
    const { outcome, ttl } = read(name, reply);
    this.#kept.set(name, { outcome, until: asked + this.#clock.scaled(ttl * 1000) });
    if (outcome instanceof ResolveError) throw outcome;
    return outcome;
  }

  async #exchange(name: string): Promise<DecodedPacket> {
    const problems: string[] = [];
    while (problems.length < ATTEMPTS) {
      try {
        return await this.#exchangeOnce(name);
      } catch (error) {
        problems.push((error as Error).message);
      }
    }
    const { host, port } = this.#server;
    const found = [...new Set(problems)].join("; ");
    throw new ResolveError("ETIMEOUT", `no answer for ${name} from ${host}:${port} in ${ATTEMPTS} attempts: ${found}`);
  }

  #exchangeOnce(name: string): Promise<DecodedPacket> {
    const { host, port } = this.#server;
    const id = randomInt(0x10000);
    const patience = Math.max(this.#clock.scaled(TIMEOUT), LEAST);
    return new Promise<DecodedPacket>((resolve, reject) => {
      // A socket, and so a port, of its own for each question; connected, it hears of a server that is gone.
      const socket = createSocket("udp4");
      const limit = setTimeout(() => end(() => reject(new Error(`nothing came in ${patience} ms`))), patience);
      const end = (settle: () => void) => {
        clearTimeout(limit);
        socket.removeAllListeners().on("error", () => {});
        socket.close();
        settle();
      };
      socket.on("error", (error) => end(() => reject(error)));
      socket.on("message", (packet) => {
        const reply = decoded(packet);
        // What answers another question, or is no packet, is not waited for; the right one may still come.
        if (reply?.id === id && reply.type === "response") end(() => resolve(reply));
      });
      socket.connect(port, host, () => {
        const questions = [{ type: "A", name, class: "IN" } as const];
        socket.send(encode({ type: "query", id, flags: RECURSION_DESIRED, questions }));
      });
    });
  }
}

function decoded(packet: Buffer): DecodedPacket | undefined {
  try {
    return decode(packet);
  } catch {
    return undefined;
  }
}

/** What a reply says, and for how many seconds it may be kept. */
function read(name: string, reply: DecodedPacket): { outcome: Resolved | ResolveError; ttl: number } {
  const { answers = [], authorities = [], flags = 0 } = reply;
  const code = flags & CODE_BITS;
  const soa = authorities.find((each): each is SoaAnswer => each.type === "SOA");
  // For how long nothing may be taken for granted (RFC 2308, 5); a failure is not kept at all.
  const nothing = Math.min(soa?.ttl ?? 0, soa?.data.minimum ?? 0);
  if (code === CODES.NXDOMAIN) {
    return { outcome: new ResolveError("ENOTFOUND", `there is no ${name} (NXDOMAIN)`), ttl: nothing };
  }
  if (code !== CODES.NOERROR) {
    const said = Object.entries(CODES).find(([, value]) => value === code)?.[0] ?? code;
    const why = reasonIn(reply) ?? "no reason";
    const message = `the server did not answer for ${name}: it said ${said}, and ${why}`;
    return { outcome: new ResolveError("ESERVFAIL", message), ttl: 0 };
  }
  let target = name;
  let ttl = Number.POSITIVE_INFINITY;
  for (const answer of answers) {
    if (answer.type !== "CNAME" || plainName(answer.name) !== target) continue;
    target = plainName(answer.data);
    ttl = Math.min(ttl, answer.ttl ?? 0);
  }
  if (target === name) {
    const found = answers.length > 0 ? `${answers[0]?.type} record` : "no record";
    return { outcome: new ResolveError("ENODATA", `expected a CNAME at ${name}, found ${found}`), ttl: nothing };
  }
  return { outcome: { target, ttl }, ttl };
}
