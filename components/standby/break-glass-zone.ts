import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import { nameInZone, proofOf } from "./break-glass-names.ts";

/** A name of the workload and who answers for it at the standby. */
export interface BreakGlassName {
  /** The name that users know, inside the zone. @example "app.shop.example.com" */
  name: string;
  /** Host name at which the standby's edge answers. */
  host: pulumi.Input<string>;
  /** What proves to the edge that the name is ours, for its certificate. */
  token: pulumi.Input<string>;
}

export interface BreakGlassZoneArgs {
  resourceGroupName: pulumi.Input<string>;
  /** The workload's public DNS zone, which Route 53 answers as long as all is well. @example "shop.example.com" */
  domain: string;
  /** The names that users know. */
  names: Record<"app" | "content", BreakGlassName>;
  /**
   * Refuse to delete the zone: another one has other name servers, and these are what was written down for the day.
   * @default true
   */
  protectData?: boolean;
  /** Tags of the zone. */
  tags: Tags;
}

/** Time to live of every record in seconds: whoever changes one by hand on that day must not wait for it. */
const TTL_SECONDS = 60;

/**
 * The workload's zone once more, at Azure DNS, with its names at the standby: for the day on which Route 53 itself does
 * not answer. Nobody asks it until somebody changes the domain's name servers to these.
 *
 * While it is asked, its names lead to the edge directly, so that the edge also renews their certificates by itself.
 */
export class BreakGlassZone extends pulumi.ComponentResource {
  /** What the domain is to be delegated to on that day. @example ["ns1-03.azure-dns.com.", …] */
  readonly nameServers: pulumi.Output<string[]>;

  constructor(name: string, args: BreakGlassZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:BreakGlassZone", name, {}, opts);
    const { resourceGroupName, domain, names, protectData = true } = args;

    const zone = new azure.dns.Zone(
      `${name}-zone`,
      { resourceGroupName, zoneName: domain, location: "global", zoneType: azure.dns.ZoneType.Public, tags: args.tags },
      { parent: this, protect: protectData, retainOnDelete: protectData },
    );
    const inZone = { resourceGroupName, zoneName: zone.name, ttl: TTL_SECONDS };
    for (const part of ["app", "content"] as const) {
      const { name: known, host, token } = names[part];
      new azure.dns.RecordSet(
        `${name}-${part}`,
        {
          ...inZone,
          recordType: "CNAME",
          relativeRecordSetName: nameInZone(known, domain),
          cnameRecord: { cname: host },
        },
        { parent: this },
      );
      new azure.dns.RecordSet(
        `${name}-${part}-proof`,
        {
          ...inZone,
          recordType: "TXT",
          relativeRecordSetName: nameInZone(proofOf(known), domain),
          txtRecords: [{ value: [token] }],
        },
        { parent: this },
      );
    }

    this.nameServers = zone.nameServers;
    this.registerOutputs({ nameServers: this.nameServers });
  }
}
