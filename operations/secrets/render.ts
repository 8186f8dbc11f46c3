import type { Comparison, Drift, DriftKind } from "../../lambdas/secrets/drift.ts";
import { count } from "../database/units.ts";

/** The kinds, and what each means for people. */
const KINDS: Record<DriftKind, string> = {
  missing: "no copy yet",
  stale: "the copy is of another version, or its tags are others",
  extra: "the copy can be read, and its source is gone or not tagged any more",
  foreign: "somebody else wrote the copy last: see docs/secrets.md",
};

/** What a comparison found, a line for each secret that differs; names and ids of versions, and no value. */
export function renderComparison({ secrets, drift }: Comparison): string {
  if (drift.length === 0) return `${count(secrets)} secrets cross, and every copy is as it should be.`;
  const kinds = (Object.keys(KINDS) as DriftKind[]).flatMap((kind) => {
    const found = drift.filter((each) => each.kind === kind);
    return found.length === 0 ? [] : [`  ${kind} (${KINDS[kind]}): ${found.length}`, ...found.map(renderDrift)];
  });
  return [`${count(secrets)} secrets cross. Copies that differ:`, ...kinds].join("\n");
}

function renderDrift({ secret, version, copied }: Drift): string {
  const versions = [version && `version ${version} at the primary`, copied && `${copied} in the vault`].filter(Boolean);
  return `      ${JSON.stringify(secret)}${versions.length > 0 ? `, ${versions.join(", ")}` : ""}`;
}

/** The same in a line: how many, and which. */
export function summaryOf({ secrets, drift }: Comparison): string {
  if (drift.length === 0) return `${count(secrets)} secrets, each as at the primary`;
  const kinds = (Object.keys(KINDS) as DriftKind[]).flatMap((kind) => {
    const found = drift.filter((each) => each.kind === kind).map(({ secret }) => secret);
    return found.length === 0 ? [] : [`${found.length} ${kind}: ${named(found)}`];
  });
  return `${count(secrets)} secrets; ${kinds.join("; ")}`;
}

/** Names that a line shows. */
const SHOWN = 5;

function named(secrets: readonly string[]): string {
  const more = secrets.length - SHOWN;
  return `${secrets.slice(0, SHOWN).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
