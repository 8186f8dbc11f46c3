import { dr } from "../../stacks/dr.ts";
import type { Settings } from "../../stacks/settings.ts";
import { settingsOf } from "./config.ts";
import { deploy, type Registered, type Registrations } from "./mocks.ts";

export const DR_SETTINGS: Settings<"dr"> = { ...settingsOf("dr"), environment: "staging", standbyCidr: "10.40.0.0/16" };

/** Deploys the stack of one workload, or of one for each set of changes. */
export function deployDr(...changes: Partial<Settings<"dr">>[]) {
  const workloads = changes.length === 0 ? [DR_SETTINGS] : changes.map((change) => ({ ...DR_SETTINGS, ...change }));
  return deploy(() => dr(workloads));
}

/** What a change of the settings does: names that come, that go, and that change. */
export function difference(before: Registrations, after: Registrations) {
  const changed = ({ name, inputs }: Registered) =>
    before.names.includes(name) && JSON.stringify(inputs) !== JSON.stringify(before.named(name).inputs);
  return {
    come: after.names.filter((name) => !before.names.includes(name)),
    go: before.names.filter((name) => !after.names.includes(name)),
    change: after.customs.filter(changed).map(({ name }) => name),
  };
}
