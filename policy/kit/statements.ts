import { isDocument, readDocument, type Statement } from "../audit/iam/document.ts";
import { type Finding, unknown, wrong } from "./finding.ts";
import { at, type Resource, UNKNOWN } from "./resource.ts";

/**
 * The statements of a policy document that stands in a property; or, where it cannot be read, what is to be said of it.
 *
 * @example statementsOf(rolePolicy, "policy")
 */
export function statementsOf(resource: Resource, property: string): { statements: Statement[]; findings: Finding[] } {
  const value = at(resource, property);
  if (value === undefined) return { statements: [], findings: [] };
  if (value === UNKNOWN) return { statements: [], findings: [unknown(resource, property)] };
  const read = readDocument(value, resource.name);
  if (isDocument(read)) return { statements: read.statements, findings: [] };
  return { statements: [], findings: [wrong(resource, `has a ${property} that cannot be read: ${read.wrong}`)] };
}

/** Whether a statement is for everybody there is. */
export function isForAnybody({ Principal, NotPrincipal }: Statement): boolean {
  return NotPrincipal !== undefined || Object.values(Principal ?? {}).some((names) => names.includes("*"));
}

/** Whether a statement denies everybody what does not come over TLS. */
export function deniesPlainText(statement: Statement): boolean {
  const secure = statement.Condition?.Bool?.["aws:SecureTransport"] ?? [];
  return statement.Effect === "Deny" && isForAnybody(statement) && secure.includes("false");
}
