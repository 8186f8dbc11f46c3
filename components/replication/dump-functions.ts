import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DatabaseDumpArgs } from "./database-dump.ts";
import { dumpFunction } from "./dump-function.ts";
import { DUMP_FUNCTION, PREPARE_FUNCTION } from "./dump-function-plan.ts";
import { dumpPolicy, preparePolicy } from "./dump-policies.ts";

/** The functions of a dump. */
export interface DumpFunctions {
  /** Knows the administrator, and has the primary ready to be dumped. */
  prepare: aws.lambda.Function;
  /** Knows a user who only reads, and does all the rest. */
  dump: aws.lambda.Function;
}

/** Registers both: who reads every row must not know the one who may change it. */
export function dumpFunctions(
  name: string,
  args: DatabaseDumpArgs & { dumpSecretArn: pulumi.Input<string>; securityGroupId: pulumi.Input<string> },
  parent: pulumi.Resource,
): DumpFunctions {
  const { database, bucket, dumpSecretArn, replicatorSecretArn, securityGroupId, subnetIds, tags } = args;
  const placed = { subnetIds, securityGroupId, tags };
  const secretArns = pulumi.all([
    database.secretArn,
    dumpSecretArn,
    ...(replicatorSecretArn ? [replicatorSecretArn] : []),
  ]);

  const prepare = dumpFunction(
    `${name}-prepare`,
    {
      description: "Prepares the primary's database for its dump, and tells what of it the standby cannot have.",
      entry: "database/primary-handler.ts",
      plan: PREPARE_FUNCTION,
      environment: {
        DATABASE_HOST: database.host,
        DATABASE_PORT: pulumi.output(database.port).apply(String),
        DUMP_SECRET_ARN: dumpSecretArn,
        ADMIN_SECRET_ARN: database.secretArn,
        ...(replicatorSecretArn && { REPLICATOR_SECRET_ARN: replicatorSecretArn }),
      },
      policy: (logGroupArn) => secretArns.apply((arns) => preparePolicy({ secretArns: arns, logGroupArn })),
      ...placed,
    },
    parent,
  );
  const dump = dumpFunction(
    `${name}-dump`,
    {
      description: "Dumps the database from a replica that stands still.",
      entry: "database/dump-handler.ts",
      plan: DUMP_FUNCTION,
      environment: { DUMP_SECRET_ARN: dumpSecretArn, DUMP_BUCKET: bucket.bucketName },
      policy: (logGroupArn) =>
        pulumi.output({ secretArn: dumpSecretArn, bucketArn: bucket.bucketArn, logGroupArn }).apply(dumpPolicy),
      ...placed,
    },
    parent,
  );
  return { prepare, dump };
}
