import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { type BalancingRule, type LoadBalancer, type Probe, partOf } from "../load-balancers.ts";
import { inGroup } from "./arm.ts";
import { doubled, type Reference, referenceRefusals } from "./references.ts";

const SOURCE = "(Load Balancers - Create Or Update)";

/** What Azure would refuse about a load balancer. */
export function balancerRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const balancer = inputs as LoadBalancer;
  return [
    ...skuRefusals(balancer),
    ...nameRefusals(balancer),
    ...frontendRefusals(balancer, cloud),
    ...(balancer.probes ?? []).flatMap(probeRefusals),
    ...ruleRefusals(balancer, cloud),
  ];
}

function skuRefusals({ sku }: LoadBalancer): Refusal[] {
  const name = (sku as { name?: string } | undefined)?.name;
  if (name === "Standard" || name === "Gateway") return [];
  const reason = `found ${name ?? "none, which is Basic"}; Basic was retired, take Standard (Azure Load Balancer SKUs)`;
  return [{ property: "sku.name", reason }];
}

function nameRefusals(balancer: LoadBalancer): Refusal[] {
  const kinds = ["frontendIPConfigurations", "backendAddressPools", "probes", "loadBalancingRules"] as const;
  return kinds.flatMap((kind) =>
    doubled((balancer[kind] ?? []).map(({ name }) => name)).map((name) => ({
      property: kind,
      reason: `"${name}" is the name of two of them (InvalidRequestFormat)`,
    })),
  );
}

function frontendRefusals({ frontendIPConfigurations = [] }: LoadBalancer, cloud: AzureCloud): Refusal[] {
  return frontendIPConfigurations.flatMap(({ publicIPAddress, subnet }, index) => {
    const property = `frontendIPConfigurations[${index}]`;
    if (!publicIPAddress === !subnet) {
      return [{ property, reason: `it needs a public address or a subnet, one of both ${SOURCE}` }];
    }
    const type = "Microsoft.Network/publicIPAddresses";
    return referenceRefusals(`${property}.publicIPAddress`, publicIPAddress, type, cloud);
  });
}

function probeRefusals({ protocol, requestPath, port, intervalInSeconds: interval }: Probe, index: number): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (part: string, reason: string) =>
    refusals.push({ property: `probes[${index}].${part}`, reason: `${reason} (Azure Load Balancer health probes)` });
  if (protocol !== "Tcp" && protocol !== "Http" && protocol !== "Https") {
    refuse("protocol", `"${protocol}" is no protocol of probes: Tcp, Http or Https`);
  } else if ((protocol === "Tcp") !== (requestPath === undefined)) {
    refuse("requestPath", `found ${requestPath ?? "none"} with ${protocol}; Http and Https need one, Tcp takes none`);
  }
  if (!isPort(port)) refuse("port", `${port} is no port`);
  if (interval !== undefined && interval < 5) refuse("intervalInSeconds", `${interval}; 5 seconds at least`);
  return refusals;
}

function ruleRefusals(balancer: LoadBalancer, cloud: AzureCloud): Refusal[] {
  const rules = balancer.loadBalancingRules ?? [];
  const refusals = rules.flatMap((rule, index) =>
    ruleOwnRefusals(rule, balancer, cloud).map(({ property, reason }) => ({
      property: `loadBalancingRules[${index}].${property}`,
      reason,
    })),
  );
  const places = rules.map((rule) => `${rule.frontendIPConfiguration?.id} ${rule.protocol} ${rule.frontendPort}`);
  const twice = doubled(places).map((place) => ({
    property: "loadBalancingRules",
    reason: `two rules take ${place} (RulesUseSameFrontendPortProtocolAndIPConfig)`,
  }));
  return [...refusals, ...twice];
}

function ruleOwnRefusals(rule: BalancingRule, balancer: LoadBalancer, cloud: AzureCloud): Refusal[] {
  const refusals: Refusal[] = [];
  const { protocol, frontendPort, backendPort } = rule;
  if (!["Tcp", "Udp", "All"].includes(String(protocol))) {
    refusals.push({ property: "protocol", reason: `"${protocol}" is no protocol of rules: Tcp, Udp or All ${SOURCE}` });
  }
  for (const [property, port] of Object.entries({ frontendPort, backendPort })) {
    if (port !== undefined && !isPort(port)) refusals.push({ property, reason: `${port} is no port ${SOURCE}` });
  }
  const own = (kind: string) =>
    `${inGroup(cloud, balancer.resourceGroupName, `Microsoft.Network/loadBalancers/${balancer.loadBalancerName}`)}/${kind}/`;
  const check = (property: string, reference: Reference | undefined, kind: string, parts: { name?: string }[] = []) => {
    if (reference === undefined) return;
    const isOwn = reference.id?.toLowerCase().startsWith(own(kind).toLowerCase()) && partOf(parts, reference);
    if (isOwn || own(kind).includes("undefined")) return;
    refusals.push({
      property,
      reason: `${reference.id} is none of this balancer's ${kind} (InvalidResourceReference)`,
    });
  };
  const { frontendIPConfigurations, backendAddressPools, probes } = balancer;
  check("frontendIPConfiguration", rule.frontendIPConfiguration, "frontendIPConfigurations", frontendIPConfigurations);
  check("backendAddressPool", rule.backendAddressPool, "backendAddressPools", backendAddressPools);
  check("probe", rule.probe, "probes", probes);
  return refusals;
}

function isPort(port: unknown): boolean {
  return Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535;
}
