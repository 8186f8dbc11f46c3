import type { Asked, Fault } from "./faulty-proxy.ts";
import type { Random } from "./random.ts";

export type Service = "s3" | "blobs";

/** The share of requests with which something goes wrong. */
const SHARE = 0.04;

const REFUSALS = {
  s3: [
    { status: 500, code: "InternalError" },
    { status: 503, code: "SlowDown" },
  ],
  blobs: [
    { status: 429, code: "TooManyRequests" },
    { status: 500, code: "OperationTimedOut" },
    { status: 503, code: "ServerBusy" },
  ],
};

/** What only writes are answered with, because another one was faster. */
const OVERTAKEN = {
  s3: [
    { status: 412, code: "PreconditionFailed" },
    { status: 409, code: "ConditionalRequestConflict" },
  ],
  blobs: [{ status: 412, code: "ConditionNotMet" }],
};

const MOMENTS = ["before", "within", "after", "answering"] as const;

/**
 * What goes wrong with a request to one of both services; mostly nothing.
 *
 * @param deaths how often whoever asked dies of it, where the connection is cut: 0 to 1
 */
export function faultOf(random: Random, service: Service, asked: Asked, deaths = 0): Fault | undefined {
  if (!random.chance(SHARE)) return undefined;
  const refusals = [...REFUSALS[service], ...(asked.method === "PUT" ? OVERTAKEN[service] : [])];
  const milliseconds = random.below(300);
  const dies = random.chance(deaths);
  const cut = { kind: "cut", when: random.pick(MOMENTS), dies } as const;
  const readsObject = service === "s3" && asked.method === "GET" && !/[?&](tagging|list-type)/.test(asked.path);
  return random.pick<Fault>([
    { kind: "refused", ...random.pick(refusals) },
    cut,
    cut,
    { kind: "late", milliseconds, dies },
    readsObject ? { kind: "damaged" } : { kind: "slow", milliseconds },
  ]);
}
