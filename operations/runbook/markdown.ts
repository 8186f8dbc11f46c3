import type { Runbook, RunbookStep } from "./runbook.ts";

/** Runbooks as one Markdown page, for the day on which no command runs. */
export function renderRunbooks(runbooks: readonly Runbook<never>[], preface: string): string {
  return `${[preface, ...runbooks.map(renderRunbook)].join("\n\n")}\n`;
}

function renderRunbook({ name, title, summary, steps }: Runbook<never>): string {
  return [`## ${title}`, `\`npm run dr -- ${name}\``, summary, ...steps.map(renderStep)].join("\n\n");
}

function renderStep(
  { title, what, byHand, limit, typically, canWait, meanwhile }: RunbookStep<never>,
  index: number,
): string {
  const minded = meanwhile ? ` ${meanwhile}` : "";
  const waits = canWait ? ` If it fails, the rest goes on, and it is done later.${minded}` : "";
  const typical = typically ? ` Typically ${typically}.` : "";
  const hand = byHand.length === 0 ? [] : ["If it fails, by hand:", byHand.map((line) => `- ${line}`).join("\n")];
  return [`### ${index + 1}. ${title}`, `${what} At most ${duration(limit)}.${typical}${waits}`, ...hand].join("\n\n");
}

function duration(seconds: number): string {
  if (seconds >= 7200) return `${Math.round(seconds / 3600)} hours`;
  if (seconds >= 120) return `${Math.round(seconds / 60)} minutes`;
  return `${seconds} seconds`;
}
