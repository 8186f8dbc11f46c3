import { cidr, renderCidr } from "../../components/cidr.ts";
import type { Lab } from "./lab.ts";
import type { Pair } from "./pairs.ts";

/** Namespaces that there is one of. */
export const AWS_GATEWAY = "aws";
export const APP_SERVER = "app";
export const INTERNET = "internet";
export const DATABASE = "database";

/** Ranges of both sites. @example { primary: "10.16.0.0/16", standby: "10.32.0.0/16" } */
export interface Ranges {
  primary: string;
  standby: string;
}

/** Namespace of an instance of Azure's gateway. */
export const azureGateway = (instance: number) => `azure-${instance}`;

/** Namespace of a tunnel's end. */
export const outsideOf = (tunnel: string, cloud: "aws" | "azure") => `${tunnel}-${cloud}`;

/** The address with that number in a range. @example hostIn("10.16.0.0/16", 10) // "10.16.0.10" */
export function hostIn(range: string, number: number): string {
  return renderCidr({ address: cidr(range).address + number, prefix: 32 }).replace("/32", "");
}

/** Where the app server and the database are. */
export const appAddress = ({ primary }: Ranges) => hostIn(primary, 10);
export const databaseAddress = ({ standby }: Ranges) => hostIn(standby, 10);

/** Addresses between an instance of Azure's gateway and the database's network: the instance's, and the other one. */
export function linkAddresses({ standby }: Ranges, instance: number): { gateway: string; network: string } {
  return { gateway: hostIn(standby, 253 + 256 * instance), network: hostIn(standby, 254 + 256 * instance) };
}

/** Makes all namespaces with the wires between them: both networks, their gateways, the ends of tunnels, the internet. */
export async function layOut(lab: Lab, pairs: readonly Pair[], instances: number, ranges: Ranges): Promise<void> {
  const gateways = Array.from({ length: instances }, (_, instance) => azureGateway(instance));
  const ends = pairs.flatMap(({ name }) => [outsideOf(name, "aws"), outsideOf(name, "azure")]);
  const all = [AWS_GATEWAY, APP_SERVER, INTERNET, DATABASE, ...gateways, ...ends];
  await lab.ip(
    undefined,
    all.map((name) => `netns add ${name}`),
  );
  for (const name of all) await lab.ip(name, ["link set lo up"]);
  for (const name of [AWS_GATEWAY, INTERNET, ...gateways]) {
    await lab.read(name, ["sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]);
  }
  await layOutPrimary(lab, ranges);
  await lab.ip(DATABASE, [`addr add ${databaseAddress(ranges)}/32 dev lo`]);
  for (let instance = 0; instance < instances; instance++) await layOutInstance(lab, instance, ranges);
  for (const [index, pair] of pairs.entries()) await layOutTunnel(lab, pair, index);
}

async function layOutPrimary(lab: Lab, { primary }: Ranges): Promise<void> {
  const prefix = cidr(primary).prefix;
  await lab.ip(AWS_GATEWAY, [
    `link add vpc type veth peer name eth0 netns ${APP_SERVER}`,
    `addr add ${hostIn(primary, 1)}/${prefix} dev vpc`,
    "link set vpc up",
  ]);
  await lab.ip(APP_SERVER, [
    `addr add ${hostIn(primary, 10)}/${prefix} dev eth0`,
    "link set eth0 up",
    `route add default via ${hostIn(primary, 1)}`,
  ]);
}

async function layOutInstance(lab: Lab, instance: number, ranges: Ranges): Promise<void> {
  const { gateway, network } = linkAddresses(ranges, instance);
  const there = `instance-${instance}`;
  await lab.ip(azureGateway(instance), [
    `link add vnet type veth peer name ${there} netns ${DATABASE}`,
    `addr add ${gateway} peer ${network} dev vnet`,
    "link set vnet up",
    `route add ${databaseAddress(ranges)} via ${network}`,
  ]);
  await lab.ip(DATABASE, [`addr add ${network} peer ${gateway} dev ${there}`, `link set ${there} up`]);
}

/**
 * An instance of Azure's gateway has one address for all its tunnels, and here each end is a daemon of its own; so the
 * internet hands a packet to the one that its sender speaks with.
 */
async function layOutTunnel(lab: Lab, { name, aws, azure }: Pair, index: number): Promise<void> {
  const { own, far } = aws.outside;
  await wire(lab, outsideOf(name, "aws"), `aws-${index}`, own, `100.64.${index}`);
  await wire(lab, outsideOf(name, "azure"), `azure-${index}`, azure.outside.own, `100.65.${index}`);
  const table = 100 + index;
  await lab.ip(INTERNET, [
    `route add ${own} via 100.64.${index}.1`,
    `route add ${far} via 100.65.${index}.1 table ${table}`,
    `rule add from ${own} to ${far} lookup ${table} pref ${table}`,
  ]);
}

async function wire(lab: Lab, end: string, device: string, address: string, net: string): Promise<void> {
  await lab.ip(INTERNET, [
    `link add ${device} type veth peer name eth0 netns ${end}`,
    `addr add ${net}.0/31 dev ${device}`,
    `link set ${device} up`,
  ]);
  await lab.ip(end, [
    `addr add ${net}.1/31 dev eth0`,
    `addr add ${address}/32 dev eth0`,
    "link set eth0 up",
    `route add default via ${net}.0 src ${address}`,
  ]);
}
