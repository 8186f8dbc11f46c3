import { LineCounter, parseDocument } from "yaml";
import { nearest } from "../../../stacks/problems.ts";
import { DIRECTORY_ROLES, directoryPower } from "../azure/directory-roles.ts";
import { RoleCatalogue } from "../azure/roles.ts";
import { isDocument, readDocument } from "../iam/document.ts";
import { MANAGED_POLICIES, managedPolicy } from "../iam/managed-policies.ts";
import { cyclesIn } from "./cycles.ts";
import { type PeopleFile, peopleSchema } from "./schema.ts";

/** Something that could not be read. The audit never passes while there is one. */
export interface Unread {
  /** File, and line where there are lines; or the resource. @example "people.yaml:12:5" */
  place: string;
  /** What was expected, what was found, and what to do. */
  what: string;
}

type Path = readonly PropertyKey[];
type Report = (path: Path, what: string) => void;

/**
 * Reads a people file.
 *
 * @param text YAML
 * @param file its name, for what is wrong with it
 * @returns the file as far as it could be read, and everything that is wrong with it
 */
export function readPeople(text: string, file: string): { people: PeopleFile | undefined; unread: Unread[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    const unread = document.errors.map(({ pos: [start], message }) => ({
      place: position(start),
      what: `expected YAML: ${message.split("\n")[0]}`,
    }));
    return { people: undefined, unread };
  }
  const placeOf = (path: Path): string => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
      if (node?.range) return position(node.range[0]);
    }
    return `${file}:1:1`;
  };
  const read = peopleSchema.safeParse(document.toJS());
  if (!read.success) {
    const unread = read.error.issues.map(({ path, message }) => ({
      place: placeOf(path),
      what: `${path.map(String).join(".") || "the file"}: ${message}`,
    }));
    return { people: undefined, unread };
  }
  const unread: Unread[] = [];
  const report: Report = (path, what) =>
    unread.push({ place: placeOf(path), what: `${path.map(String).join(".")}: ${what}` });
  checkReferences(read.data, report);
  checkCatalogues(read.data, report);
  for (const cycle of cyclesIn(read.data)) {
    report(
      ["principals", cycle[0] ?? "", "canBecome"],
      `expected no one to become themselves, found ${[...cycle, cycle[0]].join(" → ")}; take one of these away`,
    );
  }
  return { people: read.data, unread };
}

/** Every name has to be one of those that the file makes. */
function checkReferences(people: PeopleFile, report: Report): void {
  const principals = Object.keys(people.principals);
  const providers = Object.keys(people.identityProviders);
  const check = (kind: string, known: readonly string[]) => (path: Path, names: readonly string[]) => {
    for (const [index, name] of names.entries()) {
      if (!known.includes(name)) report([...path, index], unknownName(kind, name, known));
    }
  };
  const principalsAt = check("a principal of this file", principals);
  const one = (kind: string, known: readonly string[]) => (path: Path, name: string | undefined) => {
    if (name !== undefined && !known.includes(name)) report(path, unknownName(kind, name, known));
  };
  const account = one("an account of this file", Object.keys(people.accounts));
  const scope = (path: Path, text: string | undefined) => {
    if (text === undefined || text === "/" || /^\/providers\/Microsoft.Management\/managementGroups\//i.test(text))
      return;
    one("a subscription of this file, before the first /,", Object.keys(people.subscriptions))(
      path,
      text.split("/")[0],
    );
  };

  for (const [name, { root, scps }] of Object.entries(people.accounts)) {
    principalsAt(["accounts", name, "root"], root);
    check("a policy of this file", Object.keys(people.policies))(["accounts", name, "scps"], scps);
  }
  principalsAt(["organization", "administrators"], people.organization.administrators);
  for (const [name, { directory }] of Object.entries(people.subscriptions)) {
    one("an identity provider of this file", providers)(["subscriptions", name, "directory"], directory);
  }
  for (const [name, { administrators }] of Object.entries(people.identityProviders)) {
    principalsAt(["identityProviders", name, "administrators"], administrators);
  }
  for (const [name, state] of Object.entries(people.states)) {
    const path = ["states", name];
    principalsAt([...path, "writers"], state.writers);
    account([...path, "account"], state.account);
    scope([...path, "scope"], state.scope);
    if ((state.scope === undefined) === (state.account === undefined || state.bucket === undefined)) {
      report(path, "expected where the state is kept, either `scope` or `account` and `bucket`");
    }
  }
  for (const [name, principal] of Object.entries(people.principals)) {
    const path = ["principals", name];
    principalsAt([...path, "canBecome"], principal.canBecome);
    principalsAt([...path, "administeredBy"], principal.administeredBy);
    principalsAt([...path, "changedBy", "people"], principal.changedBy.people);
    check("an identity provider of this file", providers)([...path, "signsInBy"], principal.signsInBy);
    for (const [index, grant] of principal.aws.entries()) {
      account([...path, "aws", index, "account"], grant.account);
      one("an identity provider of this file", providers)([...path, "aws", index, "signsInBy"], grant.signsInBy);
    }
    for (const [index, grant] of principal.azure.entries()) scope([...path, "azure", index, "scope"], grant.scope);
  }
}

/** Every policy has to parse, and every role has to be one of which it is known what it allows. */
function checkCatalogues(people: PeopleFile, report: Report): void {
  const own = Object.keys(people.policies);
  const checkPolicy = (path: Path, policy: unknown) => {
    if (typeof policy === "string") {
      if (own.includes(policy) || managedPolicy(policy)) return;
      report(
        path,
        `${unknownName("a policy of the catalogue or of this file", policy, [...own, ...MANAGED_POLICIES])}, or write it in full`,
      );
      return;
    }
    const read = readDocument(policy, path.map(String).join("."));
    if (!isDocument(read)) report(path, read.wrong);
  };
  const roles = new RoleCatalogue(Object.entries(people.roles).map(([name, role]) => ({ name, ...role })));
  for (const [name, policy] of Object.entries(people.policies)) checkPolicy(["policies", name], policy);
  for (const [name, principal] of Object.entries(people.principals)) {
    const path = ["principals", name];
    for (const [index, { policies, boundary = [] }] of principal.aws.entries()) {
      for (const [at, policy] of policies.entries()) checkPolicy([...path, "aws", index, "policies", at], policy);
      for (const [at, policy] of boundary.entries()) checkPolicy([...path, "aws", index, "boundary", at], policy);
    }
    for (const [index, { role }] of principal.azure.entries()) {
      if (roles.find(role)) continue;
      const what = unknownName("a role of the catalogue or of this file", role, roles.names);
      report([...path, "azure", index, "role"], `${what}, or define it under \`roles\``);
    }
    for (const [index, role] of principal.directoryRoles.entries()) {
      if (directoryPower(role)) continue;
      report(
        [...path, "directoryRoles", index],
        unknownName("a role of the directory that the catalogue has", role, DIRECTORY_ROLES),
      );
    }
  }
}

function unknownName(kind: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return `expected ${kind}, found ${name}; ${meant ? `did you mean ${meant}?` : "add it, or correct it"}`;
}
