import { SIGNATURE } from "../../../rehearsal/provider/assets.ts";
import type { TestAws } from "./local-aws.ts";

/** How Pulumi writes assets and archives on the wire. */
export const asset = (fields: object) => ({ [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", hash: "1", ...fields });
export const archive = (fields: object) => ({ [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7", hash: "1", ...fields });

/** A trust policy for one service. */
export const trustIn = (service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
});

/** An allowance of one action on one resource. */
export const allowing = (Action: string, Resource: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource }],
});

/** Deploys a function from the text of its handler, with a role that may do nothing. @returns its ARN */
export async function deployHandler(aws: TestAws, name: string, handler: string): Promise<string> {
  const role = await aws.deploy("aws:iam/role:Role", { name, assumeRolePolicy: trustIn("lambda.amazonaws.com") });
  const made = await aws.deploy("aws:lambda/function:Function", {
    name,
    role: role.properties.arn,
    runtime: "nodejs24.x",
    handler: "index.handler",
    code: archive({ assets: { "index.js": asset({ text: `exports.handler = ${handler};` }) } }),
  });
  return String(made.properties.arn);
}
