import { type Cidr, cidr, contains, overlap, parseCidr, renderCidr } from "../../../components/cidr.ts";
import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import { text } from "./common.ts";

const SOURCE = "(Tunnel options for your AWS Site-to-Site VPN connection)";

const INSIDE = cidr("169.254.0.0/16");

/** Ranges inside tunnels that AWS keeps. */
const RESERVED = [0, 1, 2, 3, 4, 5].map((third) => cidr(`169.254.${third}.0/30`)).concat(cidr("169.254.169.252/30"));

/** The options that are lists, and what may be in them. */
const CHOICES: Record<string, readonly unknown[]> = {
  IkeVersions: ["ikev1", "ikev2"],
  Phase1EncryptionAlgorithms: ["AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16"],
  Phase2EncryptionAlgorithms: ["AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16"],
  Phase1IntegrityAlgorithms: ["SHA1", "SHA2-256", "SHA2-384", "SHA2-512"],
  Phase2IntegrityAlgorithms: ["SHA1", "SHA2-256", "SHA2-384", "SHA2-512"],
  Phase1DhGroupNumbers: [2, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24],
  Phase2DhGroupNumbers: [2, 5, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24],
};

/** The options that are numbers: the least and the most. */
const BOUNDS: Record<string, readonly [number, number]> = {
  DpdTimeoutSeconds: [30, Number.POSITIVE_INFINITY],
  Phase1LifetimeSeconds: [900, 28_800],
  Phase2LifetimeSeconds: [900, 3600],
};

/** What AWS would refuse about both tunnels of a connection. */
export function tunnelRefusals(inputs: Properties): Refusal[] {
  const [one, two] = ["tunnel1InsideCidr", "tunnel2InsideCidr"].map((key) => parseCidr(text(inputs[key]) ?? ""));
  const twice =
    one && two && overlap(one, two)
      ? [{ property: "tunnel2InsideCidr", reason: `${renderCidr(two)} is the other tunnel's too ${SOURCE}` }]
      : [];
  return [...["tunnel1", "tunnel2"].flatMap((tunnel) => ownRefusals(tunnel, inputs)), ...twice];
}

function ownRefusals(tunnel: string, inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (option: string, reason: string) =>
    refusals.push({ property: `${tunnel}${option}`, reason: `${reason} ${SOURCE}` });
  const range = text(inputs[`${tunnel}InsideCidr`]);
  if (range !== undefined && !isInside(parseCidr(range))) {
    refuse("InsideCidr", `"${range}" is no /30 of 169.254.0.0/16 that AWS does not keep for itself`);
  }
  const key = text(inputs[`${tunnel}PresharedKey`]);
  if (key !== undefined && !/^(?!0)[A-Za-z0-9._]{8,64}$/.test(key)) {
    refuse("PresharedKey", "8 to 64 letters, digits, '.' and '_' are expected, not beginning with 0");
  }
  for (const [option, choices] of Object.entries(CHOICES)) {
    const given = (inputs[`${tunnel}${option}`] ?? []) as unknown[];
    const unknown = given.filter((choice) => !choices.includes(choice));
    if (unknown.length > 0) refuse(option, `found ${unknown.join(", ")}; of ${choices.join(", ")}`);
  }
  for (const [option, [least, most]] of Object.entries(BOUNDS)) {
    const given = inputs[`${tunnel}${option}`];
    if (given !== undefined && !(Number(given) >= least && Number(given) <= most)) {
      refuse(option, `${given} seconds; expected ${least} to ${most}`);
    }
  }
  return refusals;
}

function isInside(range: Cidr | undefined): boolean {
  return range?.prefix === 30 && contains(INSIDE, range) && !RESERVED.some((each) => overlap(each, range));
}
