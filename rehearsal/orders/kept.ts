/** What is known of one writing: enough of a try of an order, or of a put of an object. */
interface Writing {
  key: string;
  endedAt: number;
  /** Whether it was confirmed. */
  well: boolean;
  sha256?: string;
}

/** What of that which was confirmed is there in the end. Times are milliseconds on the record's clock. */
export interface Compared {
  /** Keys that were confirmed. */
  confirmed: number;
  /** Keys that were sent and are there, confirmed or not. */
  found: number;
  /** Confirmed and not there. */
  missing: number;
  /** Confirmed and there, but with other bytes. */
  different: number;
  /** How long before the loss the oldest one that is missing or different was confirmed; 0 when there is none. */
  oldestMissing: number;
  /** Missing or different, though confirmed after the loss: no age of a copy excuses these. */
  lostLater: number;
  /** Keys that are there more than once. */
  duplicated: number;
  /** There, though never confirmed: allowed, the answer was lost on its way. */
  neverConfirmed: number;
  /** A few of the keys that are missing, different or duplicated, for whoever looks into it. */
  examples: string[];
}

/** Most keys that are named. */
const EXAMPLES = 10;

/**
 * Compares what was confirmed with what is there.
 *
 * @param found what is there; keys that were never sent are not looked at
 * @param lostAt when the site was lost that had it first
 */
export function compareKept(
  writings: readonly Writing[],
  found: readonly { key: string; sha256?: string }[],
  lostAt: number,
): Compared {
  const sent = new Set(writings.map(({ key }) => key));
  const confirmed = firstConfirmed(writings);
  const there = Map.groupBy(
    found.filter(({ key }) => sent.has(key)),
    ({ key }) => key,
  );
  const missing = [...confirmed.values()].filter(({ key }) => !there.has(key));
  const different = [...confirmed.values()].filter(({ key, sha256 }) =>
    there.get(key)?.some((each) => each.sha256 !== sha256),
  );
  const duplicated = [...there].filter(([, those]) => those.length > 1).map(([key]) => key);
  const lost = [...missing, ...different];
  const ages = lost.map(({ endedAt }) => lostAt - endedAt).filter((age) => age >= 0);
  return {
    confirmed: confirmed.size,
    found: there.size,
    missing: missing.length,
    different: different.length,
    oldestMissing: ages.reduce((oldest, age) => Math.max(oldest, age), 0),
    lostLater: lost.length - ages.length,
    duplicated: duplicated.length,
    neverConfirmed: [...there.keys()].filter((key) => !confirmed.has(key)).length,
    examples: [...new Set([...lost.map(({ key }) => key), ...duplicated])].slice(0, EXAMPLES),
  };
}

/** The first confirmation of each key. */
function firstConfirmed<T extends Writing>(writings: readonly T[]): Map<string, T> {
  const first = new Map<string, T>();
  for (const each of writings) {
    const known = first.get(each.key);
    if (each.well && !(known && known.endedAt <= each.endedAt)) first.set(each.key, each);
  }
  return first;
}
