import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";

export interface FunctionRoleArgs {
  /** Its rights. @param logGroupArn what it writes its log to */
  policy(logGroupArn: string): pulumi.Output<string>;
  tags: Tags;
}

/** Who a function is. */
export interface FunctionRole {
  role: aws.iam.Role;
  logs: aws.cloudwatch.LogGroup;
  /** Without them it can do nothing: make the function after them. */
  rights: aws.iam.RolePolicy;
}

/** Registers a role that Lambda takes, the log that it writes, and its rights. */
export function functionRole(name: string, { policy, tags }: FunctionRoleArgs, parent: pulumi.Resource): FunctionRole {
  const role = new aws.iam.Role(
    `${name}-role`,
    { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }), tags },
    { parent },
  );
  const logs = new aws.cloudwatch.LogGroup(`${name}-logs`, { retentionInDays: 30, tags }, { parent });
  const rights = new aws.iam.RolePolicy(
    `${name}-rights`,
    { role: role.name, policy: logs.arn.apply(policy) },
    { parent },
  );
  return { role, logs, rights };
}
