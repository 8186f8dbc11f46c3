import type { Problem } from "./problems.ts";

export const NAMESPACE = "multicloud-dr:";

/** The key under which a stack lists several workloads, with what is special to each. */
export const WORKLOADS = `${NAMESPACE}workloads`;

/** The configuration of one workload: every value by its full key, and where in the stack file it stands. */
export interface WorkloadConfig {
  config: Record<string, string>;
  /** The key to name in a message, where the value stands. @example "multicloud-dr:workloads.shop.zones" */
  placeOf(key: string): string;
  /** The key under which the workload would have a value of its own. */
  placeOfOwn(key: string): string;
}

/** Keys that hold for the stack as a whole, so no workload may have its own. */
const SHARED = ["role", "workload", "workloads", "prodStack", "drStack", "webIdentityIssuer"];

/**
 * The configuration of each workload of a stack: one that `workload` names, or several under `workloads`, where
 * what stands at the top holds for all that do not say otherwise.
 */
export function workloadConfigs(config: Record<string, string>): { configs: WorkloadConfig[]; problems: Problem[] } {
  const listed = config[WORKLOADS];
  if (listed === undefined) {
    const same = (key: string) => key;
    return { configs: [{ config, placeOf: same, placeOfOwn: same }], problems: [] };
  }
  const entries = entriesOf(listed);
  if (!entries) return { configs: [], problems: [notAList(listed)] };

  const { [WORKLOADS]: _list, [`${NAMESPACE}workload`]: single, ...common } = config;
  const problems = entries.flatMap(([name, own]) => misplaced(name, own));
  if (single) {
    const expected = `nothing beside ${WORKLOADS}, which names the workloads`;
    problems.push({ key: `${NAMESPACE}workload`, expected, found: single });
  }
  return { configs: entries.map(([name, own]) => configOf(name, own, common)), problems };
}

function configOf(name: string, own: Record<string, string>, common: Record<string, string>): WorkloadConfig {
  const named = Object.entries(own).map(([key, value]) => [`${NAMESPACE}${key}`, value]);
  const path = (key: string) => `${WORKLOADS}.${name}.${key.slice(NAMESPACE.length)}`;
  const isOwn = (key: string) => key.startsWith(NAMESPACE) && key.slice(NAMESPACE.length) in own;
  return {
    config: { ...common, ...Object.fromEntries(named), [`${NAMESPACE}workload`]: name },
    placeOfOwn: path,
    placeOf: (key) => {
      if (key === `${NAMESPACE}workload`) return `${WORKLOADS}.${name}`;
      return isOwn(key) ? path(key) : key;
    },
  };
}

/** The workloads by name with their own values as texts; undefined when the value is no such list. */
function entriesOf(listed: string): [string, Record<string, string>][] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(listed);
  } catch {
    return undefined;
  }
  if (!isObject(parsed) || Object.keys(parsed).length === 0) return undefined;
  const entries = Object.entries(parsed);
  if (!entries.every(([, own]) => own === null || isObject(own))) return undefined;
  return entries.map(([name, own]) => [
    name,
    Object.fromEntries(Object.entries(own ?? {}).map(([key, value]) => [key, asText(value)])),
  ]);
}

function asText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function misplaced(name: string, own: Record<string, string>): Problem[] {
  return Object.entries(own)
    .filter(([key]) => SHARED.includes(key) || key.includes(":"))
    .map(([key, found]) => ({
      key: `${WORKLOADS}.${name}.${key}`,
      expected: "no such key of a single workload: it holds for the whole stack and stands at the top",
      found,
    }));
}

function notAList(found: string): Problem {
  return {
    key: WORKLOADS,
    expected: "workloads by name, each with what is special to it (an empty object where nothing is)",
    found,
    example: '{"shop":{}}',
  };
}
