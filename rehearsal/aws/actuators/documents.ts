import { isDeepStrictEqual } from "node:util";
import type { Refusal } from "../../provider/actuator.ts";

/** A statement of a policy, as far as the checks look at it. */
export interface Statement {
  Effect?: string;
  Action?: string | string[];
  Resource?: string | string[];
  Principal?: string | Record<string, string | string[]>;
  NotPrincipal?: unknown;
  [element: string]: unknown;
}

interface PolicyRules {
  property: string;
  /** Most characters, and where that is written. */
  limit: number;
  source: string;
  /** What it is attached to: a resource says who may, an identity what it may. */
  kind: "resource" | "identity" | "trust";
}

const VERSIONS = ["2012-10-17", "2008-10-17"];

/** A document that the program gave as text or as an object, as text. */
export function documentText(given: unknown): string {
  return typeof given === "string" ? given : JSON.stringify(given);
}

/**
 * What the cloud has of a document, in the form in which the program gave it.
 *
 * Services write the same document with other spaces and another order of keys; that is no drift.
 */
export function asGiven(found: string | undefined, given: unknown): unknown {
  if (found === undefined) return undefined;
  const there = parse(found);
  if (isDeepStrictEqual(there, typeof given === "string" ? parse(given) : given)) return given;
  return typeof given === "object" && given !== null ? there : found;
}

/** Everything that AWS would refuse about the form of a policy; whether it means anything is not looked at. */
export function checkPolicy(given: unknown, { property, limit, source, kind }: PolicyRules): Refusal[] {
  if (given === undefined) return [];
  const refuse = (reason: string) => [{ property, reason: `${reason} (${source})` }];
  const document = documentText(given);
  const policy = parse(document);
  if (typeof policy !== "object" || policy === null || Array.isArray(policy)) {
    return refuse(`${JSON.stringify(document.slice(0, 40))} is no policy: a JSON object is expected`);
  }
  // IAM does not count white space; the same is generous enough for the others.
  const size = document.replaceAll(/\s/g, "").length;
  if (size > limit) return refuse(`the policy has ${size} characters: ${limit} at most`);
  const { Version, Statement } = policy as { Version?: unknown; Statement?: unknown };
  if (!VERSIONS.includes(String(Version))) {
    return refuse(`the policy's Version is ${JSON.stringify(Version)}: ${VERSIONS.join(" or ")} is expected`);
  }
  const statements = statementsOf(document);
  if (Statement === undefined || statements.length === 0) return refuse("the policy has no Statement: one at least");
  return statements.flatMap((statement, index) => {
    const flaw = flawOf(statement, kind);
    return flaw ? refuse(`statement ${index + 1} ${flaw}`) : [];
  });
}

/** The statements of a policy; none when it is no JSON. */
export function statementsOf(document: string): Statement[] {
  const { Statement } = (parse(document) ?? {}) as { Statement?: Statement | Statement[] };
  return [Statement ?? []].flat();
}

export function parse(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
}

function flawOf(statement: Statement, kind: PolicyRules["kind"]): string | undefined {
  const has = (...elements: string[]) => elements.some((element) => element in statement);
  if (!["Allow", "Deny"].includes(String(statement.Effect))) {
    return `has the Effect ${JSON.stringify(statement.Effect)}: "Allow" or "Deny" is expected`;
  }
  if (!has("Action", "NotAction")) return "has no Action";
  if (kind !== "identity" && !has("Principal", "NotPrincipal")) return "has no Principal: it must say who";
  if (kind === "identity" && has("Principal", "NotPrincipal"))
    return "has a Principal: the identity is whom it is put on";
  if (kind !== "trust" && !has("Resource", "NotResource")) return "has no Resource";
  if (kind === "trust" && has("Resource", "NotResource")) return "has a Resource: the role is the resource";
  return undefined;
}
