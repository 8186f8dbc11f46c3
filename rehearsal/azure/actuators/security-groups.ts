import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { NETWORK_NAME } from "./public-addresses.ts";
import { doubled, inUse } from "./references.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

/** Most rules of a group ("Azure networking limits"). */
const MOST_RULES = 1000;

/** A rule as the group lists it. */
interface Rule extends Properties {
  name?: string;
  priority?: number;
  direction?: string;
  access?: string;
  protocol?: string;
}

/** azure-native:network:NetworkSecurityGroup. It is kept and checked: on the loopback every server reaches every other. */
export const securityGroup = armActuator({
  id: (inputs, cloud) =>
    inGroup(
      cloud,
      inputs.resourceGroupName,
      `Microsoft.Network/networkSecurityGroups/${inputs.networkSecurityGroupName}`,
    ),
  name: { property: "networkSecurityGroupName", ...NETWORK_NAME },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  check: ({ securityRules }) => rulesRefusals((securityRules as Rule[] | undefined) ?? []),
  outputs: () => ({ provisioningState: "Succeeded", resourceGuid: crypto.randomUUID() }),
  keeps: (id, cloud) =>
    inUse(id, ["Microsoft.Network/virtualNetworks"], "InUseNetworkSecurityGroupCannotBeDeleted", cloud),
});

function rulesRefusals(rules: Rule[]): Refusal[] {
  const refusals = rules.flatMap((rule, index) =>
    ruleRefusals(rule).map(({ property, reason }) => ({ property: `securityRules[${index}].${property}`, reason })),
  );
  if (rules.length > MOST_RULES) {
    refusals.push({ property: "securityRules", reason: `${rules.length} rules; at most ${MOST_RULES} (Azure limits)` });
  }
  for (const name of doubled(rules.map((rule) => rule.name))) {
    refusals.push({ property: "securityRules", reason: `"${name}" is the name of two rules (InvalidRequestFormat)` });
  }
  for (const place of doubled(rules.map(({ direction, priority }) => `${direction} ${priority}`))) {
    const reason = `two rules have the priority ${place} (SecurityRuleConflict)`;
    refusals.push({ property: "securityRules", reason });
  }
  return refusals;
}

function ruleRefusals(rule: Rule): Refusal[] {
  const source = "(Network security groups)";
  const refusals: Refusal[] = [];
  const refuse = (property: string, reason: string) => refusals.push({ property, reason: `${reason} ${source}` });
  const { priority, direction, access, protocol } = rule;
  if (!(Number.isInteger(priority) && Number(priority) >= 100 && Number(priority) <= 4096)) {
    refuse("priority", `${priority}; expected 100 to 4096`);
  }
  if (direction !== "Inbound" && direction !== "Outbound") refuse("direction", `"${direction}" is no direction`);
  if (access !== "Allow" && access !== "Deny") refuse("access", `"${access}" is neither Allow nor Deny`);
  if (!["Tcp", "Udp", "Icmp", "Esp", "Ah", "*"].includes(String(protocol))) {
    refuse("protocol", `"${protocol}" is no protocol: Tcp, Udp, Icmp, Esp, Ah or *`);
  }
  for (const side of ["source", "destination"]) {
    const ports = listed(rule, `${side}PortRange`);
    if (ports.length === 0) refuse(`${side}PortRange`, "no port is given");
    for (const port of ports.filter((each) => !isPortRange(each))) {
      refuse(`${side}PortRange`, `"${port}" is no port, range of ports or *`);
    }
    const places = [...listed(rule, `${side}AddressPrefix`, "es"), ...groupsOf(rule, side)];
    if (places.length === 0) refuse(`${side}AddressPrefix`, "no address is given");
  }
  return refusals;
}

/** What a rule gives as one value or as a list. */
function listed(rule: Rule, property: string, plural = "s"): string[] {
  const one = rule[property];
  return [...(one === undefined ? [] : [String(one)]), ...((rule[property + plural] as string[] | undefined) ?? [])];
}

function groupsOf(rule: Rule, side: string): unknown[] {
  return (rule[`${side}ApplicationSecurityGroups`] as unknown[] | undefined) ?? [];
}

function isPortRange(range: string): boolean {
  if (range === "*") return true;
  const [from = Number.NaN, to = from, ...more] = range.split("-").map(Number);
  return more.length === 0 && Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= 65_535;
}
