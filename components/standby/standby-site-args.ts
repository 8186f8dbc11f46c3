import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import type { Disaster } from "./disaster.ts";
import type { DumpDays } from "./dump-retention-plan.ts";
import type { PrimaryPeers } from "./network-rules.ts";
import type { StandbyPlan, Strategy } from "./standby-plan.ts";

export interface StandbySiteArgs {
  /** Short name of the workload. @example "shop" */
  workload: string;
  /** All that runs, as `standbyPlan` decides it. */
  plan: StandbyPlan;
  /** What is declared, why, and by whom; stands in the marker. */
  declared: { disaster: Disaster; why: string; by: string };
  /** IPv4 range of the virtual network, /16 to /22. @example "10.32.0.0/16" */
  cidr: string;
  /** What of the primary has a way here, over a VPN, and which way; see `PrimaryPeers`. */
  primary?: PrimaryPeers;
  /** The workload's public DNS zone, in which both names are. @example "example.com" */
  domain: string;
  /** Name of the app. @example "app.example.com" */
  appName: string;
  /** Name of the content. @example "content.example.com" */
  contentName: string;
  /** Path that is 200 only while a server and all that it needs are well. @example "/healthz" */
  healthPath: string;
  /** Id of a Compute Gallery image (version), `publisher:offer:sku:version`, or `replicated`. */
  serverImage: string;
  /**
   * Whether images of the primary's servers follow here: an identity that may bring them, and room to see them boot.
   * @default false
   */
  replicatesImages?: boolean;
  /** Most servers that there may ever be. */
  mostServers: number;
  /** Size of the servers. @example "Standard_D2s_v5" */
  serverSize: string;
  database: {
    /** Name of the database. @example "app" */
    name: string;
    /** Size of the server when it serves, and while it only follows. @example "Standard_D4ads_v5" */
    fullSize: string;
    reducedSize: string;
    /** Storage in GiB. */
    storageGib: number;
    /** Days for which it can be restored to any moment, 1 to 35. */
    backupDays: number;
    /** Password of its administrator; a random one without it. */
    password?: pulumi.Input<string>;
    /** Transaction that can't be applied, to be promoted without it and what came after: see `PlanDocument`. */
    givenUp?: string;
  };
  copies: {
    /** Days for which a deleted copy stays restorable. */
    retentionDays: number;
    /** Days for which nobody can delete or change a version, and whether nobody can shorten that: see `CopiesArgs`. */
    immutability: { days: number; locked: boolean };
    /** Access tier. */
    tier: "Hot" | "Cool" | "Cold";
    /** Days for which dumps of the database are kept: see `DumpRetentionArgs`. */
    dumpDays: DumpDays;
  };
  /** Days for which logs are kept. */
  logRetentionDays: number;
  /** What the site may cost in a month, in the billing currency. */
  monthlyBudget: number;
  /** Mail address that is told of the budget; empty for none. */
  alertEmail: string;
  /**
   * Refuse to delete what holds data.
   * @default true
   */
  protectData?: boolean;
  /** How much of the standby stands, which the resource group tells. @example "pilot-light" */
  strategy?: Strategy;
  /** Day of the last drill that went well, which the resource group tells. @example "2026-11-30" */
  lastDrill?: string;
  /** Tags of every resource. */
  tags: Tags;
}
