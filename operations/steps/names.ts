import { type Disaster, type Switch, switchedBy } from "../../components/standby/disaster.ts";
import { untilAnswered } from "../names.ts";
import type { Operation } from "../operation.ts";
import { textIn } from "../outputs.ts";
import type { RunbookStep, StepWatch } from "../runbook/runbook.ts";
import { unlessMoved } from "./failback.ts";

type Step = RunbookStep<Operation>;

/** The public names, with the switch that moves each. The database's is private: only servers can ask for it. */
const PUBLIC: readonly { label: "app" | "content"; moves: Switch }[] = [
  { label: "app", moves: "site" },
  { label: "content", moves: "content" },
];

function namesOf(disaster: Disaster): ("app" | "content")[] {
  const switched = switchedBy(disaster);
  return PUBLIC.filter(({ moves }) => switched.includes(moves)).map(({ label }) => label);
}

/**
 * Sends the app's users to the standby's load balancer, past an edge that is down. A health check that looks elsewhere is a
 * new one, and is waited for before the record has it.
 */
export function passEdge(): Step {
  return {
    id: "pass-edge",
    title: "Lead the app's users past the edge",
    what: "Sets `bypassEdge` and runs `pulumi up` of stack `traffic`: the app's record of the standby is its load balancer itself. It needs Route 53's control plane.",
    byHand: ["`pulumi config set --stack traffic multicloud-dr:bypassEdge true`, then `pulumi up --stack traffic`"],
    limit: 900,
    async act(operation, watch) {
      await operation.set("traffic", { bypassEdge: "true" });
      return operation.up("traffic", watch);
    },
  };
}

/** Waits until the names lead to the standby. @param pastEdge whether the edge is down, and its content with it */
export function untilNamesMoved(disaster: Exclude<Disaster, "none">, pastEdge = false): Step {
  return {
    id: "names",
    title: "Wait until the names lead to the standby",
    what:
      "Route 53's health checkers see the markers and the standby's readiness, and answer with the standby from then on; " +
      "users follow as their resolvers forget the former answer. No command moves them, and no API of AWS is asked.",
    byHand: [
      "`npm run dr -- smoke --site standby`: until it is well, nobody is moved",
      "Where Route 53 itself does not answer: at the registrar of the domain, replace the name servers by those of output `breakGlassNameServers` of stack `dr`. It takes hours, a DS record has to go first, and mail is not in that zone: docs/real-clouds.md, When Route 53 does not answer",
      "Where only Front Door is down: the same command with `--bypass-edge`; by hand, while AWS's control plane answers, `pulumi config set --stack traffic multicloud-dr:bypassEdge true`, then `pulumi up --stack traffic`",
    ],
    limit: 600,
    typically: "the health checkers take 23 s, and resolvers 13 s, at most the 60 s that they keep an answer",
    async act(operation, watch) {
      const names = namesOf(disaster).filter((label) => label === "app" || !pastEdge);
      for (const label of names)
        await untilAnswered(textIn(operation.dr, `${label}Name`), hostsOf(operation, label), watch);
      return names.length === 0
        ? "only servers ask for the database's name"
        : names.map((label) => textIn(operation.dr, `${label}Name`)).join(", ");
    },
  };
}

function hostsOf({ dr }: Operation, label: "app" | "content"): string[] {
  const { bypassHost } = dr.values;
  return [textIn(dr, `${label}Host`), ...(label === "app" && typeof bypassHost === "string" ? [bypassHost] : [])];
}

/** Has the weights say what the health checks brought about already. */
export function convergeWeights(): Step {
  return {
    id: "weights",
    title: "Have the weights of the names agree",
    what:
      "Runs `pulumi up` of stack `traffic`, so that the names stay where they are whatever the health checks say. It needs " +
      "AWS's control plane, and can wait until that is back: you run the same command again then.",
    byHand: ["`pulumi up --stack traffic`, once AWS answers"],
    limit: 120,
    canWait: true,
    meanwhile:
      "When AWS comes back, run this again before anything else, and keep the primary's load balancer closed until it is " +
      "done: where the standby looks unhealthy for a moment, both sites do, and Route 53 then goes by weights that still " +
      "name the primary. Users would write there. To close it, revoke the rule for port 443 of its security group; " +
      "`pulumi up --refresh --stack prod` gives it back.",
    before: whenRoute53Answers,
    act: (operation, watch) => operation.up("traffic", watch),
  };
}

/** Has the weights hold users at the standby before the markers go, where a declaration had to leave that for later. */
export function holdByWeights(): Step {
  return {
    id: "weights",
    title: "Have the weights of the names agree",
    what:
      "Runs `pulumi up` of stack `traffic`, which does nothing where the declaration did it: users then stay at the standby " +
      "until they are led back, also when the markers are gone and both sites are well.",
    byHand: ["`pulumi up --stack traffic`"],
    limit: 600,
    async before(operation, watch) {
      if ((await unlessMoved(operation)) === "done") return "done";
      return whenRoute53Answers(operation, watch);
    },
    act: (operation, watch) => operation.up("traffic", watch),
  };
}

async function whenRoute53Answers(_operation: Operation, { signal }: StepWatch): Promise<"due"> {
  await requireRoute53(signal);
  return "due";
}

/** How long Route 53 may take to answer at all, in milliseconds: the engine would try for minutes. */
const PATIENCE = 5000;

/** @throws Error when Route 53's control plane does not answer */
async function requireRoute53(signal: AbortSignal): Promise<void> {
  const { ListHostedZonesCommand, Route53Client } = await import("@aws-sdk/client-route-53");
  const client = new Route53Client({ region: "us-east-1", maxAttempts: 1 });
  const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  await client.send(new ListHostedZonesCommand({ MaxItems: 1 }), { abortSignal }).catch((error: Error) => {
    signal.throwIfAborted();
    throw new Error(`expected Route 53's control plane to answer, found that it does not (${error.message})`);
  });
}

/** Waits until the names lead to the primary. */
export async function untilNamesBack(operation: Operation, watch: StepWatch): Promise<string> {
  const prod = await operation.read("prod");
  for (const label of ["app", "content"] as const) {
    await untilAnswered(textIn(operation.dr, `${label}Name`), [textIn(prod, `${label}Host`)], watch);
  }
  return "all names lead to the primary";
}
