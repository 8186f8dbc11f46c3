/**
 * Whether something would let a declaration go through: `warn`, it would, and is not as it should be; `skip`, nobody can
 * tell before something else is mended, which fails.
 */
export interface Verdict {
  status: "ok" | "warn" | "fail" | "skip";
  /** What was found. */
  found: string;
  /** What to do; absent when all is well. */
  mend?: string;
}

/** What was looked at, and what came of it. */
export interface Line extends Verdict {
  id: string;
  title: string;
}

export function ok(found: string): Verdict {
  return { status: "ok", found };
}

export function warn(found: string, mend: string): Verdict {
  return { status: "warn", found, mend };
}

export function fail(found: string, mend: string): Verdict {
  return { status: "fail", found, mend };
}

export function skip(found: string): Verdict {
  return { status: "skip", found };
}
