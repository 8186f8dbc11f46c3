import type { AzureRequest } from "../azure/evaluate.ts";
import type { AwsRequest } from "../iam/evaluate.ts";

/** One thing that somebody has to be able to do. */
export type Probe = AwsProbe | AzureProbe | PowerProbe;

export interface AwsProbe extends AwsRequest {
  cloud: "aws";
  /** Actions by which the resource's own policy is written: whoever may, lets themselves in and lifts its denials. */
  lifts?: readonly string[];
}

export interface AzureProbe extends AzureRequest {
  cloud: "azure";
}

/** What no policy gives: to be the root user of an account, or to rule the organization. */
export interface PowerProbe {
  cloud: "power";
  /** One of these powers is enough, by the ids of their nodes. */
  powers: readonly string[];
}

/** Why a way is open, and so what was done wrong; its name is what a report and a test call it by. */
export type Cause =
  | "delete-versions"
  | "bypass-governance"
  | "lifecycle"
  | "overwrite"
  | "delete-bucket"
  | "key-destruction"
  | "account-closure"
  | "delete-database"
  | "backups-off"
  | "delete-recovery-points"
  | "lift-vault-lock"
  | "shorten-immutability"
  | "delete-account"
  | "shared-key"
  | "subscription-cancellation"
  | "stop-replication";

/** One way to destroy a copy: all of its steps have to be taken, by one person or by several. */
export interface Way {
  cause: Cause;
  /** What is done, as it follows "can". @example "delete every version (s3:DeleteObjectVersion)" */
  what: string;
  steps: readonly Probe[];
  /** Days from the deed until the copy is gone for good: so long it can be taken back. */
  days: number;
  /** What would close it. */
  mend: string;
}

/** A place where data of the workload is, apart from every other one. */
export interface Copy {
  id: string;
  stack: string;
  /** Stack and logical name. @example "prod/shop-content-bucket" */
  name: string;
  /** @example "S3 bucket" */
  kind: string;
  cloud: "aws" | "azure";
  /** Account or subscription, by its name in the people file. */
  place: string;
  /** What it is a copy of. @example ["shop content"] */
  holds: readonly string[];
  /** What keeps it, in words. @example "governance for 30 days" */
  lock: string;
  /** Ways to destroy it. */
  ways: readonly Way[];
  /** Ways to let it grow old: nothing in it is lost, and nothing new comes. */
  starves: readonly Way[];
  /** Key of the customer's by which it is encrypted. */
  key?: string;
  /** Whether it was not seen, and the worst is assumed: another stack has it. */
  assumed?: boolean;
}

/** A fault of one copy, whoever there is. */
export interface Fault {
  /** @example "copy-without-lock" */
  rule: string;
  /** Logical name of what has it. */
  subject: string;
  urn?: string;
  what: string;
  mend: string;
}
