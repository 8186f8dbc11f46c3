import { isDocument, type PolicyDocument, readDocument } from "./document.ts";

/**
 * AWS's own policies that the audit knows, by name, cut to what can destroy a copy or lead to somebody who can; "AWS
 * managed policies" lists them all. Where one is wider than its entry tells, the rest only reads, or is of services that
 * hold no copy. One that is not here is reported, and not guessed at.
 */
const ALLOWED: Record<string, string[]> = {
  AdministratorAccess: ["*"],
  // NotAction iam, organizations, account, and a few reads of them.
  PowerUserAccess: [],
  ReadOnlyAccess: [
    "s3:Get*",
    "s3:List*",
    "rds:Describe*",
    "rds:List*",
    "backup:Describe*",
    "backup:Get*",
    "backup:List*",
  ],
  ViewOnlyAccess: ["s3:ListBucket", "s3:ListAllMyBuckets", "rds:Describe*", "backup:List*"],
  SecurityAudit: ["s3:GetBucket*", "s3:ListAllMyBuckets", "rds:Describe*", "backup:Describe*", "backup:List*"],
  Billing: ["account:GetAccountInformation", "aws-portal:*Billing", "budgets:*", "ce:*"],
  IAMFullAccess: ["iam:*", "organizations:Describe*", "organizations:List*"],
  AmazonS3FullAccess: ["s3:*", "s3-object-lambda:*"],
  AmazonS3ReadOnlyAccess: ["s3:Get*", "s3:List*", "s3:Describe*"],
  AmazonRDSFullAccess: ["rds:*", "cloudwatch:*", "sns:*", "secretsmanager:ListSecrets", "kms:ListAliases"],
  AmazonRDSReadOnlyAccess: ["rds:Describe*", "rds:List*"],
  AWSBackupFullAccess: [
    "backup:*",
    "backup-storage:*",
    "rds:Describe*",
    "rds:DeleteDBSnapshot",
    "iam:PassRole",
    "kms:CreateGrant",
  ],
  AWSBackupOperatorAccess: [
    "backup:Get*",
    "backup:List*",
    "backup:Describe*",
    "backup:Start*",
    "backup:Create*",
    "iam:PassRole",
  ],
  AWSBackupServiceRolePolicyForBackup: [
    ...["rds:AddTagsToResource", "rds:ListTagsForResource", "rds:DescribeDBSnapshots", "rds:CreateDBSnapshot"],
    ...["rds:CopyDBSnapshot", "rds:DescribeDBInstances", "rds:ModifyDBInstance", "rds:DeleteDBInstanceAutomatedBackup"],
    ...["rds:DeleteDBSnapshot", "rds:ModifyDBSnapshotAttribute", "backup:DescribeBackupVault"],
    ...["backup:CopyIntoBackupVault", "backup:CopyFromBackupVault", "backup:TagResource", "kms:DescribeKey"],
  ],
  AWSBackupServiceRolePolicyForS3Backup: [
    ...["s3:GetBucket*", "s3:GetInventoryConfiguration", "s3:PutInventoryConfiguration", "s3:ListBucket*"],
    ...["s3:PutBucketNotification", "s3:GetObject*", "backup:TagResource", "events:*", "kms:Decrypt"],
  ],
  AmazonSSMManagedInstanceCore: ["ssm:Get*", "ssm:UpdateInstanceInformation", "ssmmessages:*", "ec2messages:*"],
  CloudWatchAgentServerPolicy: ["cloudwatch:PutMetricData", "logs:Put*", "logs:Create*", "logs:Describe*"],
  AWSLambdaBasicExecutionRole: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
  AWSLambdaVPCAccessExecutionRole: ["logs:Create*", "logs:PutLogEvents", "ec2:*NetworkInterface*"],
  AmazonRoute53FullAccess: ["route53:*", "route53domains:*", "cloudwatch:DescribeAlarms"],
  AmazonEC2FullAccess: ["ec2:*", "elasticloadbalancing:*", "autoscaling:*", "cloudwatch:*"],
  AmazonSSMFullAccess: ["ssm:*", "ssmmessages:*", "ec2messages:*"],
  AWSLambda_FullAccess: ["lambda:*", "iam:PassRole", "logs:Describe*"],
  AWSKeyManagementServicePowerUser: [
    "kms:CreateAlias",
    "kms:CreateKey",
    "kms:DeleteAlias",
    "kms:Describe*",
    "kms:List*",
  ],
  AWSOrganizationsFullAccess: ["organizations:*", "account:*", "iam:CreateServiceLinkedRole"],
  AWSSSOMasterAccountAdministrator: [
    "sso:*",
    "sso-directory:*",
    "identitystore:*",
    "iam:PutRolePolicy",
    "iam:AttachRolePolicy",
  ],
};

/** "AWS managed policies for job functions", PowerUserAccess. */
const POWER_USER = { NotAction: ["iam:*", "organizations:*", "account:*"] };

/** The policy of AWS's that bears a name or an ARN; undefined when it is not in the catalogue. */
export function managedPolicy(nameOrArn: string): PolicyDocument | undefined {
  const name = nameOrArn.split("/").at(-1) ?? nameOrArn;
  const { [name]: actions } = ALLOWED;
  if (!actions) return undefined;
  const what = name === "PowerUserAccess" ? POWER_USER : { Action: actions };
  const read = readDocument({ Statement: { Effect: "Allow", Resource: "*", ...what } }, name);
  return isDocument(read) ? read : undefined;
}

/** The names in the catalogue. */
export const MANAGED_POLICIES: readonly string[] = Object.keys(ALLOWED);
