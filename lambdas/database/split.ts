import type { Connection, RowDataPacket } from "mysql2/promise";
import type { Table } from "./catalog.ts";
import type { Column } from "./columns.ts";
import { between, literalOf, orderOf, readable } from "./key-values.ts";
import type { Range } from "./manifest.ts";
import { EVERYTHING, joined, rowsOf, whereOf } from "./ranges.ts";
import { quoted } from "./sql.ts";

/** A range, and how many rows the server guesses are in it. */
interface Guess {
  range: Range;
  rows: number;
}

/** A split that leaves so much on one side has split nothing. */
const LOPSIDED = 0.9;

/**
 * Splits a table into ranges of its key, which together are all of it and have no row in common. A range that a guess
 * takes for small enough is left whole, so nothing is read but a few places of the key.
 *
 * @param bytes what a range should hold, before compression
 * @returns the ranges in the key's order; one for all rows where there is no key that can be split
 */
export async function splitRows(connection: Connection, table: Table, bytes: number): Promise<Range[]> {
  const { key, estimate } = table;
  if (!key || estimate.bytes <= bytes) return [EVERYTHING];
  const most = Math.max(1, Math.round(bytes / Math.max(1, estimate.bytes / Math.max(1, estimate.rows))));
  const splitter = new Splitter(connection, table, key.columns, most);
  const guesses = await splitter.split({ range: EVERYTHING, rows: estimate.rows }, 0);
  return merged(guesses, most);
}

/** Neighbours that are small together are one range. */
function merged(guesses: Guess[], most: number): Range[] {
  const all: Guess[] = [];
  for (const guess of guesses) {
    const last = all.at(-1);
    const range = last && last.rows + guess.rows <= most ? joined(last.range, guess.range) : undefined;
    if (last && range) all[all.length - 1] = { range, rows: last.rows + guess.rows };
    else all.push(guess);
  }
  return all.map(({ range }) => range);
}

class Splitter {
  readonly #connection: Connection;
  readonly #table: Table;
  readonly #columns: Column[];
  readonly #most: number;

  constructor(connection: Connection, table: Table, columns: Column[], most: number) {
    this.#connection = connection;
    this.#table = table;
    this.#columns = columns;
    this.#most = most;
  }

  /** @param at which column of the key the range is over */
  async split(guess: Guess, at: number): Promise<Guess[]> {
    const column = this.#columns[at];
    if (guess.rows <= this.#most * 1.5 || !column || !orderOf(column)) return [guess];
    const range: Range = { ...guess.range, column: column.name };
    const low = await this.#value(range, column, "");
    const high = await this.#value(range, column, " DESC");
    if (low === undefined || high === undefined) return [guess];
    if (low === high) return this.#within(guess, column, low, at);

    const found = await this.#middle(range, column, low, high, guess.rows);
    // Values that differ may be one and the same to the column's collation.
    if (found === undefined) return this.#within(guess, column, low, at);
    const [left, right] = found;
    return [...(await this.split(left, at)), ...(await this.split(right, at))];
  }

  /** All rows of the range have one value in this column: it goes on with the key's next one. */
  async #within(guess: Guess, column: Column, value: string, at: number): Promise<Guess[]> {
    if (at + 1 >= this.#columns.length) return [guess];
    const range: Range = { equal: [...guess.range.equal, [column.name, literalOf(column, value)]] };
    return this.split({ range, rows: guess.rows }, at + 1);
  }

  /** Both parts of a range. First by its ends, which costs nothing; where that leaves it lopsided, by counting. */
  async #middle(
    range: Range,
    column: Column,
    low: string,
    high: string,
    rows: number,
  ): Promise<[Guess, Guess] | undefined> {
    const candidate = between(column, low, high);
    const middle = candidate && (await this.#firstFrom(range, column, low, candidate));
    if (middle !== undefined) {
      const parts = await this.#parts(range, column, middle);
      if (Math.max(parts[0].rows, parts[1].rows) <= rows * LOPSIDED || orderOf(column) === "whole") return parts;
    }
    const counted = await this.#counted(range, column, low, Math.min(rows, this.#most * 2));
    return counted === undefined ? undefined : this.#parts(range, column, counted);
  }

  async #parts(range: Range, column: Column, middle: string): Promise<[Guess, Guess]> {
    const value = literalOf(column, middle);
    const guessed = async (part: Range) => ({ range: part, rows: await this.#guess(part) });
    return [await guessed({ ...range, to: value }), await guessed({ ...range, from: value })];
  }

  /** The first value of the key that is no less than a candidate, and more than the lowest. */
  async #firstFrom(range: Range, column: Column, low: string, candidate: string): Promise<string | undefined> {
    // A whole number need not be there to be a border.
    if (orderOf(column) === "whole") return candidate;
    const name = quoted(column.name);
    const condition = `AND ${name} >= ${literalOf(column, candidate)} AND ${name} > ${literalOf(column, low)}`;
    return this.#value(range, column, "", condition);
  }

  /** The value that stands so many rows behind the first, or nearer where there are not so many. */
  async #counted(range: Range, column: Column, low: string, rows: number): Promise<string | undefined> {
    for (let offset = Math.floor(rows / 2); offset > 0; offset = Math.floor(offset / 4)) {
      const found = await this.#value(range, column, "", "", offset);
      // Where it is one with the lowest, to the column's collation, it is the next one that splits.
      if (found !== undefined) return this.#firstFrom(range, column, low, found);
    }
    return this.#firstFrom(range, column, low, low);
  }

  async #value(range: Range, column: Column, order: "" | " DESC", more = "", offset = 0): Promise<string | undefined> {
    const name = quoted(column.name);
    const rows = rowsOf(this.#table, range);
    const where = whereOf(range) === "" ? more.replace(/^AND/, "WHERE") : more;
    const [[row]] = await this.#connection.query<RowDataPacket[]>(
      `SELECT ${readable(column)} AS value ${rows} ${where} ORDER BY ${name}${order} LIMIT 1 OFFSET ${offset}`,
    );
    return row && String(row.value);
  }

  async #guess(range: Range): Promise<number> {
    // Not with the index forced upon it: MySQL then does not look how many rows there are ("Range Optimization", index dives).
    const rows = rowsOf({ schema: this.#table.schema, name: this.#table.name }, range);
    const [[plan]] = await this.#connection.query<RowDataPacket[]>(`EXPLAIN FORMAT = TRADITIONAL SELECT 1 ${rows}`);
    return Number(plan?.rows ?? 0);
  }
}
