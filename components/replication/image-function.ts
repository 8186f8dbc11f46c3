import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionPlan } from "./dump-function-plan.ts";
import { imageFunctionPolicy } from "./image-policies.ts";
import type { ImageReplicationArgs } from "./image-replication.ts";
import { trustedFunction } from "./trusted-function.ts";

/**
 * A disk of any size takes less than 128 MiB beside what the process itself takes; the rest buys its processor, one whole
 * at 1769 MiB ("Configure Lambda function memory"), for looking through gigabytes for zeros.
 */
const PLAN: FunctionPlan = { memoryMib: 1769, timeoutSeconds: 900 };

/** Registers the function that carries images, with its role, its log, and the identity's trust in it. */
export function imageFunction(
  name: string,
  args: ImageReplicationArgs & { bucketName: pulumi.Input<string>; bucketArn: pulumi.Input<string> },
  parent: pulumi.Resource,
): aws.lambda.Function {
  const { target, bucketArn, tags } = args;
  const policy = (logGroupArn: string) => pulumi.output({ bucketArn, logGroupArn }).apply(imageFunctionPolicy);
  const replicating = {
    functionName: `${name}-function`,
    description: "Carries images of the servers to the standby, and sees them boot there.",
    program: "images/handler.ts",
    policy,
    identity: target,
    webIdentityIssuer: args.webIdentityIssuer,
    ...PLAN,
    variables: {
      EXPORT_BUCKET: args.bucketName,
      IMAGES_BLOB_ENDPOINT: target.blobEndpoint,
      IMAGES_CONTAINER: target.containerName,
      IMAGES_ACCOUNT_ID: target.accountId,
      IMAGE_DEFINITION_ID: target.imageDefinitionId,
      IMAGE_VERSIONS: String(args.versions),
      BOOT_GROUP_ID: target.boot.resourceGroupId,
      BOOT_SUBNET_ID: target.boot.subnetId,
      BOOT_SIZE: target.boot.vmSize,
      LOCATION: target.location,
      // What it makes at the standby is the standby's.
      TAGS: JSON.stringify({ ...tags, Purpose: "standby" }),
    },
    tags,
  };
  return trustedFunction(name, replicating, parent);
}
