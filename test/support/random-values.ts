import type { Random } from "./random.ts";

/** A type of column, and values of it as SQL literals. */
export interface ColumnType {
  type: string;
  value(random: Random): string;
  /** Whether a key may be on it. */
  key?: boolean;
}

const pick =
  (...choices: (string | number | bigint)[]) =>
  (random: Random) =>
    String(random.pick(choices));
const quotes =
  (...choices: string[]) =>
  (random: Random) =>
    `'${random.pick(choices)}'`;

/** A whole number's types with values at their ends. */
function whole(name: string, bits: bigint): ColumnType[] {
  const half = 1n << (bits - 1n);
  return [
    { type: name, key: true, value: pick(0, 1, -1, 9, 10, -half, half - 1n, 42) },
    { type: `${name} UNSIGNED`, key: true, value: pick(0, 1, 92, half, 2n * half - 1n) },
    { type: `${name} ZEROFILL`, key: true, value: pick(0, 7, 2n * half - 1n) },
  ];
}

const ANY_LETTERS = [..."aZz09 ,'\"\t\n\r\0\\%_", "\\N", "NULL", "\x1a", "  "];
const LETTERS: Readonly<Record<string, string[]>> = {
  utf8mb4: [..."é日本語🙂🙃表ß", "e\u0301", "\u{10ffff}"],
  utf8mb3: [..."é日本語表ß"],
  utf16: [..."é日🙂表", "\u0a09", "\u5c5c", "\u0900"],
  utf16le: [..."é日🙂表", "\u0a09", "\u5c5c"],
  utf32: [..."é日🙂表"],
  ucs2: [..."é日表", "\u0a0a"],
  latin1: [..."éßÿ€"],
  ascii: [],
  gbk: [..."日本語表縗"],
  gb18030: [..."日本語🙂表é"],
  sjis: [..."日本語表能ソ"],
  cp932: [..."日本語表能ソ"],
  big5: [..."日本功許"],
  eucjpms: [..."日本語表"],
  euckr: [..."한국日"],
  cp1251: [..."Жя"],
  koi8r: [..."Жя"],
  hebrew: [..."שא"],
  swe7: [..."ÖÄå"],
  tis620: [..."กข"],
};

/** A text in quotes. */
export function text(value: string): string {
  const escaped = value.replaceAll("\\", "\\\\").replaceAll("'", "''");
  return `'${escaped.replaceAll("\0", "\\0").replaceAll("\x1a", "\\Z")}'`;
}

function letters(characterSet: string, most: number): (random: Random) => string {
  const choices = [...ANY_LETTERS, ...(LETTERS[characterSet] ?? [])];
  return (random) => text(Array.from({ length: random.below(most + 1) }, () => random.pick(choices)).join(""));
}

const bytes = (most: number) => (random: Random) => `X'${random.bytes(random.below(most + 1)).toString("hex")}'`;
const EVERY_BYTE = `X'${Buffer.from(Array.from({ length: 256 }, (_, at) => at)).toString("hex")}'`;

const texts = Object.keys(LETTERS).flatMap((characterSet): ColumnType[] => [
  { type: `VARCHAR(40) CHARACTER SET ${characterSet}`, key: true, value: letters(characterSet, 12) },
  { type: `CHAR(9) CHARACTER SET ${characterSet}`, key: true, value: letters(characterSet, 3) },
  { type: `TEXT CHARACTER SET ${characterSet}`, value: letters(characterSet, 60) },
  {
    type: `ENUM('a', '1', '0', 'x,y', ' b') CHARACTER SET ${characterSet}`,
    value: quotes("a", "1", "0", "x,y", " b", "no"),
  },
]);

const collations = [
  ...["utf8mb4_bin", "utf8mb4_general_ci", "utf8mb4_0900_as_cs", "utf8mb4_ja_0900_as_cs_ks", "utf8mb4_0900_bin"],
  ...["utf8mb4_es_trad_0900_ai_ci", "utf8mb4_turkish_ci", "utf8mb4_zh_0900_as_cs", "utf8mb4_unicode_520_ci"],
].map(
  (collation): ColumnType => ({
    type: `VARCHAR(30) COLLATE ${collation}`,
    key: true,
    value: letters("utf8mb4", 8),
  }),
);

const DAYS = ["0000-00-00", "2026-00-00", "2026-02-31", "1000-01-01", "9999-12-31", "2026-11-21"];
const moments = [0, 1, 3, 6].flatMap((digits): ColumnType[] => {
  const fraction = digits > 0 ? `.${"987654".slice(0, digits)}` : "";
  return [
    {
      type: `DATETIME(${digits})`,
      key: true,
      value: quotes(...DAYS.map((day) => `${day} 23:59:59${fraction}`), "0000-00-00 00:00:00"),
    },
    {
      type: `TIMESTAMP(${digits}) NULL`,
      value: quotes(
        "0000-00-00 00:00:00",
        `1970-01-01 00:00:01${fraction}`,
        `2038-01-19 03:14:06${fraction}`,
        "2026-10-25 00:30:00",
        "2026-10-25 01:30:00",
      ),
    },
    {
      type: `TIME(${digits})`,
      key: true,
      value: quotes(
        "-838:59:59",
        "838:59:59",
        `-00:00:00${fraction}`,
        `-12:34:56${fraction}`,
        "00:00:00",
        `100:00:01${fraction}`,
      ),
    },
  ];
});

const deep = `${"[".repeat(90)}${"]".repeat(90)}`;
const DOCUMENTS = [
  "null",
  "true",
  '"a text with \\"quotes\\", \\\\, \\t, \\n, \\u0000, é, 日本, 🙂 and \\\\N"',
  "[1, -1, 18446744073709551615, -9223372036854775808, 1.5, 1e100, -2.5e-10, 1.0, 123456789012345678901234567890]",
  '{"b": {"a": [null, {}, []]}, "": "", "é🙂": "\\\\", "a\\tb": 0.1}',
  deep,
  JSON.stringify(Array.from({ length: 300 }, (_, at) => ({ at, name: "x".repeat(at % 40) }))),
  '"2026-11-21 00:00:00.000000"',
  '"base64:type15:eA=="',
];

const SHAPES: Readonly<Record<string, string[]>> = {
  POINT: ["POINT(1 2)", "POINT(-45.5 9.2)"],
  LINESTRING: ["LINESTRING(0 0, 10 10, 9 -9)"],
  POLYGON: ["POLYGON((0 0, 0 9, 9 9, 9 0, 0 0), (1 1, 2 1, 2 2, 1 1))"],
  MULTIPOINT: ["MULTIPOINT(1 1, 2 2)"],
  MULTILINESTRING: ["MULTILINESTRING((0 0, 1 1), (2 2, 3 3))"],
  MULTIPOLYGON: ["MULTIPOLYGON(((0 0, 0 1, 1 1, 0 0)))"],
  GEOMETRYCOLLECTION: ["GEOMETRYCOLLECTION EMPTY", "GEOMETRYCOLLECTION(POINT(1 1), LINESTRING(0 0, 1 1))"],
};
const shapes = Object.entries({ ...SHAPES, GEOMETRY: Object.values(SHAPES).flat() }).flatMap(([name, all]) =>
  ["", " SRID 0", " SRID 4326"].map(
    (srid): ColumnType => ({
      type: `${name}${srid}`,
      value: (random) => {
        const system = srid === "" ? random.pick([0, 4326, 3857]) : srid.slice(6);
        return `ST_GeomFromText('${random.pick(all)}', ${system})`;
      },
    }),
  ),
);

/** Columns of every type that MySQL 8.4 has. */
export const COLUMN_TYPES: readonly ColumnType[] = [
  ...[...whole("TINYINT", 8n), ...whole("SMALLINT", 16n), ...whole("MEDIUMINT", 24n), ...whole("INT", 32n)],
  ...[...whole("BIGINT", 64n), { type: "BOOL", value: pick(0, 1) }],
  {
    type: "DECIMAL(65,30)",
    key: true,
    value: pick(`-${"9".repeat(35)}.${"9".repeat(30)}`, "0.000000000000000000000000000001", "-0.5"),
  },
  { type: "DECIMAL(10,2) UNSIGNED ZEROFILL", key: true, value: pick("0", "99999999.99", "1.5") },
  { type: "DECIMAL(20,0)", key: true, value: (random) => `1234567890123456${random.below(100)}` },
  { type: "FLOAT", value: pick("0.1", "-0e0", "3.4028234e38", "-1.17549435e-38", "1.4e-45", "16777217", "1e0/3") },
  { type: "FLOAT(7,3)", value: pick("0.1", "1234.567", "-9999.999") },
  { type: "FLOAT UNSIGNED ZEROFILL", value: pick("0.1", "1e10", "12") },
  {
    type: "DOUBLE",
    value: pick("0.1", "-0e0", "1.7976931348623157e308", "5e-324", "1e0/3", "9007199254740993", "1e15", "1e16"),
  },
  { type: "DOUBLE(20,5)", value: pick("0.1", "123456789012345.12345") },
  ...[1, 7, 8, 9, 33, 64].map(
    (bits): ColumnType => ({
      type: `BIT(${bits})`,
      value: pick(
        0,
        1,
        ...(bits >= 7 ? [9, 10, 92] : []),
        ...(bits === 64 ? [0x5c09_0a00, (1n << 64n) - 1n, 0x5cfb_0000_0000n] : []),
      ),
    }),
  ),
  { type: "DATE", key: true, value: quotes(...DAYS) },
  ...[...moments, { type: "YEAR", key: true, value: pick(0, 1901, 2155) }],
  ...[...texts, ...collations],
  {
    type: "LONGTEXT",
    value: (random) => (random.chance(0.1) ? "REPEAT('long \\\\ text\\n', 9000)" : letters("utf8mb4", 30)(random)),
  },
  { type: "BINARY(5)", key: true, value: bytes(5) },
  { type: "VARBINARY(300)", value: (random) => (random.chance(0.3) ? EVERY_BYTE : bytes(20)(random)) },
  ...["TINYBLOB", "BLOB", "MEDIUMBLOB", "LONGBLOB"].map((type): ColumnType => ({ type, value: bytes(255) })),
  { type: "LONGBLOB", value: (random) => (random.chance(0.1) ? `REPEAT(${EVERY_BYTE}, 300)` : EVERY_BYTE) },
  { type: "SET('a', 'b c', 'é', '0')", value: quotes("", "a", "a,b c", "é,0", "0", "none") },
  { type: "JSON", value: (random) => text(random.pick(DOCUMENTS)) },
  ...shapes,
];
