import type { Column } from "./columns.ts";
import { quoted } from "./sql.ts";

/** How the values of a key's column can be split: as whole numbers, as letters, or only by counting. */
type Order = "whole" | "letters" | "counted";

const WHOLE = new Set(["tinyint", "smallint", "mediumint", "int", "bigint"]);
const LETTERS = new Set(["char", "varchar", "binary", "varbinary"]);
const MOMENTS = new Set(["date", "datetime", "timestamp"]);
const COUNTED = new Set(["decimal", "time", "year", ...MOMENTS]);

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
  const { type, characterSet } = column;
  if (WHOLE.has(type)) return String(half(BigInt(low), BigInt(high)));
  if (LETTERS.has(type)) {
    if (ENTANGLED.has(characterSet ?? "")) return undefined;
    const digits = characterSet ? ASCII : BYTES;
    return betweenLetters(Buffer.from(low, "hex"), Buffer.from(high, "hex"), digits)?.toString("hex");
  }
  if (type === "decimal") return betweenDecimals(low, high);
  return MOMENTS.has(type) ? betweenMoments(low, high) : undefined;
}

/** Half-way between two numbers, and more than the lower one. */
function half(low: bigint, high: bigint): bigint {
  return low + (high - low + 1n) / 2n;
}

/** Decimals of a column have the same number of digits behind the point. */
function betweenDecimals(low: string, high: string): string {
  const [, fraction = ""] = low.split(".");
  const middle = half(BigInt(low.replace(".", "")), BigInt(high.replace(".", "")));
  if (fraction === "") return String(middle);
  const digits = String(middle < 0n ? -middle : middle).padStart(fraction.length + 1, "0");
  const whole = digits.slice(0, -fraction.length);
  return `${middle < 0n ? "-" : ""}${whole}.${digits.slice(-fraction.length)}`;
}

/** To the second; days that no calendar has are left to counting. */
function betweenMoments(low: string, high: string): string | undefined {
  const [from, to] = [low, high].map((text) => Date.parse(`${text.slice(0, 19).replace(" ", "T")}Z`));
  if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)) return undefined;
  const middle = new Date((from + to) / 2).toISOString().replace("T", " ");
  return low.length > 10 ? middle.slice(0, 19) : middle.slice(0, 10);
}

/** The first and the last of the bytes that letters are taken from. */
const ASCII = [0x20, 0x7e] as const;
const BYTES = [0x00, 0xff] as const;

/**
 * Letters half-way between two: what both begin with, and two bytes more. Of a text only where those are ASCII: half a
 * character would be none. How the column's collation orders them does not matter: whoever asks looks for the next that
 * is there.
 */
function betweenLetters(low: Buffer, high: Buffer, [first, last]: readonly [number, number]): Buffer | undefined {
  let same = 0;
  while (same < low.length && same < high.length && low[same] === high[same]) same++;
  const digits = (from: Buffer) => [0, 1].map((at) => from[same + at] ?? first);
  const [a = 0, b = 0] = digits(low);
  const [c = 0, d = 0] = digits(high);
  if ([a, b, c, d].some((byte) => byte < first || byte > last)) return undefined;
  const width = last - first + 1;
  const value = (left: number, right: number) => (left - first) * width + (right - first);
  const middle = Math.ceil((value(a, b) + value(c, d)) / 2);
  if (middle <= Math.min(value(a, b), value(c, d))) return undefined;
  return Buffer.concat([
    low.subarray(0, same),
    Buffer.from([first + Math.floor(middle / width), first + (middle % width)]),
  ]);
}
