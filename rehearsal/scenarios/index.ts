import type { Strategy } from "../../components/standby/standby-plan.ts";
import { nearest } from "../../stacks/problems.ts";
import type { Overrides } from "../deployment.ts";
import { azureDown } from "./azure-down.ts";
import { containers } from "./containers.ts";
import { content } from "./content.ts";
import { database } from "./database.ts";
import { declareTwice } from "./declare-twice.ts";
import { drill } from "./drill.ts";
import { faults } from "./faults.ts";
import { flapping } from "./flapping.ts";
import { frontDoorDown } from "./front-door-down.ts";
import { replicationBehind } from "./replication-behind.ts";
import type { Scenario } from "./scenario.ts";
import { site } from "./site.ts";
import { splitBrain } from "./split-brain.ts";

/** Every scenario that there is, the first of which is played without a name. */
export const SCENARIOS: readonly Scenario[] = [
  site,
  database,
  content,
  drill,
  splitBrain,
  flapping,
  azureDown,
  declareTwice,
  replicationBehind,
  faults,
  frontDoorDown,
  containers,
];

/** @throws Error that names those that there are */
export function scenarioNamed(name: string, strategy: Strategy): Scenario {
  const found = SCENARIOS.find((each) => each.name === name);
  const names = SCENARIOS.map((each) => each.name).join(", ");
  if (!found) {
    const meant = nearest(
      name,
      SCENARIOS.map((each) => each.name),
    );
    throw new Error(`--scenario: expected one of ${names}, found ${name}${meant ? `; did you mean ${meant}?` : ""}`);
  }
  if (found.strategies && !found.strategies.includes(strategy)) {
    throw new Error(
      `--strategy: expected one of ${found.strategies.join(", ")} for the scenario ${name}, found ${strategy}`,
    );
  }
  return found;
}

/** Strategies whose database follows every change. */
const LIVE: readonly Strategy[] = ["warm-standby", "active-active"];

/** What stack files say besides, so that a scenario can be played with a strategy. */
export function overridesFor({ overrides = {} }: Scenario, strategy: Strategy): Overrides {
  const live = LIVE.includes(strategy);
  const vpn: Record<string, string> = live ? { "multicloud-dr:vpn": "standing" } : {};
  const link: Record<string, string> = live ? { "multicloud-dr:databaseReplication": "live", ...vpn } : {};
  return {
    ...overrides,
    dr: { "multicloud-dr:strategy": strategy, ...overrides.dr, ...vpn },
    link: { ...overrides.link, ...link },
  };
}
