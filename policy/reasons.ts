/**
 * What policies would stop, and why it is right all the same. A further exception is written here with its reason, as
 * narrow as it can be, or nowhere.
 */

/** Components that use a key, and why. */
export const KEY_REASONS: Record<string, string> = {
  "standby:ControlStore":
    "the stack writes the plan and the packages, which the provider does with the account's key only (pulumi-azure-native, issue 2015); no data of the workload",
  "standby:DeclarationMarker": "the stack writes the marker in the same way; it is public anyway",
  "standby:FunctionApp":
    "its deployment reads one package by a signature that the deployment itself makes, for an hour, and that nobody sees",
};

/** Statements of AWS that say `*`. */
export interface StatementReason {
  /** The statement's Sid. */
  sid: string;
  /** The only actions that it may have. */
  actions: readonly string[];
  /** The wildcards that it may have. */
  resources: readonly string[];
  why: string;
}

const NETWORK_INTERFACE = [
  "ec2:CreateNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

export const STATEMENT_REASONS: readonly StatementReason[] = [
  {
    sid: "SayWhoIAm",
    actions: ["sts:GetWebIdentityToken"],
    resources: ["*"],
    why: "a token about oneself has no resource (Service Authorization Reference, STS); the audience is a condition",
  },
  {
    sid: "EnterRegistry",
    actions: ["ecr:GetAuthorizationToken"],
    resources: ["*"],
    why: "a token of the registry has no resource (Service Authorization Reference, Elastic Container Registry); it opens what the other statements say",
  },
  {
    sid: "JoinTheNetwork",
    actions: NETWORK_INTERFACE,
    resources: ["*"],
    why: "Lambda asks for these on * to join a VPC (Lambda Developer Guide, VPC execution role); NotByCode denies them to the function's code",
  },
  {
    sid: "MakeReplica",
    actions: ["rds:CreateDBInstanceReadReplica"],
    resources: ["og:*", "pg:*", "subgrp:*"],
    why: "RDS also asks for the right on the groups that the replica takes over, whose names are the primary's own",
  },
  {
    sid: "ListInstances",
    actions: ["rds:DescribeDBInstances"],
    resources: ["db:*"],
    why: "RDS lists all instances or one; a list tells names and changes nothing",
  },
  {
    sid: "ReadSecretsThatMayCross",
    actions: ["secretsmanager:GetSecretValue"],
    resources: ["secret:*"],
    why: "which secrets cross is said by their tag, which is the statement's condition; their names are the team's own",
  },
  {
    sid: "DescribeSecrets",
    actions: ["secretsmanager:DescribeSecret"],
    resources: ["secret:*"],
    why: "whether a secret has the tag is to be seen also of one that lost it; a description tells names and no value",
  },
  {
    sid: "ListSecrets",
    actions: ["secretsmanager:ListSecrets"],
    resources: ["*"],
    why: "a list of secrets has no resource (Service Authorization Reference, Secrets Manager); it tells no value",
  },
  {
    sid: "LookAtImages",
    actions: ["ec2:DescribeImages", "ec2:DescribeExportImageTasks"],
    resources: ["*"],
    why: "neither knows a resource (Service Authorization Reference, EC2); a list changes nothing",
  },
  {
    sid: "ExportImages",
    actions: ["ec2:ExportImage"],
    resources: ["image/*", "export-image-task/*"],
    why: "the image that is exported is one that is made after the policy, and the task has no id yet",
  },
  {
    sid: "ReadImages",
    actions: ["ec2:DescribeImages", "ec2:DescribeSnapshots", "ec2:DescribeSnapshotAttribute", "ec2:DescribeTags"],
    resources: ["*"],
    why: "VM Import/Export asks for these to find an image's disk (Required service role); none knows a resource",
  },
  {
    sid: "ShareSnapshots",
    actions: ["ec2:ModifySnapshotAttribute", "ec2:CopySnapshot"],
    resources: ["snapshot/*"],
    why: "VM Import/Export asks for these to read an image's disk (Required service role); the snapshots are made after the policy",
  },
];

/** Roles of Azure's own that say `*`, by the component that gives them. */
export const ROLE_REASONS: readonly { within: string; role: string; why: string }[] = [
  {
    within: "standby:StandbyController",
    role: "Storage Blob Data Owner",
    why: "the host of Functions asks for it on its own storage account (Connecting to host storage with an identity), which holds no data of the workload",
  },
];
