import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Policy } from "@pulumi/policy";

/** A policy as its page tells of it. */
export interface Entry {
  name: string;
  /** File in policy/. @example "tagged.ts" */
  file: string;
  level: string;
  severity: string;
  what: string;
  why: string;
  mend: string;
  reference: string;
  /** What of it can be set. @example ["days"] */
  settings: string[];
}

/** A policy's doc comment, and the name that follows it. */
const COMMENT =
  /\/\*\*((?:(?!\*\/)[\s\S])*?Severity: (\w+)\. Reference: ((?:(?!\*\/)[\s\S])*?))\*\/(?:(?!\/\*\*)[\s\S])*?name: "([a-z-]+)"/g;

/**
 * What there is to say of each policy: its own words, and its doc comment's.
 *
 * @throws Error when a policy's comment says neither severity nor reference
 */
export async function catalogue(policies: readonly Policy[]): Promise<Entry[]> {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const told = new Map<string, Pick<Entry, "file" | "severity" | "why" | "reference">>();
  for await (const file of glob("*.ts", { cwd: folder })) {
    for (const [, comment = "", severity = "", reference = "", name = ""] of readFileSync(
      join(folder, file),
      "utf8",
    ).matchAll(COMMENT)) {
      told.set(name, {
        file,
        severity,
        why: proseOf(comment.split("Severity:")[0]),
        reference: referenceOf(reference),
      });
    }
  }
  return policies.map((policy) => {
    const comment = told.get(policy.name);
    if (!comment) {
      throw new Error(
        `policy ${policy.name}: expected a doc comment with "Severity: … Reference: …" in policy/${policy.name}.ts, found none`,
      );
    }
    return {
      ...comment,
      name: policy.name,
      level: policy.enforcementLevel ?? "advisory",
      what: policy.description,
      mend: policy.remediationSteps ?? "As its message says.",
      settings: Object.keys(policy.configSchema?.properties ?? {}),
    };
  });
}

/** The text of a comment in one line. */
function proseOf(comment = ""): string {
  return comment
    .split("\n")
    .map((line) => line.replace(/^\s*\*? ?/, ""))
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();
}

/** A reference ends where the comment's tags begin. */
function referenceOf(comment: string): string {
  return proseOf(comment.split("@param")[0]).replace(/\.$/, "");
}

/** The page's table, and what it is all for. */
export function renderCatalogue(entries: readonly Entry[]): string {
  const rows = entries.map(({ name, level, severity, what, mend }) => {
    return `| [\`${name}\`](#${name}) | ${level} | ${severity} | ${what} | ${mend} |`;
  });
  const sections = entries.map(({ name, file, why, reference, settings }) => {
    const set = settings.length > 0 ? `\n\nCan be set: ${settings.map((each) => `\`${each}\``).join(", ")}.` : "";
    return `### ${name}\n\n${why}${set}\n\n[policy/${file}](../policy/${file}); ${reference}.`;
  });
  const head = [
    "| policy | level | severity | what is so | what to write where it is not |",
    "| --- | --- | --- | --- | --- |",
  ];
  return [[...head, ...rows].join("\n"), ...sections].join("\n\n");
}
