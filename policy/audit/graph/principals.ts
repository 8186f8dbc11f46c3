import { RoleCatalogue } from "../azure/roles.ts";
import { ORGANIZATION, rootOf } from "../copies/aws-ways.ts";
import type { Estate } from "../copies/estate.ts";
import type { Context } from "../iam/conditions.ts";
import { isDocument, type PolicyDocument, readDocument } from "../iam/document.ts";
import type { AwsIdentity } from "../iam/evaluate.ts";
import { managedPolicy } from "../iam/managed-policies.ts";
import type { PrincipalEntry } from "../people/schema.ts";
import { EVERYTHING } from "./abilities.ts";
import type { Graph } from "./model.ts";

/**
 * What is known of everybody's requests: a role that is made to get around a boundary is made without one, so that a
 * policy which asks for one denies it.
 */
const CONTEXT: Context = new Map([["iam:PermissionsBoundary", null]]);

/** Digits of an account whose number the people file does not tell. */
export const accountId = (estate: Estate, account: string) => estate.people.accounts[account]?.id ?? "000000000000";

/** The policies that hold in an account, whoever asks. */
export function scpsOf(estate: Estate, account: string): PolicyDocument[] {
  return (estate.people.accounts[account]?.scps ?? []).flatMap((name) => documentOf(estate, name));
}

/** A policy of the people file: by name, or in full. What cannot be read, its reader has reported. */
function documentOf(estate: Estate, policy: unknown): PolicyDocument[] {
  if (typeof policy !== "string") {
    const read = readDocument(policy, "a policy of the people file");
    return isDocument(read) ? [read] : [];
  }
  const own = estate.people.policies[policy];
  if (own) return documentOf(estate, own);
  const managed = managedPolicy(policy);
  return managed ? [managed] : [];
}

/** Somebody in an account. */
export function identityIn(
  estate: Estate,
  account: string,
  arn: string,
  policies: readonly PolicyDocument[],
): AwsIdentity {
  return { account, arn, policies, scps: scpsOf(estate, account), context: CONTEXT };
}

/** What somebody is in one account alone, for whoever has got no more of them than that. */
export const inAccount = (name: string, account: string) => `${name} in ${account}`;
/** What somebody is on Azure alone. */
export const onAzure = (name: string) => `${name} on Azure`;
/** What somebody is by one of their sign-ins. */
export const signedInBy = (name: string, provider: string) => `${name} by ${provider}`;

/** Everybody of the people file, and the parts of them that somebody else can have without the rest. */
export function addPrincipals(graph: Graph, estate: Estate): void {
  const { people } = estate;
  const directories = new Set(Object.values(people.subscriptions).map(({ directory }) => directory));
  const roles = new RoleCatalogue(Object.entries(people.roles).map(([name, role]) => ({ name, ...role })));
  for (const [name, principal] of Object.entries(people.principals)) {
    const { kind, signsInBy } = principal;
    const aws = principal.aws.map((grant) => ({ identity: grantedIn(estate, name, grant), by: grant.signsInBy }));
    const azure = principal.azure.flatMap(({ role, scope }) => {
      const found = roles.find(role);
      return found ? [{ role: found, scope: scopeIn(estate, scope) }] : [];
    });
    graph.add({ id: name, kind, aws: aws.map(({ identity }) => identity), azure });
    for (const account of new Set(principal.aws.map((grant) => grant.account))) {
      const here = aws.flatMap(({ identity }) => (identity.account === account ? [identity] : []));
      graph.add({ id: inAccount(name, account), kind: "power", aws: here, azure: [] });
    }
    if (azure.length > 0) graph.add({ id: onAzure(name), kind: "power", aws: [], azure });
    for (const provider of signsInBy) {
      // A right of which nobody said how they come to it, they may come to by each of their sign-ins.
      const theirs = aws.filter(({ by }) => by === undefined || by === provider).map(({ identity }) => identity);
      graph.add({
        id: signedInBy(name, provider),
        kind: "power",
        aws: theirs,
        azure: directories.has(provider) ? azure : [],
      });
    }
  }
}

function grantedIn(
  estate: Estate,
  name: string,
  { account, arn, policies, boundary }: PrincipalEntry["aws"][number],
): AwsIdentity {
  const role = arn ?? `arn:aws:iam::${accountId(estate, account)}:role/${name}`;
  return {
    ...identityIn(
      estate,
      account,
      role,
      policies.flatMap((policy) => documentOf(estate, policy)),
    ),
    ...(boundary && { boundary: boundary.flatMap((policy) => documentOf(estate, policy)) }),
  };
}

/** A scope may name a subscription by its id too. */
function scopeIn(estate: Estate, scope: string): string {
  const [first = "", ...rest] = scope.split("/");
  const named = Object.entries(estate.people.subscriptions).find(([, { id }]) => id !== undefined && id === first);
  return named ? [named[0], ...rest].join("/") : scope;
}

/** What stands over each account: its root user, and whoever rules the organization. */
export function addAccountPowers(graph: Graph, estate: Estate): void {
  const { accounts } = estate.people;
  const whole = (account: string) => `arn:aws:iam::${accountId(estate, account)}:root`;
  graph.add({
    id: ORGANIZATION,
    kind: "power",
    aws: Object.keys(accounts).map((account) => ({
      ...identityIn(estate, account, whole(account), [EVERYTHING]),
      // Whoever rules it takes its policies away first.
      scps: [],
    })),
    azure: [],
  });
  for (const account of Object.keys(accounts)) {
    graph.add({
      id: rootOf(account),
      kind: "power",
      aws: [identityIn(estate, account, whole(account), [EVERYTHING])],
      azure: [],
    });
  }
}
