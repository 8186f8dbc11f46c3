import { MANIFESTS, WORK } from "../../lambdas/database/layout.ts";
import { policyDocument, writeLog } from "../policy-document.ts";

/** What Lambda does with a function's role to give it an address in a network. */
const ADDRESSES = [
  ...["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"],
  ...["ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"],
];

/** Lets Lambda do so, and not the function's code ("Giving Lambda functions access to resources in an Amazon VPC"). */
const JOIN_THE_NETWORK = [
  // "*" because some of these know no resource, and the address to be has no id yet.
  { Sid: "JoinTheNetwork", Effect: "Allow", Action: ADDRESSES, Resource: "*" },
  {
    Sid: "NotByCode",
    Effect: "Deny",
    Action: ADDRESSES,
    Resource: "*",
    // In the code's own calls, and only there, the function is named.
    Condition: { Null: { "lambda:SourceFunctionArn": "false" } },
  },
];

/** All that the function may do which prepares the primary: read its secrets, write its log. */
export function preparePolicy(args: { secretArns: string[]; logGroupArn: string }): string {
  return policyDocument([readSecrets(args.secretArns), writeLog(args.logGroupArn), ...JOIN_THE_NETWORK]);
}

/**
 * All that the function may do which dumps: read its one secret, write dumps and find its way among them, write its
 * log. It can delete nothing, and read back none of the rows.
 */
export function dumpPolicy(args: { secretArn: string; bucketArn: string; logGroupArn: string }): string {
  const { bucketArn } = args;
  return policyDocument([
    readSecrets([args.secretArn]),
    {
      Sid: "WriteDumps",
      Effect: "Allow",
      // To abort is what is left to do with an upload that failed half-way.
      Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: `${bucketArn}/*`,
    },
    {
      Sid: "ReadWhatIsNoRow",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: [`${WORK}*`, `${MANIFESTS}*`, "*/definitions.json.zst"].map((names) => `${bucketArn}/${names}`),
    },
    { Sid: "ListDumps", Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn },
    writeLog(args.logGroupArn),
    ...JOIN_THE_NETWORK,
  ]);
}

/** What the machine that dumps works with. */
export interface DumpMachineResources {
  machineArn: string;
  /** The functions that it invokes. */
  functionArns: string[];
  bucketArn: string;
  /** The instance that is dumped. */
  databaseArn: string;
  replicaPrefix: string;
}

/**
 * All that the machine may do which dumps: make a replica of the one database, look at both, delete what bears its
 * own prefix and nothing else, invoke its functions, read the list of chunks, and run these as executions of itself
 * ("IAM policies for using Distributed Map states").
 */
export function dumpMachinePolicy(args: DumpMachineResources): string {
  const { databaseArn, machineArn } = args;
  const replicas = replicasOf(databaseArn, args.replicaPrefix);
  const executions = machineArn.replace(":stateMachine:", ":execution:");
  return policyDocument([
    {
      Sid: "MakeReplica",
      Effect: "Allow",
      Action: "rds:CreateDBInstanceReadReplica",
      // RDS also asks for the groups that the replica takes over, whichever the source has ("Actions, resources, and
      // condition keys for Amazon RDS").
      Resource: [databaseArn, replicas, ...["og:*", "pg:*", "subgrp:*"].map((group) => inPlaceOf(databaseArn, group))],
    },
    { Sid: "TagReplica", Effect: "Allow", Action: "rds:AddTagsToResource", Resource: replicas },
    {
      Sid: "LookAtBoth",
      Effect: "Allow",
      Action: "rds:DescribeDBInstances",
      Resource: [databaseArn, replicas],
    },
    deleteReplicas(replicas),
    { Sid: "InvokeFunctions", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: args.functionArns },
    { Sid: "ReadPlan", Effect: "Allow", Action: "s3:GetObject", Resource: `${args.bucketArn}/${WORK}*` },
    startExecutions(machineArn),
    {
      Sid: "FollowChunks",
      Effect: "Allow",
      Action: ["states:DescribeExecution", "states:StopExecution"],
      // An execution of a chunk is named after the map within the machine.
      Resource: [`${executions}:*`, `${executions}/*`],
    },
  ]);
}

/** All that the sweeper may do: see whether a dump is at work, list instances, delete those with the prefix of replicas. */
export function sweeperPolicy(args: { dumpMachineArn: string; databaseArn: string; replicaPrefix: string }): string {
  const { databaseArn } = args;
  return policyDocument([
    { Sid: "LookForDumps", Effect: "Allow", Action: "states:ListExecutions", Resource: args.dumpMachineArn },
    {
      Sid: "ListInstances",
      Effect: "Allow",
      Action: "rds:DescribeDBInstances",
      // A list that names no instance is one of all.
      Resource: inPlaceOf(databaseArn, "db:*"),
    },
    deleteReplicas(replicasOf(databaseArn, args.replicaPrefix)),
  ]);
}

/** All that a schedule may do: start the one machine. */
export function starterPolicy(machineArn: string): string {
  return policyDocument([startExecutions(machineArn)]);
}

function startExecutions(machineArn: string): object {
  return { Sid: "StartExecutions", Effect: "Allow", Action: "states:StartExecution", Resource: machineArn };
}

function deleteReplicas(replicas: string): object {
  return { Sid: "DeleteReplicas", Effect: "Allow", Action: "rds:DeleteDBInstance", Resource: replicas };
}

function readSecrets(secretArns: string[]): object {
  return { Sid: "ReadSecrets", Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secretArns };
}

function replicasOf(databaseArn: string, replicaPrefix: string): string {
  return inPlaceOf(databaseArn, `db:${replicaPrefix}-*`);
}

/** The ARN of something else of RDS's in the database's account and region. @param resource @example "pg:*" */
function inPlaceOf(databaseArn: string, resource: string): string {
  return [...databaseArn.split(":").slice(0, 5), resource].join(":");
}
