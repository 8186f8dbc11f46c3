import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../tags.ts";
import type { AslMachine } from "./asl.ts";
import { invokerTrustPolicy } from "./policies.ts";

export interface MachineArgs {
  definition: pulumi.Input<AslMachine>;
  /** ARN of anything in the account for which the machine may act. */
  ownArn: pulumi.Output<string>;
  /** Its rights. */
  policy(machineArn: string): pulumi.Output<string>;
  tags: Tags;
}

/** Registers a state machine with its role. @returns its ARN, and the rights that whoever starts it waits for */
export function machine(
  name: string,
  { definition, ownArn, policy, tags }: MachineArgs,
  parent: pulumi.Resource,
): { arn: pulumi.Output<string>; rights: pulumi.Resource } {
  const role = new aws.iam.Role(
    `${name}-role`,
    { assumeRolePolicy: ownArn.apply((arn) => invokerTrustPolicy("states.amazonaws.com", arn)), tags },
    { parent },
  );
  const { arn } = new aws.sfn.StateMachine(
    `${name}-machine`,
    { type: "STANDARD", roleArn: role.arn, definition: pulumi.jsonStringify(definition), tags },
    { parent },
  );
  // After the machine, which they may name, and before anybody starts it.
  const rights = new aws.iam.RolePolicy(`${name}-rights`, { role: role.name, policy: arn.apply(policy) }, { parent });
  return { arn, rights };
}
