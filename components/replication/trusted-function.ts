import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { bundleFunction } from "../function-bundle.ts";
import type { Tags } from "../tags.ts";
import { functionRole } from "./function-role.ts";
import { Trust } from "./trust.ts";

export interface TrustedFunctionArgs {
  /** Logical name of the function itself. @example "shop-objects-replicator" */
  functionName: string;
  /** What it does, for people who meet it in the console. */
  description: string;
  /** Its program, below lambdas/. @example "objects/handler.ts" */
  program: string;
  /** Its rights on AWS. @param logGroupArn what it writes its log to */
  policy(logGroupArn: string): pulumi.Output<string>;
  /** Who it is on Azure. */
  identity: {
    identityName: pulumi.Input<string>;
    resourceGroupName: pulumi.Input<string>;
    clientId: pulumi.Input<string>;
    tenantId: pulumi.Input<string>;
  };
  /** The AWS account's issuer of web identities; see `TrustArgs.issuer`. */
  webIdentityIssuer: pulumi.Input<string>;
  timeoutSeconds: number;
  memoryMib: number;
  /** Its environment, besides the identity. */
  variables: Record<string, pulumi.Input<string>>;
  tags: Tags;
}

/** Registers a function that acts on both clouds: with its role, its log, and the trust of an identity of Azure's in it. */
export function trustedFunction(name: string, args: TrustedFunctionArgs, parent: pulumi.Resource): aws.lambda.Function {
  const { identity, policy, tags } = args;
  const { role, logs, rights } = functionRole(name, { policy, tags }, parent);
  const trust = new Trust(
    `${name}-trust`,
    {
      roleArn: role.arn,
      identityName: identity.identityName,
      resourceGroupName: identity.resourceGroupName,
      issuer: args.webIdentityIssuer,
    },
    { parent },
  );
  return new aws.lambda.Function(
    args.functionName,
    {
      description: args.description,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      code: bundleFunction(args.program),
      role: role.arn,
      timeout: args.timeoutSeconds,
      memorySize: args.memoryMib,
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      environment: {
        variables: { AZURE_CLIENT_ID: identity.clientId, AZURE_TENANT_ID: identity.tenantId, ...args.variables },
      },
      tags,
    },
    // The first call would be spent on an error without them.
    { parent, dependsOn: [rights, trust] },
  );
}

/**
 * Lets a function go on by messages to the queue that wakes it: Lambda takes that for a loop, and would drop it after 16
 * rounds ("Use Lambda recursive loop detection to prevent infinite loops").
 */
export function allowRounds(name: string, functionName: pulumi.Input<string>, parent: pulumi.Resource): void {
  new aws.lambda.FunctionRecursionConfig(`${name}-rounds`, { functionName, recursiveLoop: "Allow" }, { parent });
}
