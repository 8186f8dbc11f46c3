import type { KeyStep } from "./restore.ts";

/** Keys that are shown of each kind. */
const SHOWN = 10;

/** Keys for which the same is to be done. */
export interface Planned {
  keys: number;
  first: string[];
}

/** What a restore would do. */
export interface Summary {
  /** Keys that there are or were. */
  looked: number;
  copy: Planned & { bytes: number };
  hide: Planned;
  /** What can't be restored, each with its reason. */
  refuse: Planned;
}

/** Counts the steps; none is kept. */
export async function summarize(steps: AsyncIterable<KeyStep>, onProgress: (looked: number) => void): Promise<Summary> {
  const summary: Summary = {
    looked: 0,
    copy: { keys: 0, first: [], bytes: 0 },
    hide: { keys: 0, first: [] },
    refuse: { keys: 0, first: [] },
  };
  for await (const { key, step } of steps) {
    summary.looked += 1;
    onProgress(summary.looked);
    if (step.do === "nothing") continue;
    const planned = summary[step.do];
    planned.keys += 1;
    if (planned.first.length < SHOWN) planned.first.push(step.do === "refuse" ? `${key}: ${step.reason}` : key);
    if (step.do === "copy") summary.copy.bytes += step.from.bytes;
  }
  return summary;
}

/** The summary as it is shown before anybody is asked. */
export function renderSummary({ looked, copy, hide, refuse }: Summary): string {
  const list = (title: string, { keys, first }: Planned) =>
    keys === 0 ? [] : [title, ...first.map((key) => `      ${key}`), ...(keys > first.length ? ["      …"] : [])];
  return [
    `Keys looked at: ${looked}.`,
    ...list(`  ${copy.keys} to be copied from what they were, ${copy.bytes} bytes:`, copy),
    ...list(`  ${hide.keys} to be hidden, for they were not there then:`, hide),
    ...list(`  ${refuse.keys} that can't be restored:`, refuse),
    ...(copy.keys + hide.keys + refuse.keys === 0 ? ["All are what they were then: there is nothing to do."] : []),
  ].join("\n");
}
