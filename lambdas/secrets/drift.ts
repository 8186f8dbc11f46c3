import { originOf, versionOf } from "./copy-tags.ts";
import { decide, mayCross } from "./decision.ts";
import { copyNameOf } from "./names.ts";
import type { Copy, SourceSecret } from "./secret-state.ts";

/**
 * How a copy differs: it is not there; it is of another version, or its tags are others; its source is gone or may not
 * cross; somebody else wrote it last.
 */
export type DriftKind = "missing" | "stale" | "extra" | "foreign";

/** A secret whose copy differs: by names and ids of versions, which say nothing of values. */
export interface Drift {
  /** Name of the secret at the primary. */
  secret: string;
  kind: DriftKind;
  /** The version that is current at the primary, where there is one. */
  version?: string;
  /** The version that the copy says it holds, where it says one. */
  copied?: string;
}

/** What a comparison of both sides came to. */
export interface Comparison {
  /** Secrets that may cross. */
  secrets: number;
  drift: Drift[];
}

/** Compares all secrets of the primary with all copies. What in the vault nobody copied is none of its business. */
export function compare(sources: readonly SourceSecret[], copies: readonly Copy[], workload: string): Comparison {
  const bySource = new Map(sources.map((source) => [source.name, source]));
  const byCopy = new Map(copies.map((copy) => [copy.name.toLowerCase(), copy]));
  const origins = copies.map(originOf).filter((name) => name !== undefined);
  const allowed = sources.filter((source) => mayCross(source, workload)).map(({ name }) => name);
  const drift = [...new Set([...allowed, ...origins])].sort().flatMap((secret): Drift[] => {
    const source = bySource.get(secret);
    const copy = byCopy.get(copyNameOf(secret));
    const kind = kindOf(decide(source, copy, workload).action, copy);
    const copied = copy && versionOf(copy);
    return kind
      ? [{ secret, kind, ...(source?.version && { version: source.version }), ...(copied && { copied }) }]
      : [];
  });
  return { secrets: allowed.length, drift };
}

function kindOf(action: ReturnType<typeof decide>["action"], copy: Copy | undefined): DriftKind | undefined {
  if (action === "keep") return undefined;
  if (action === "foreign") return "foreign";
  if (action === "disable") return "extra";
  return copy === undefined ? "missing" : "stale";
}
