import type { Column } from "./columns.ts";
import { quoted } from "./sql.ts";

/** How the values of a key's column can be split: as whole numbers, as letters, or only by counting. */
type Order = "whole" | "letters" | "counted";

const WHOLE = new Set(["tinyint", "smallint", "mediumint", "int", "bigint"]);
const LETTERS = new Set(["char", "varchar", "binary", "varbinary"]);
const COUNTED = new Set(["decimal", "date", "datetime", "timestamp", "time", "year"]);

/** Character sets in which a byte of ASCII may be a part of another character. */
const ENTANGLED = new Set(["ucs2", "utf16", "utf16le", "utf32", "big5", "cp932", "gbk", "sjis"]);

/** @returns undefined where values can't be told exactly in a statement, or are ordered by something else than they show */
export function orderOf({ type, characterSet }: Column): Order | undefined {
  // Its own collation takes some letters for the same that its keys keep apart: rows between would be in no range.
  if (characterSet === "gb18030") return undefined;
  if (WHOLE.has(type)) return "whole";
  if (LETTERS.has(type)) return "letters";
  return COUNTED.has(type) ? "counted" : undefined;
}

/** A column's value as a text that says all of it: letters by their bytes in hex, everything else as it is shown. */
export function readable(column: Column): string {
  const name = quoted(column.name);
  return orderOf(column) === "letters" ? `HEX(CAST(${name} AS BINARY))` : `CAST(${name} AS CHAR)`;
}

/** A value, as `readable` gives it, as an SQL literal. */
export function literalOf(column: Column, value: string): string {
  // A decimal in quotes would be compared as a floating-point number ("Type Conversion in Expression Evaluation").
  if (column.type === "decimal") return value;
  switch (orderOf(column)) {
    case "whole":
      return value;
    case "letters":
      return `${column.characterSet ? `_${column.characterSet} ` : ""}X'${value}'`;
    default:
      return `'${value}'`;
  }
}

/** A value between two others, more than the first; undefined where only counting finds one. */
export function between(column: Column, low: string, high: string): string | undefined {
  switch (orderOf(column)) {
    case "whole":
      return String(BigInt(low) + (BigInt(high) - BigInt(low) + 1n) / 2n);
    case "letters":
      if (ENTANGLED.has(column.characterSet ?? "")) return undefined;
      return betweenLetters(Buffer.from(low, "hex"), Buffer.from(high, "hex"))?.toString("hex");
    default:
      return undefined;
  }
}

/**
 * Letters half-way between two: what both begin with, and two bytes more. Only where those are ASCII: half a character
 * would be none. How the column's collation orders them does not matter: whoever asks looks for the next that is there.
 */
function betweenLetters(low: Buffer, high: Buffer): Buffer | undefined {
  let same = 0;
  while (same < low.length && same < high.length && low[same] === high[same]) same++;
  const digits = (from: Buffer) => [0, 1].map((at) => from[same + at] ?? 0x20);
  const [a = 0, b = 0] = digits(low);
  const [c = 0, d = 0] = digits(high);
  if ([a, b, c, d].some((byte) => byte < 0x20 || byte > 0x7e)) return undefined;
  const width = 0x7f - 0x20;
  const value = (first: number, second: number) => (first - 0x20) * width + (second - 0x20);
  const middle = Math.ceil((value(a, b) + value(c, d)) / 2);
  if (middle <= Math.min(value(a, b), value(c, d))) return undefined;
  return Buffer.concat([
    low.subarray(0, same),
    Buffer.from([0x20 + Math.floor(middle / width), 0x20 + (middle % width)]),
  ]);
}
