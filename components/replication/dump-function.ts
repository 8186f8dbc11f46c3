import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { bundleFunction } from "../function-bundle.ts";
import type { Tags } from "../tags.ts";
import type { FunctionPlan } from "./dump-function-plan.ts";
import { functionRole } from "./function-role.ts";

export interface DumpFunctionArgs {
  description: string;
  /** Its module inside lambdas/. @example "database/dump-handler.ts" */
  entry: string;
  plan: FunctionPlan;
  environment: Record<string, pulumi.Input<string>>;
  /** Its rights. */
  policy(logGroupArn: string): pulumi.Output<string>;
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  securityGroupId: pulumi.Input<string>;
  tags: Tags;
}

/** Registers a function in the database's network, with its role and its log. */
export function dumpFunction(name: string, args: DumpFunctionArgs, parent: pulumi.Resource): aws.lambda.Function {
  const { plan, tags } = args;
  const { role, logs, rights } = functionRole(name, args, parent);
  return new aws.lambda.Function(
    `${name}-function`,
    {
      description: args.description,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      code: bundleFunction(args.entry),
      role: role.arn,
      timeout: plan.timeoutSeconds,
      memorySize: plan.memoryMib,
      vpcConfig: { subnetIds: args.subnetIds, securityGroupIds: [args.securityGroupId] },
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
      environment: { variables: args.environment },
      tags,
    },
    // Lambda makes no function in a network that its role may not join.
    { parent, dependsOn: rights },
  );
}
