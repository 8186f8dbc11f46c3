import { RoleCatalogue } from "../azure/roles.ts";
import { ORGANIZATION, rootOf } from "../copies/aws-ways.ts";
import type { Estate } from "../copies/estate.ts";
import type { Context } from "../iam/conditions.ts";
import { isDocument, type PolicyDocument, readDocument } from "../iam/document.ts";
import type { AwsIdentity } from "../iam/evaluate.ts";
import { managedPolicy } from "../iam/managed-policies.ts";
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

/** Everybody of the people file. */
export function addPrincipals(graph: Graph, estate: Estate): void {
  const { people } = estate;
  const roles = new RoleCatalogue(Object.entries(people.roles).map(([name, role]) => ({ name, ...role })));
  for (const [name, { kind, aws, azure }] of Object.entries(people.principals)) {
    graph.add({
      id: name,
      kind,
      aws: aws.map(({ account, arn, policies, boundary }) => ({
        ...identityIn(
          estate,
          account,
          arn ?? `arn:aws:iam::${accountId(estate, account)}:role/${name}`,
          policies.flatMap((policy) => documentOf(estate, policy)),
        ),
        ...(boundary && { boundary: boundary.flatMap((policy) => documentOf(estate, policy)) }),
      })),
      azure: azure.flatMap(({ role, scope }) => {
        const found = roles.find(role);
        return found ? [{ role: found, scope: scopeIn(estate, scope) }] : [];
      }),
    });
  }
}

/** A scope may name a subscription by its id too. */
function scopeIn(estate: Estate, scope: string): string {
  const [first = "", ...rest] = scope.split("/");
  const named = Object.entries(estate.people.subscriptions).find(([, { id }]) => id !== undefined && id === first);
  return named ? [named[0], ...rest].join("/") : scope;
}

/** What stands over each account, and who holds it: its root user, and those who rule the organization. */
export function addAccountPowers(graph: Graph, estate: Estate): void {
  const { accounts, organization } = estate.people;
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
  for (const name of organization.administrators) graph.connect(name, ORGANIZATION, "administers the");
  for (const [account, { root }] of Object.entries(accounts)) {
    const id = rootOf(account);
    graph.add({ id, kind: "power", aws: [identityIn(estate, account, whole(account), [EVERYTHING])], azure: [] });
    for (const name of root) graph.connect(name, id, "can sign in as the");
  }
}
