import type { Settings } from "../../stacks/settings.ts";
import { traffic } from "../../stacks/traffic.ts";
import { deploy, type Registrations, type Surroundings } from "./mocks.ts";
import { DR_OUTPUTS, PROD_OUTPUTS } from "./other-stacks.ts";

export const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";

export const TRAFFIC: Settings<"traffic"> = {
  role: "traffic",
  workload: "shop",
  environment: "staging",
  owner: "platform-team",
  protectData: true,
  prodStack: "prod-eu",
  drStack: "dr-eu",
  ttlSeconds: 45,
  failoverMode: "manual",
  otherMarkers: [],
  standbyShare: undefined,
  bypassEdge: false,
  databaseHostName: "",
  "aws:region": "us-east-1",
};

export const PROD_STACK = "organization/multicloud-dr/prod-eu";
export const DR_STACK = "organization/multicloud-dr/dr-eu";

/** Both sites' stacks, with some outputs changed. */
export function stacksWith(dr: object, prod: object = {}): Surroundings["stacks"] {
  return {
    [PROD_STACK]: { outputs: { ...PROD_OUTPUTS, ...prod } },
    [DR_STACK]: { outputs: { ...DR_OUTPUTS, ...dr } },
  };
}

/** Deploys the stack of one workload, with some settings changed and some outputs of the sites' stacks. */
export function deployTraffic(changes: Partial<Settings<"traffic">> = {}, dr: object = {}, prod: object = {}) {
  // Nobody is asked about a check: there is none.
  const settle = async (id: string) => id;
  return deploy(() => traffic([{ ...TRAFFIC, ...changes }], settle), { stacks: stacksWith(dr, prod) });
}

/** The records of a name by site: their hosts and weights. */
export function answersOf(resources: Registrations, name: string): Record<string, [host: unknown, weight: unknown]> {
  const records = resources.ofType("aws:route53/record:Record").map(({ inputs }) => inputs);
  return Object.fromEntries(
    records
      .filter((inputs) => inputs.name === name && inputs.type === "CNAME")
      .map(({ setIdentifier, records, weightedRoutingPolicies }) => [
        String(setIdentifier),
        [(records as unknown[])[0], (weightedRoutingPolicies as { weight: number }[])[0]?.weight],
      ]),
  );
}
