import { type Context, fillIn, holds } from "./conditions.ts";
import type { PolicyDocument, Statement } from "./document.ts";
import { covers, namesAction, overlaps } from "./patterns.ts";

/** Who asks AWS for something, with all the policies that come with them. */
export interface AwsIdentity {
  /** Account that it belongs to. */
  account: string;
  /** @example "arn:aws:iam::111122223333:role/shop-administrator" */
  arn: string;
  policies: readonly PolicyDocument[];
  /** What its rights are cut to; without one they are not. */
  boundary?: readonly PolicyDocument[];
  /** Service control policies of its account; a root user of a member account is held by them too. */
  scps: readonly PolicyDocument[];
  /** What is known of every request that it makes. */
  context: Context;
}

/** What is asked for. */
export interface AwsRequest {
  /** @example "s3:DeleteObjectVersion" */
  action: string;
  /** ARN, with stars where any will do, `*` where nothing is known of it. @example "arn:aws:s3:::shop-content/*" */
  resource: string;
  /** Account that the resource is in. */
  account: string;
  /** The policy on the resource itself. */
  resourcePolicy?: readonly PolicyDocument[];
  /** Whether only the resource's own policy lets anybody in, as with keys of KMS. */
  onlyByResource?: boolean;
}

/**
 * Whether a request would be allowed, as "How AWS enforcement code logic evaluates requests" has it: an explicit denial
 * first; then service control policies; then, within an account, either the resource's policy or the identity's own
 * within its boundary; across accounts both. What cannot be told counts as allowed.
 */
export function allows(identity: AwsIdentity, request: AwsRequest): boolean {
  const { policies, boundary = [], scps } = identity;
  const { resourcePolicy = [] } = request;
  const context = contextOf(identity);
  const ask = (documents: readonly PolicyDocument[], effect: Statement["Effect"]) =>
    documents.some(({ statements }) =>
      statements.some((statement) => statement.Effect === effect && applies(statement, request, identity, context)),
    );
  if ([policies, boundary, scps].some((documents) => ask(documents, "Deny"))) return false;
  if (ask(resourcePolicy, "Deny")) return false;
  if (hasAllowance(scps) && !ask(scps, "Allow")) return false;

  const within = identity.boundary === undefined || ask(boundary, "Allow");
  const own = ask(policies, "Allow") && within;
  const entrance = byResource(identity, request, resourcePolicy, context);
  if (identity.account !== request.account) return own && entrance !== "no";
  if (request.onlyByResource) return entrance === "named" || (entrance === "account" && own);
  if (entrance === "named") return within || !isRole(identity.arn);
  return own;
}

/** A list of denials alone is no list of what is allowed: everything else is, by FullAWSAccess beside it. */
function hasAllowance(documents: readonly PolicyDocument[]): boolean {
  return documents.some(({ statements }) => statements.some(({ Effect }) => Effect === "Allow"));
}

const isRole = (arn: string) => arn.includes(":role/");

function contextOf({ arn, account, context }: AwsIdentity): Context {
  return new Map([["aws:PrincipalArn", [arn]], ["aws:PrincipalAccount", [account]], ...context]);
}

/** Whether the resource's policy lets the identity in by name, leaves it to its account, or neither. */
function byResource(
  identity: AwsIdentity,
  request: AwsRequest,
  documents: readonly PolicyDocument[],
  context: Context,
): "named" | "account" | "no" {
  let found: "account" | "no" = "no";
  for (const { statements } of documents) {
    for (const statement of statements) {
      if (statement.Effect !== "Allow" || !applies(statement, request, identity, context)) continue;
      const names = statement.Principal?.AWS ?? [];
      if (statement.NotPrincipal || names.some((name) => name === "*" || name === identity.arn)) return "named";
      found = "account";
    }
  }
  return found;
}

/** Whether a statement speaks of the request: for sure where it denies, possibly where it allows. */
function applies(
  statement: Statement,
  { action, resource }: AwsRequest,
  identity: AwsIdentity,
  context: Context,
): boolean {
  const denies = statement.Effect === "Deny";
  const { Action, NotAction, Resource, NotResource } = statement;
  if (Action && !Action.some((pattern) => namesAction(pattern, action))) return false;
  if (NotAction?.some((pattern) => namesAction(pattern, action))) return false;

  const filled = (pattern: string) => fillIn(pattern, context);
  if (Resource) {
    const speaks = Resource.map(filled).some(({ text, unknown }) =>
      denies ? !unknown && covers(text, resource) : overlaps(text, resource),
    );
    if (!speaks) return false;
  }
  if (NotResource) {
    const spared = NotResource.map(filled).some(({ text, unknown }) =>
      denies ? overlaps(text, resource) : !unknown && covers(text, resource),
    );
    if (spared) return false;
  }
  if (!namesPrincipal(statement, identity)) return false;
  const answer = holds(statement.Condition, context);
  return denies ? answer === true : answer !== false;
}

/** A policy of an identity names nobody, and means its own. */
function namesPrincipal({ Principal, NotPrincipal }: Statement, { arn, account }: AwsIdentity): boolean {
  const isMeant = (name: string) =>
    name === "*" || name === arn || name === account || new RegExp(`^arn:[\\w-]+:iam::${account}:root$`).test(name);
  if (Principal) return (Principal.AWS ?? []).some(isMeant);
  // With NotPrincipal everybody else is meant, an account's own among them only when it is left out by name.
  if (NotPrincipal) return !(NotPrincipal.AWS ?? []).some((name) => name === arn || name === "*");
  return true;
}
