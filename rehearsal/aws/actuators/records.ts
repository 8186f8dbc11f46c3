import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsResponse,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import type { Refusal } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { unlessMissing } from "./common.ts";

/** A name as the provider writes it: in lower case, without the dot at the end, and `*` for what Route 53 escapes. */
export function plainName(name: string | undefined): string {
  return (name ?? "")
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^\\052/, "*");
}

/** The full name: the provider adds the zone's name to one that does not end with it. */
export function expandName(name: string, zoneName: string): string {
  const plain = plainName(name);
  if (plain === "") return zoneName;
  return plain.endsWith(zoneName) ? plain : `${plain}.${zoneName}`;
}

/** Name of a zone; undefined when there is no such zone. */
export async function zoneNameOf(cloud: AwsCloud, Id: string): Promise<string | undefined> {
  const found = await unlessMissing(cloud.route53.send(new GetHostedZoneCommand({ Id })));
  return found && plainName(found.HostedZone?.Name);
}

/** All record sets of a zone, or those of one name. */
export async function recordsOf(
  cloud: Pick<AwsCloud, "route53">,
  HostedZoneId: string,
  name?: string,
): Promise<ResourceRecordSet[]> {
  const sets: ResourceRecordSet[] = [];
  let page: Partial<ListResourceRecordSetsResponse> = {};
  do {
    const start = {
      StartRecordName: page.NextRecordName,
      StartRecordType: page.NextRecordType,
      StartRecordIdentifier: page.NextRecordIdentifier,
    };
    page = await cloud.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId, ...start }));
    sets.push(...(page.ResourceRecordSets ?? []));
  } while (page.IsTruncated);
  return name === undefined ? sets : sets.filter((set) => plainName(set.Name) === plainName(name));
}

/** Changes records, all or none of them. */
export async function changeRecords(cloud: AwsCloud, HostedZoneId: string, Changes: Change[]): Promise<void> {
  await cloud.route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
}

/** What is wrong with the form of a name ("DNS domain name format"). */
export function checkDomainName(property: string, name: string | undefined, source: string): Refusal[] {
  if (name === undefined) return [];
  const refuse = (reason: string) => [{ property, reason: `${reason} (${source}, DNS domain name format)` }];
  const plain = name.replace(/\.$/, "");
  if (plain.length > 255) return refuse(`the name has ${plain.length} characters: 255 at most`);
  const label = plain.split(".").find((each) => !/^[^\s.]{1,63}$/.test(each));
  return label === undefined ? [] : refuse(`"${name}" is no domain name: each label has 1 to 63 characters, no spaces`);
}
