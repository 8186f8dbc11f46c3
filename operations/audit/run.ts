import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { audit } from "../../policy/audit/audit.ts";
import { readPeople, type Unread } from "../../policy/audit/people/read.ts";
import type { PeopleFile } from "../../policy/audit/people/schema.ts";
import { pictureOf } from "../../policy/audit/render/picture.ts";
import { auditPage } from "../../policy/audit/render/section.ts";
import { tablesOf, verdictLines } from "../../policy/audit/render/text.ts";
import type { AuditReport } from "../../policy/audit/report.ts";
import { table } from "../table.ts";
import { readStates, type StateSource } from "./states.ts";

/**
 * Audits the stacks as they are deployed.
 *
 * @param peopleFile path of the people file
 * @throws Error when the file or a state cannot be read at all
 */
export async function auditStacks(peopleFile: string, source: StateSource, signal: AbortSignal): Promise<AuditReport> {
  const file = await readPeopleFile(peopleFile);
  return audit({ ...file, resources: await readStates(source, signal) });
}

/**
 * Reads who can do what.
 *
 * @returns it, and the places in it that could not be read
 * @throws Error when nothing of the file can be read
 */
export async function readPeopleFile(path: string): Promise<{ people: PeopleFile; unread: Unread[] }> {
  const text = await readFile(path, "utf8").catch((error: Error) => {
    throw new Error(
      `expected the people file ${path}, found none that can be read (${error.message}); docs/audit.md shows one, and --people names another`,
    );
  });
  const { people, unread } = readPeople(text, basename(path));
  if (people) return { people, unread };
  const lines = unread.map(({ place, what }) => `  ${place}: ${what}`);
  throw new Error(["the people file cannot be read, so nothing is proved:", ...lines].join("\n"));
}

/** The report for a terminal. */
export function renderAudit(report: AuditReport): string {
  const tables = tablesOf(report).map(({ title, head, rows }) => table(title, head, rows));
  return [...tables, verdictLines(report).join("\n")].join("\n\n");
}

/** Writes the picture into a file: an SVG, or by its name a page with the tables too. */
export async function writePicture(report: AuditReport, path: string): Promise<void> {
  await writeFile(path, path.endsWith(".html") ? auditPage(report) : pictureOf(report));
}
