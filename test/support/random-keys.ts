import type { Random } from "./random.ts";

/** A column of a key, and values of it as SQL literals, in any order and more than once. */
export interface KeyColumn {
  type: string;
  value(random: Random, at: number): string;
}

const hex = (bytes: Buffer) => (bytes.length > 0 ? `X'${bytes.toString("hex")}'` : "''");
const word = (random: Random, letters: readonly string[], most: number) =>
  `'${Array.from({ length: random.below(most + 1) }, () => random.pick(letters)).join("")}'`;
const two = (value: number) => String(value).padStart(2, "0");
const day = (random: Random) => `${1970 + random.below(68)}-${two(1 + random.below(12))}-${two(1 + random.below(28))}`;
const time = (random: Random) => `${two(random.below(24))}:${two(random.below(60))}:${two(random.below(60))}`;
const digits = (random: Random, count: number) => Array.from({ length: count }, () => random.below(10)).join("");

const ASCII = [..."abAB09 ~-_zZ"];
const LETTERS = [...ASCII, ..."éÉßÿ"];
const UNICODE = [...LETTERS, ..."日本語🙂🙃ﬀŁ"];
const CHINESE = [...ASCII, ..."日本語漢字中文"];

/** Columns of keys of every kind. */
export const KEY_COLUMNS: Readonly<Record<string, KeyColumn>> = {
  counted: { type: "INT", value: (_, at) => String(at) },
  sparse: { type: "INT", value: (random) => String(random.below(2 ** 32) - 2 ** 31) },
  clustered: { type: "INT", value: (random, at) => String(random.pick([1, 5e5, 1e9]) + (at % 97)) },
  small: { type: "TINYINT", value: (random) => String(random.below(256) - 128) },
  zerofill: { type: "INT(10) ZEROFILL", value: (random) => String(random.below(5000)) },
  bigSigned: {
    type: "BIGINT",
    value: (random) =>
      random.pick(["-9223372036854775808", "9223372036854775807", "-1", "0", String(random.below(9e15) - 4e15)]),
  },
  bigUnsigned: {
    type: "BIGINT UNSIGNED",
    value: (random, at) =>
      random.pick(["18446744073709551615", "0", String(18446744073709551000n + BigInt(random.below(600))), String(at)]),
  },
  uuidText: { type: "CHAR(36) CHARACTER SET ascii", value: () => `'${crypto.randomUUID()}'` },
  uuidBytes: { type: "BINARY(16)", value: (random) => hex(random.bytes(16)) },
  bytes: { type: "VARBINARY(9)", value: (random) => hex(random.bytes(random.below(10))) },
  insensitive: { type: "VARCHAR(20)", value: (random) => word(random, UNICODE, 5) },
  oneLetter: { type: "VARCHAR(9)", value: (random) => word(random, ["a", "A", "á"], 2) },
  sensitive: { type: "VARCHAR(20) COLLATE utf8mb4_bin", value: (random) => word(random, UNICODE, 5) },
  padded: { type: "CHAR(12) COLLATE utf8mb4_general_ci", value: (random) => word(random, UNICODE, 5) },
  numbered: { type: "VARCHAR(20)", value: (random, at) => `'order-${random.chance(0.5) ? at : random.below(1e6)}'` },
  latin: { type: "VARCHAR(20) CHARACTER SET latin1", value: (random) => word(random, LETTERS, 6) },
  german: {
    type: "VARCHAR(20) CHARACTER SET latin1 COLLATE latin1_german2_ci",
    value: (random) => word(random, LETTERS, 6),
  },
  spanish: {
    type: "VARCHAR(20) COLLATE utf8mb4_es_trad_0900_ai_ci",
    value: (random) => word(random, ["c", "h", "l", "b", "C"], 9),
  },
  wide: { type: "VARCHAR(20) CHARACTER SET utf16", value: (random) => word(random, UNICODE, 5) },
  littleEndian: { type: "VARCHAR(20) CHARACTER SET utf16le", value: (random) => word(random, UNICODE, 5) },
  chinese: { type: "VARCHAR(20) CHARACTER SET gbk", value: (random) => word(random, CHINESE, 5) },
  newChinese: { type: "VARCHAR(20) CHARACTER SET gb18030", value: (random) => word(random, UNICODE, 5) },
  japanese: { type: "VARCHAR(20) CHARACTER SET sjis", value: (random) => word(random, [...ASCII, ..."日本語"], 5) },
  price: { type: "DECIMAL(12,2)", value: (random) => `${random.below(2e6) - 1e6}.${digits(random, 2)}` },
  huge: {
    type: "DECIMAL(65,30)",
    value: (random) =>
      `${random.pick(["-", ""])}12345678901234567890123456789012${digits(random, 3)}.${digits(random, 30)}`,
  },
  dense: { type: "DECIMAL(30,0)", value: (random) => `123456789012345678901${digits(random, 4)}` },
  date: {
    type: "DATE",
    value: (random) => random.pick(["'0000-00-00'", "'2026-00-00'", `'${day(random)}'`, `'${day(random)}'`]),
  },
  moment: {
    type: "DATETIME(6)",
    value: (random) => random.pick(["'0000-00-00'", `'${day(random)} ${time(random)}.${digits(random, 6)}'`]),
  },
  stamp: {
    type: "TIMESTAMP(3)",
    value: (random) => `'2026-${two(1 + random.below(12))}-15 ${time(random)}.${digits(random, 3)}'`,
  },
  time: {
    type: "TIME(2)",
    value: (random) =>
      `'${random.pick(["-", ""])}${random.below(800)}:${two(random.below(60))}:05.${digits(random, 2)}'`,
  },
  year: { type: "YEAR", value: (random) => random.pick(["0", String(1901 + random.below(255))]) },
  enumeration: { type: "ENUM('z','a','b')", value: (random) => random.pick(["'z'", "'a'", "'b'"]) },
  double: { type: "DOUBLE", value: (random) => String(random.next() * 1e9) },
  bits: { type: "BIT(12)", value: (random) => String(random.below(4096)) },
};
