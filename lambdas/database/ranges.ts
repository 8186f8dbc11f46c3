import type { Table } from "./catalog.ts";
import type { Range } from "./manifest.ts";
import { qualified, quoted } from "./sql.ts";

/** All rows of a table. */
export const EVERYTHING: Range = { equal: [] };

/** The condition that a range's rows meet, with its WHERE; empty for all rows. */
export function whereOf({ equal, column, from, to }: Range): string {
  const conditions = [
    ...equal.map(([name, value]) => `${quoted(name)} = ${value}`),
    ...(column !== undefined && from !== undefined ? [`${quoted(column)} >= ${from}`] : []),
    ...(column !== undefined && to !== undefined ? [`${quoted(column)} < ${to}`] : []),
  ];
  return conditions.length > 0 ? ` WHERE ${conditions.join(" AND ")}` : "";
}

/** The rows of a range: FROM and WHERE, by the table's own key where there is one. */
export function rowsOf(table: Pick<Table, "schema" | "name" | "key">, range: Range, schema = table.schema): string {
  const index = table.key ? ` FORCE INDEX (${quoted(table.key.name)})` : "";
  return `FROM ${qualified(schema, table.name)}${index}${whereOf(range)}`;
}

/** Two ranges that follow each other as one; undefined when they don't. */
export function joined(first: Range, second: Range): Range | undefined {
  const follows =
    first.column !== undefined &&
    first.column === second.column &&
    first.to !== undefined &&
    first.to === second.from &&
    JSON.stringify(first.equal) === JSON.stringify(second.equal);
  if (!follows) return undefined;
  const { to: _, ...begin } = first;
  return second.to === undefined ? begin : { ...begin, to: second.to };
}
