import type { AuditReport } from "../report.ts";

/** A box of the picture. */
export interface Box {
  id: string;
  kind: "person" | "machine" | "power" | "copy";
  /** Column from the left: people, what they become, the copies last. */
  column: number;
  /** Place in the column, from the top. */
  row: number;
  /** Whether it is about somebody who reaches every copy of something. */
  wrong: boolean;
}

/** A line of the picture, from box to box. */
export interface Line {
  from: string;
  to: string;
  wrong: boolean;
}

export interface Picture {
  boxes: Box[];
  lines: Line[];
  columns: number;
  rows: number;
  /** People for whom there was no room. */
  leftOut: number;
}

/** People that a picture shows, those who reach most first; more is no picture any more. */
const MOST_PEOPLE = 30;

/** Where everything of the picture goes: each person, whom they become on the shortest ways, and the copies. */
export function layOut({ actors, copies, problems }: AuditReport): Picture {
  const reaching = actors.filter(({ destroys, registered }) => destroys.length > 0 && !registered);
  const shown = reaching.toSorted((one, other) => other.destroys.length - one.destroys.length).slice(0, MOST_PEOPLE);
  const wrong = new Set(problems.map(({ subject }) => subject));
  const column = new Map<string, number>(shown.map(({ name }) => [name, 0]));
  const lines = new Map<string, Line>();
  const draw = (from: string, to: string, isWrong: boolean) => {
    const key = `${from}\n${to}`;
    lines.set(key, { from, to, wrong: isWrong || (lines.get(key)?.wrong ?? false) });
  };
  for (const { name, destroys } of shown) {
    for (const { copy, through } of destroys) {
      for (const chain of through) {
        for (const [depth, id] of chain.entries()) {
          if (!column.has(id)) column.set(id, depth);
          const before = chain[depth - 1];
          if (before !== undefined) draw(before, id, wrong.has(name));
        }
        draw(chain.at(-1) ?? name, copy, wrong.has(name));
      }
    }
  }
  const last = Math.max(0, ...column.values()) + 1;
  for (const { name } of copies) column.set(name, last);
  return {
    ...place(column, last, new Set(copies.map(({ name }) => name)), actors, wrong),
    lines: [...lines.values()],
    leftOut: reaching.length - shown.length,
  };
}

function place(
  column: ReadonlyMap<string, number>,
  last: number,
  copies: ReadonlySet<string>,
  actors: AuditReport["actors"],
  wrong: ReadonlySet<string>,
): Pick<Picture, "boxes" | "columns" | "rows"> {
  const filled = Array.from({ length: last + 1 }, () => 0);
  const kinds = new Map(actors.map(({ name, kind }) => [name, kind === "human" ? "person" : "machine"] as const));
  const boxes = [...column].map(([id, at]): Box => {
    const row = filled[at] ?? 0;
    filled[at] = row + 1;
    const kind = copies.has(id) ? "copy" : (kinds.get(id) ?? "power");
    return { id, kind, column: at, row, wrong: wrong.has(id) };
  });
  return { boxes, columns: last + 1, rows: Math.max(1, ...filled) };
}
