import fc from "fast-check";
import { quoted } from "../../lambdas/database/sql.ts";

/** Letters that a definition's reader could stumble over. */
const letters = fc.constantFrom(
  ..."aé,()'`\"\\\n;%🙂",
  ", KEY `a` (`a`)",
  ") ENGINE=",
  "/*",
  "*/",
  "--",
  " AUTO_INCREMENT",
);
export const nastyText = fc.array(letters, { maxLength: 5 }).map((all) => all.join(""));
const literal = nastyText.map(
  (text) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("\n", "\\n")}'`,
);

const TYPES = {
  number: ["INT", "BIGINT UNSIGNED", "DECIMAL(10,2)", "TINYINT", "BIT(5)", "YEAR", "DOUBLE"],
  text: ["VARCHAR(40)", "CHAR(5) CHARACTER SET latin1", "VARCHAR(30) COLLATE utf8mb4_bin", "VARBINARY(20)"],
  moment: ["DATETIME(3)", "TIMESTAMP NULL", "DATE", "TIME(6)"],
  large: ["TEXT", "JSON", "MEDIUMBLOB"],
} as const;
type Sort = keyof typeof TYPES;
const sorts = Object.keys(TYPES) as Sort[];
const DEFAULTS: Record<Sort, string[]> = {
  number: ["DEFAULT 1", "DEFAULT (1 + 0)", ""],
  text: ["DEFAULT 'a'", "DEFAULT (CONCAT('(', \"a,b'\"))", ""],
  moment: ["DEFAULT NULL", ""],
  large: ["", "DEFAULT (NULL)"],
};

const column = fc.constantFrom(...sorts).chain((sort) =>
  fc.record({
    sort: fc.constant(sort),
    type: fc.constantFrom<string>(...TYPES[sort]),
    more: fc.constantFrom(...(DEFAULTS[sort] as [string, ...string[]])),
    invisible: fc.boolean(),
    comment: literal,
    suffix: nastyText,
  }),
);
const key = fc.record({
  kind: fc.constantFrom("KEY", "KEY", "UNIQUE KEY", "FULLTEXT KEY"),
  name: nastyText,
  parts: fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 3 }),
  descending: fc.boolean(),
  functional: fc.boolean(),
  invisible: fc.boolean(),
  comment: literal,
});

/** Ways to number rows; `id` and `part` are columns of every table. */
const STORED = [
  "`id` INT NOT NULL AUTO_INCREMENT, `part` INT NOT NULL, PRIMARY KEY (`id`)",
  "`id` INT NOT NULL, `part` INT NOT NULL COMMENT 'no, AUTO_INCREMENT', PRIMARY KEY (`part` DESC, `id`)",
  "`part` INT NOT NULL, `id` INT NOT NULL AUTO_INCREMENT, KEY `other` (`part`), PRIMARY KEY (`part`, `id`), KEY `counts` (`id`)",
  "`id` INT NOT NULL AUTO_INCREMENT, `part` INT NOT NULL, KEY `first` (`part`), UNIQUE KEY `counts` (`id`, `part`)",
  "`id` INT NOT NULL, `part` INT NOT NULL, UNIQUE KEY `unique` (`id`), UNIQUE KEY `another` (`part`, `id`)",
  "`id` INT NOT NULL, `part` INT NOT NULL, KEY `first` (`id`)",
];
const PARTITIONS = [
  "",
  "",
  "",
  "PARTITION BY HASH (`id`) PARTITIONS 3",
  "PARTITION BY RANGE (`id`) (PARTITION `p,)` VALUES LESS THAN (10), PARTITION q VALUES LESS THAN MAXVALUE COMMENT = 'a '', KEY')",
];

/** Statements that make a table of any kind; some may be refused, such as a key that is too long. */
export const randomTable = fc
  .record({
    stored: fc.constantFrom(...STORED),
    partitions: fc.constantFrom(...PARTITIONS),
    columns: fc.array(column, { minLength: 1, maxLength: 6 }),
    keys: fc.array(key, { maxLength: 5 }),
    check: literal,
    comment: literal,
    counter: fc.integer({ min: 1, max: 1000 }),
    generated: fc.constantFrom("VIRTUAL", "STORED"),
  })
  .map((table) => (name: string) => [
    createOf(name, table),
    ...table.keys.map((one, at) => addOf(name, table.columns, one, at)),
  ]);

type Column = typeof column extends fc.Arbitrary<infer T> ? T : never;
type Key = typeof key extends fc.Arbitrary<infer T> ? T : never;

function createOf(
  name: string,
  table: {
    stored: string;
    partitions: string;
    columns: Column[];
    check: string;
    comment: string;
    counter: number;
    generated: string;
  },
): string {
  const columns = table.columns.map(
    (one, at) =>
      `${columnName(one, at)} ${one.type} ${one.more} ${one.invisible ? "INVISIBLE" : ""} COMMENT ${one.comment}`,
  );
  return `CREATE TABLE ${name} (${table.stored}, ${columns.join(", ")},
    \`made, of\` VARCHAR(90) GENERATED ALWAYS AS (CONCAT(\`part\`, ${table.check})) ${table.partitions ? "STORED" : table.generated},
    CHECK (\`made, of\` <> CONCAT(', KEY', ${table.check})), KEY \`made, of\` (\`made, of\`)
  ) COMMENT ${table.comment} AUTO_INCREMENT = ${table.counter} ${table.partitions}`;
}

function addOf(name: string, columns: Column[], key: Key, at: number): string {
  const parts = key.parts.filter((part) => part < columns.length);
  const names = parts.map((part) => {
    const one = columns[part] as Column;
    const own = columnName(one, part);
    if (key.kind === "FULLTEXT KEY") return own;
    if (key.functional && one.sort === "number") return `((${own} + 1))`;
    return `${own}${one.type === "TEXT" || one.type.startsWith("VARCHAR") ? "(4)" : ""}${key.descending ? " DESC" : ""}`;
  });
  const made = names.length > 0 ? names : ["`part`", "`id`"];
  return `ALTER TABLE ${name} ADD ${key.kind} ${quoted(`${key.name.trim()}k${at}`)} (${made.join(", ")})
    COMMENT ${key.comment} ${key.invisible ? "INVISIBLE" : ""}`;
}

function columnName({ suffix }: Column, at: number): string {
  return quoted(`${at}${suffix.trim()}c`);
}
