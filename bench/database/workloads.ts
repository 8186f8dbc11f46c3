/** Everything that is copied is in this schema. */
export const SCHEMA = "shop";

/** A schema that is copied from one server to another. */
export interface Workload {
  name: string;
  /** In all of its tables. */
  rows: number;
  tables: number;
  /** What makes it, in {@link SCHEMA}; the same rows each time, but for those that are random bytes. */
  statements: string[];
}

/** The workloads in their order; quick ones have a tenth of the rows, or of the tables. */
export function workloads({ quick }: { quick: boolean }): Workload[] {
  const share = quick ? 10 : 1;
  return [oneTable(1_000_000 / share), manyTables(50 / (quick ? 5 : 1), 2000), wide(20_000 / share)];
}

/** One table of 200 bytes a row: a key that counts up, numbers, moments, text, and one index more. */
function oneTable(rows: number): Workload {
  return {
    name: `${rows}-rows`,
    rows,
    tables: 1,
    statements: [
      `CREATE TABLE ${SCHEMA}.orders (
         id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
         customer_id INT NOT NULL,
         status ENUM ('new', 'paid', 'sent', 'returned') NOT NULL,
         quantity SMALLINT UNSIGNED NOT NULL,
         price DECIMAL(10,2) NOT NULL,
         weight DOUBLE NULL,
         placed_at DATETIME(3) NOT NULL,
         sent_on DATE NULL,
         email VARCHAR(100) NOT NULL,
         note VARCHAR(255) NOT NULL,
         KEY by_customer (customer_id))`,
      `${insert("orders", rows)} SELECT
         n, ${drawn("customer", 100_000)}, 1 + ${drawn("status", 4)}, 1 + ${drawn("quantity", 50)},
         ${drawn("price", 1_000_000)} / 100, IF(n % 7 = 0, NULL, ${drawn("weight", 1_000_000)} / 7e3),
         ${moment("placed")}, IF(n % 5 = 0, NULL, DATE(${moment("sent")})),
         CONCAT(${words("name", 2, ".")}, n, '@example.com'), ${words("note", 14)}
       FROM numbers`,
    ],
  };
}

/** Groups of four tables: two that stand alone, one that refers to both, and one whose key is of two columns. */
function manyTables(groups: number, rows: number): Workload {
  const statements = Array.from({ length: groups }, (_, group) => groupOf(String(group + 1).padStart(3, "0"), rows));
  return {
    name: `${groups * 4}-tables`,
    rows: groups * 4 * rows,
    tables: groups * 4,
    statements: statements.flat(),
  };
}

function groupOf(group: string, rows: number): string[] {
  const [customers, goods, orders, items] = ["customers", "goods", "orders", "items"].map((name) => `${name}_${group}`);
  return [
    `CREATE TABLE ${SCHEMA}.${customers} (
       id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, email VARCHAR(100) NOT NULL, name VARCHAR(80) NOT NULL,
       since DATE NOT NULL, UNIQUE KEY (email))`,
    `${insert(customers, rows)} SELECT n, CONCAT(n, '@example.com'), ${words("name", 3)}, DATE(${moment("since")}) FROM numbers`,
    `CREATE TABLE ${SCHEMA}.${goods} (
       id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(80) NOT NULL, price DECIMAL(10,2) NOT NULL,
       stock INT NOT NULL, KEY (price))`,
    `${insert(goods, rows)} SELECT n, ${words("good", 4)}, ${drawn("price", 100_000)} / 100, ${drawn("stock", 500)} FROM numbers`,
    `CREATE TABLE ${SCHEMA}.${orders} (
       id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, customer_id INT NOT NULL, good_id INT NOT NULL,
       placed_at DATETIME(3) NOT NULL, note VARCHAR(200) NOT NULL,
       FOREIGN KEY (customer_id) REFERENCES ${customers} (id), FOREIGN KEY (good_id) REFERENCES ${goods} (id))`,
    `${insert(orders, rows)} SELECT n, 1 + ${drawn("customer", rows)}, 1 + ${drawn("good", rows)}, ${moment("placed")},
       ${words("note", 8)} FROM numbers`,
    `CREATE TABLE ${SCHEMA}.${items} (
       order_id BIGINT NOT NULL, position SMALLINT NOT NULL, quantity INT NOT NULL, price DECIMAL(10,2) NOT NULL,
       PRIMARY KEY (order_id, position), FOREIGN KEY (order_id) REFERENCES ${orders} (id) ON DELETE CASCADE)`,
    `${insert(items, rows)} SELECT 1 + n DIV 4, n % 4, ${drawn("quantity", 20)}, ${drawn("price", 100_000)} / 100 FROM numbers`,
  ];
}

/** Few rows of some 9 KiB, whose key says nothing about their order: documents of JSON and of bytes that can't be packed. */
function wide(rows: number): Workload {
  return {
    name: `${rows}-wide-rows`,
    rows,
    tables: 1,
    statements: [
      `CREATE TABLE ${SCHEMA}.documents (
         id BINARY(16) NOT NULL PRIMARY KEY,
         owner CHAR(36) CHARACTER SET ascii NOT NULL,
         properties JSON NOT NULL,
         body MEDIUMBLOB NOT NULL,
         KEY by_owner (owner))`,
      `${insert("documents", rows)} SELECT
         UUID_TO_BIN(${uuid("n")}), ${uuid("n DIV 10")},
         JSON_OBJECT('title', ${words("title", 6)}, 'pages', ${drawn("pages", 300)}, 'tags', JSON_ARRAY(${words("tag", 1)}, n)),
         LEFT(CONCAT(${Array.from({ length: 16 }, () => "RANDOM_BYTES(1024)").join(", ")}), 1 + ${drawn("length", 16_384)})
       FROM numbers`,
    ],
  };
}

/** The beginning of a statement that inserts a row for each number n from 1. */
function insert(table: string | undefined, rows: number): string {
  return (
    `INSERT /*+ SET_VAR(cte_max_recursion_depth = ${rows}) */ INTO ${SCHEMA}.${table} ` +
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${rows})`
  );
}

/** A number below a limit that looks drawn by chance, and is the same for n each time. */
function drawn(what: string, limit: number): string {
  return `CRC32(CONCAT('${what}', n)) % ${limit}`;
}

/** MySQL has no MD5 anymore. */
function uuid(of: string): string {
  return `REGEXP_REPLACE(SHA2(${of}, 256), '^(.{8})(.{4})(.{4})(.{4})(.{12}).*$', '$1-$2-$3-$4-$5')`;
}

function moment(what: string): string {
  return `TIMESTAMPADD(MICROSECOND, 1000 * (${drawn(what, 4_000_000_000)}), '2026-01-01') - INTERVAL n % 1500 DAY`;
}

const WORDS =
  "apple harbour silver Größe window seven paper 山 lantern river quiet market orange über stone cloud".split(" ");

function words(what: string, count: number, between = " "): string {
  const list = WORDS.map((word) => `'${word}'`).join(", ");
  const each = Array.from({ length: count }, (_, place) => `ELT(1 + ${drawn(what + place, WORDS.length)}, ${list})`);
  return `CONCAT_WS('${between}', ${each.join(", ")})`;
}
