import type { ActorReport, AuditReport, Problem } from "../report.ts";

/** A table of a report: a heading, the names of its columns, its rows. */
export interface Table {
  title: string;
  head: string[];
  rows: string[][];
}

/** What the audit found, as tables. */
export function tablesOf(report: AuditReport): Table[] {
  return [copiesTable(report), peopleTable(report), ...(report.pairs.length > 0 ? [pairsTable(report)] : [])];
}

const PEOPLE = { 1: "one", 2: "two", null: "nobody found" };

function copiesTable({ copies }: AuditReport): Table {
  return {
    title: "Copies",
    head: ["copy", "is a copy of", "kept by", "people it takes"],
    rows: copies.map(({ name, holds, lock, people, assumed }) => [
      `${name}${assumed ? " (assumed)" : ""}`,
      holds.join(", ") || "nothing",
      lock,
      PEOPLE[`${people}` as keyof typeof PEOPLE],
    ]),
  };
}

/** Whoever reaches nothing fills no line of their own. */
function peopleTable({ actors, copies }: AuditReport): Table {
  const reaching = actors.filter(({ destroys }) => destroys.length > 0);
  const harmless = actors.length - reaching.length;
  return {
    title: "Who can destroy what, alone",
    head: ["who", "is", "destroys", "survives"],
    rows: [
      ...reaching.map((actor) => [
        actor.name,
        actor.kind,
        `${actor.destroys.length} of ${copies.length}`,
        survivorsOf(actor),
      ]),
      ...(harmless > 0 ? [[`${harmless} others`, "", `0 of ${copies.length}`, "all"]] : []),
    ],
  };
}

const survivorsOf = ({ survive }: ActorReport) => survive.join(", ") || "NOTHING";

/** Pairs that a terminal shows; `--json` has all. */
const SHOWN_PAIRS = 12;

function pairsTable({ pairs }: AuditReport): Table {
  const more = pairs.length - SHOWN_PAIRS;
  return {
    title: "Two people who together reach every copy",
    head: ["who", "of what"],
    rows: [
      ...pairs.slice(0, SHOWN_PAIRS).map(({ people, data }) => [people.join(" and "), data.join(", ")]),
      ...(more > 0 ? [[`${more} pairs more`, ""]] : []),
    ],
  };
}

/** Everything for which the audit does not pass, and the verdict as its last line. */
export function verdictLines(report: AuditReport): string[] {
  const lines: string[] = [];
  for (const { place, what } of report.unread) lines.push(`Not read: ${place}`, `    ${what}`);
  for (const problem of report.problems) lines.push(...problemLines(problem));
  return [...lines, verdictOf(report)];
}

function problemLines({ rule, subject, what, paths, mend }: Problem): string[] {
  return [`${rule}: ${subject} ${what}`, ...paths.map((path) => `    ${path}`), `    mend: ${mend}`];
}

/** The verdict in a sentence. */
export function verdictOf({ passed, data, problems, unread, copies }: AuditReport): string {
  if (passed) return `Passed: nobody alone reaches every copy of ${data.join(" or ")}.`;
  const causes = [
    ...(problems.length > 0 ? [count(problems.length, "problem")] : []),
    ...(unread.length > 0 ? [`${count(unread.length, "place")} that could not be read`] : []),
  ];
  return `Failed: ${causes.join(", and ")}, with ${count(copies.length, "copy", "copies")} found.`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
