import { quoted } from "./sql.ts";

/** A column that holds data. */
export interface Column {
  name: string;
  /** Its type without length and the like, in lower case (information_schema.columns, DATA_TYPE). @example "varchar" */
  type: string;
  /** Of a text; absent for everything else. @example "utf8mb4" */
  characterSet?: string;
}

/** What stands for NULL among the bytes that a row's checksum is of; a byte that begins no character, and a letter. */
export const NULL_MARK = Buffer.from([0xff, 0x4e]);

/** What stands between two columns there. */
export const SEPARATOR = 0x09;

/**
 * A column as a dump selects it: as text, from which the very same value can be made again.
 *
 * A FLOAT is shown with six digits, which are too few; as a DOUBLE it has enough ("Problems with Floating-Point Values"),
 * with one more to a client than within a statement, so that it is made a text there. Times one a zero keeps its sign. A
 * JSON document may hold what its text can't tell, such as a DECIMAL; read once more it is what the copy will be. A text is
 * asked for as bytes: of some character sets mysql2 does not even take a column's name.
 */
export function selected({ name, type, characterSet }: Column): string {
  const column = quoted(name);
  if (type === "float") return `CONCAT(${column} * 1E0)`;
  if (type === "json") return `CAST(CAST(${column} AS CHAR CHARACTER SET utf8mb4) AS JSON)`;
  return characterSet ? `CAST(${column} AS BINARY)` : column;
}

/** The list of columns of a LOAD DATA, and its assignments. A JSON document is made of text only, never of bytes. */
export function loaded(columns: readonly Column[]): string {
  const isText = ({ type }: Column) => type === "json";
  const names = columns.map((column, at) => (isText(column) ? `@v${at}` : quoted(column.name)));
  const sets = columns.flatMap((column, at) =>
    isText(column) ? [`${quoted(column.name)} = CONVERT(@v${at} USING utf8mb4)`] : [],
  );
  return `(${names.join(", ")})${sets.length > 0 ? ` SET ${sets.join(", ")}` : ""}`;
}

/**
 * The checksum of the rows that a query finds: the sum of the CRC-32 of each row's bytes, whatever their order. It is the
 * same as that which RowEncoder makes of what `selected` gives.
 */
export function checksumOf(columns: readonly Column[]): string {
  const bytes = columns.map((column) => `IFNULL(${bytesOf(column)}, X'${NULL_MARK.toString("hex")}')`);
  return `CAST(IFNULL(SUM(CRC32(CONCAT_WS(X'${SEPARATOR.toString(16).padStart(2, "0")}', ${bytes.join(", ")}))), 0) AS CHAR)`;
}

/** A column's bytes as a client gets them who wants none of them converted. */
function bytesOf(column: Column): string {
  const { name, type } = column;
  if (type === "json") return `CAST(CAST(${quoted(name)} AS CHAR CHARACTER SET utf8mb4) AS BINARY)`;
  if (GEOMETRIES.has(type)) return `UNHEX(HEX(${quoted(name)}))`;
  return selected(column);
}

const GEOMETRIES = new Set([
  ...["geometry", "point", "linestring", "polygon"],
  ...["multipoint", "multilinestring", "multipolygon", "geomcollection", "geometrycollection"],
]);
