import { qualified, quoted } from "./sql.ts";

/** A table's definition, taken apart: what it is filled with, and what is added when it is full. */
export interface TableParts {
  /** `CREATE TABLE` with columns, checks, partitions and the keys that it can't be without. */
  create: string;
  /** What follows the parentheses in it. */
  rest: string;
  /** The other keys, in their order. */
  keys: string[];
  foreignKeys: string[];
}

/** What makes a table, one after the other; `keys` when it is full, `foreignKeys` when all tables have their keys. */
export interface TableStatements {
  create: string;
  keys: string[];
  foreignKeys: string[];
  /** Whether it refers to others as soon as it is made. */
  refers: boolean;
}

/**
 * What a session that makes tables has to set, for tables to come out as they were.
 *
 * Foreign keys: without checks they are noted and nothing is read or copied ("Online DDL Operations"), and a table may
 * refer to one that is not there, and by columns that are no whole key ("restrict_fk_on_non_standard_key", on since 8.4).
 */
export const TABLE_SESSION: readonly string[] = [
  "SET SESSION sql_mode = '', foreign_key_checks = 0, restrict_fk_on_non_standard_key = OFF",
  "SET SESSION explicit_defaults_for_timestamp = ON, show_gipk_in_create_table_and_information_schema = ON",
];

/** A name as the server tells it. */
const NAME = "`(?:[^`]|``)*`";
/** A piece of a statement of the server's that has to stay whole: a name, a text, or any other letter. */
const PIECE = new RegExp(`${NAME}|'(?:[^'\\\\]|\\\\.|'')*'|[^]`, "gs");
const HEAD = new RegExp(`^CREATE TABLE (${NAME}) \\(\n`);
const KEY = /^(PRIMARY |UNIQUE |FULLTEXT |SPATIAL )?KEY /;
const FOREIGN_KEY = new RegExp(`^CONSTRAINT ${NAME} FOREIGN KEY `);
const REFERENCE = new RegExp(
  `^(CONSTRAINT ${NAME} FOREIGN KEY \\(${NAME}(?:, ?${NAME})*\\) REFERENCES )(?:(${NAME})\\.)?(${NAME})`,
);

/**
 * Takes apart what SHOW CREATE TABLE told (with `sql_mode = ''`). The parts, made one after the other, come to the very
 * same table: SHOW CREATE TABLE then tells the same text again.
 *
 * @param options.keysLater whether keys that the table can be without are parts of their own. @default true
 * @throws Error when it is no such text
 */
export function splitTable(create: string, { keysLater = true } = {}): TableParts {
  const head = HEAD.exec(create);
  if (!head) throw new Error(`expected the definition of a table, found ${create.slice(0, 80)}`);
  const { items, rest } = itemsOf(create.slice(head[0].length));
  const needed = countNeeded(items);
  const later = keysLater ? items.slice(needed).filter((item) => KEY.test(item)) : [];
  const foreignKeys = items.filter((item) => FOREIGN_KEY.test(item));
  const kept = items.filter((item) => !later.includes(item) && !foreignKeys.includes(item));
  return { create: `${head[0]}  ${kept.join(",\n  ")}\n${rest}`, rest, keys: later, foreignKeys };
}

/**
 * @param placeOf schema in which a table is made; that it has now for one that is not made: foreign keys may refer to
 *   what is not there
 * @param isLarge whether a table has so many rows that keys are quicker added when it is full; others are made with all
 *   their keys, and foreign keys to such as themselves. @default every table
 */
export function tableStatements(
  table: { schema: string; name: string; create: string },
  placeOf: (schema: string, table: string) => string,
  isLarge: (schema: string, table: string) => boolean = () => true,
): TableStatements {
  let refersLater = isLarge(table.schema, table.name);
  const parts = splitTable(table.create, { keysLater: refersLater });
  const name = qualified(placeOf(table.schema, table.name), table.name);
  const alter = (added: string[]) => `ALTER TABLE ${name} ${added.map((item) => `ADD ${item}`).join(", ")}`;
  const referring = parts.foreignKeys.map((key) =>
    key.replace(REFERENCE, (_, before: string, schema: string | undefined, referred: string) => {
      const other: [string, string] = [schema === undefined ? table.schema : nameOf(schema), nameOf(referred)];
      const place = placeOf(...other);
      refersLater ||= isLarge(...other);
      return `${before}${quoted(place)}.${referred}`;
    }),
  );
  const create = parts.create.replace(HEAD, () => `CREATE TABLE ${name} (\n`);
  const keys = alterations(parts.keys).map(alter);
  if (referring.length === 0) return { create, keys, foreignKeys: [], refers: false };
  if (refersLater) return { create, keys, foreignKeys: [alter(referring)], refers: false };
  const end = create.length - parts.rest.length - 1;
  const whole = `${create.slice(0, end)},\n  ${referring.join(",\n  ")}${create.slice(end)}`;
  return { create: whole, keys, foreignKeys: [], refers: true };
}

/** InnoDB makes one FULLTEXT key at a time (error 1795), and others along with it. */
function alterations(keys: string[]): string[][] {
  const texts = keys.filter((key) => key.startsWith("FULLTEXT "));
  const others = keys.filter((key) => !key.startsWith("FULLTEXT "));
  return [[...others, ...texts.slice(0, 1)], ...texts.slice(1).map((key) => [key])].filter(({ length }) => length > 0);
}

/**
 * How many of the items, from the first, hold the keys that a table can't be without: the one by which its rows are
 * stored, and one that begins with the column that counts. Keys before those stay too, for the server tells keys in the
 * order in which they were made.
 */
function countNeeded(items: string[]): number {
  const counter = items.find((item) => item.startsWith("`") && / AUTO_INCREMENT\b/.test(withoutTexts(item)));
  const column = counter && new RegExp(`^${NAME}`).exec(counter)?.[0];
  const counting = column ? items.findIndex((item) => KEY.test(item) && firstColumn(item) === column) : -1;
  const primary = items.findIndex((item) => item.startsWith("PRIMARY KEY "));
  // Without a primary key rows are stored by a unique one.
  const storing = primary >= 0 ? primary : items.findLastIndex((item) => item.startsWith("UNIQUE KEY "));
  return Math.max(counting, storing) + 1;
}

function firstColumn(key: string): string | undefined {
  return new RegExp(`^[^(\`]*(?:${NAME} )?\\((${NAME})`).exec(key)?.[1];
}

function withoutTexts(item: string): string {
  return item.replace(PIECE, (piece) => (piece.length > 1 ? "" : piece));
}

/** What stands between a table's parentheses, one by one, and what follows them. */
function itemsOf(body: string): { items: string[]; rest: string } {
  const items = [""];
  let depth = 1;
  let length = 0;
  for (const [piece] of body.matchAll(PIECE)) {
    if (piece === "(") depth += 1;
    if (piece === ")") depth -= 1;
    if (depth === 0) break;
    length += piece.length;
    if (piece === "," && depth === 1) items.push("");
    else items[items.length - 1] += piece;
  }
  return { items: items.map((item) => item.trim()), rest: body.slice(length) };
}

function nameOf(quotedName: string): string {
  return quotedName.slice(1, -1).replaceAll("``", "`");
}
