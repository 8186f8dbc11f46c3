import { SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import type { Refusal } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { statementsOf } from "./documents.ts";
import { findRole } from "./iam.ts";

/** A service that takes on roles, and how it says that it cannot. */
export interface Trusted {
  /** @example "lambda.amazonaws.com" */
  service: string;
  /** @example "InvalidParameterValueException" */
  error: string;
  /** Where that is written. @example "CreateFunction" */
  source: string;
}

/** Refuses what names no role that there is. */
export async function checkRoleArn(
  cloud: AwsCloud,
  arn: string | undefined,
  { property, source }: { property: string; source: string },
): Promise<Refusal[]> {
  if (arn === undefined) return [];
  const name = roleNameOf(arn);
  if (name === undefined) {
    return [{ property, reason: `"${arn}" is no ARN of a role: arn:aws:iam::ACCOUNT:role/NAME (${source})` }];
  }
  if ((await findRole(cloud, name))?.Arn === arn) return [];
  return [{ property, reason: `there is no role "${arn}" (${source})` }];
}

/**
 * Refuses a role that a service may not take on, as AWS does and the emulator does not.
 *
 * Not for a check, because in a preview the role is as it was.
 */
export async function requireTrust(cloud: AwsCloud, arn: string, { service, error, source }: Trusted): Promise<void> {
  const found = await findRole(cloud, roleNameOf(arn) ?? arn);
  const statements = statementsOf(decodeURIComponent(found?.AssumeRolePolicyDocument ?? ""));
  const trusts = statements.some(({ Effect, Action, Principal }) => {
    const services = typeof Principal === "object" ? [Principal.Service ?? []].flat() : [];
    const acts = [Action ?? []].flat().some((action) => ["sts:AssumeRole", "sts:*", "*"].includes(action));
    return Effect === "Allow" && acts && services.includes(service);
  });
  if (trusts) return;
  throw new Error(
    `${error}: the role ${arn} cannot be assumed by ${service}: ` +
      `its assumeRolePolicy must allow sts:AssumeRole to that service (${source})`,
  );
}

/**
 * Refuses a role that may not do what it is there for: AWS would take it, and nothing would ever be done.
 *
 * @param holder what has the role @example "schedule"
 */
export async function requireRight(
  cloud: AwsCloud,
  arn: string,
  { action, on, holder }: { action: string; on: string; holder: string },
): Promise<void> {
  const { EvaluationResults = [] } = await cloud.iam.send(
    new SimulatePrincipalPolicyCommand({ PolicySourceArn: arn, ActionNames: [action], ResourceArns: [on] }),
  );
  if (EvaluationResults.every(({ EvalDecision }) => EvalDecision === "allowed")) return;
  throw new Error(
    `AccessDeniedException: the ${holder}'s role ${arn} may not ${action} on ${on}: ` +
      `give it a policy that allows it before the ${holder} is made`,
  );
}

/** Name of the role that an ARN names, without its path. */
function roleNameOf(arn: string): string | undefined {
  return /^arn:aws:iam::\d{12}:role\/(?:.*\/)?([\w+=,.@-]+)$/.exec(arn)?.[1];
}
