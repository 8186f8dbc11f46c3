import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { expect } from "chai";
import type { Connection } from "mysql2/promise";
import { dumpNames } from "../../../lambdas/database/layout.ts";
import { readLoaded, readUnderway } from "../../../lambdas/database/ledger.ts";
import { isOneWay, type LoadProgress } from "../../../lambdas/database/load.ts";
import { LoadError } from "../../../lambdas/database/load-error.ts";
import type { Manifest } from "../../../lambdas/database/manifest.ts";
import type { DumpStore } from "../../../lambdas/database/store.ts";
import { contentOf, DatabasePair, unlike } from "../../support/database-pair.ts";
import { rejection } from "../../support/rejection.ts";
import { until } from "../../support/until.ts";

const CHUNK = 60_000;

describe("a load that fails", () => {
  let pair: DatabasePair;
  let first: Manifest;
  let second: Manifest;
  let firstContent: Record<string, unknown>;
  let secondContent: Record<string, unknown>;

  before(async function () {
    this.timeout(120_000);
    pair = await DatabasePair.create();
    const source = await pair.connect(pair.sourceLogin);
    for (const statement of [
      "CREATE SCHEMA shop",
      "CREATE SCHEMA gone",
      "CREATE TABLE gone.t (id INT PRIMARY KEY)",
      "CREATE TABLE shop.customers (id INT PRIMARY KEY, name VARCHAR(99) NOT NULL, KEY (name))",
      "CREATE TABLE shop.orders (id INT AUTO_INCREMENT PRIMARY KEY, customer INT, note TEXT, FOREIGN KEY (customer) REFERENCES customers (id))",
      "CREATE TABLE shop.log (line TEXT)",
      "CREATE VIEW shop.totals AS SELECT customer, COUNT(*) AS orders FROM shop.orders GROUP BY customer",
      "CREATE TRIGGER shop.t BEFORE INSERT ON shop.orders FOR EACH ROW SET NEW.note = CONCAT(NEW.note, '!')",
      "INSERT INTO shop.customers WITH RECURSIVE n AS (SELECT 1 AS id UNION ALL SELECT id + 1 FROM n WHERE id < 900) SELECT id, CONCAT('name ', id) FROM n",
      "INSERT INTO shop.orders SELECT id, id, REPEAT('x', 200) FROM shop.customers",
      "INSERT INTO shop.log SELECT CONCAT('line ', id) FROM shop.customers",
      "ANALYZE TABLE shop.customers, shop.orders, shop.log",
    ]) {
      await source.query(statement);
    }
    first = await pair.dump(CHUNK);
    firstContent = await contentOf(source);
    await source.query("UPDATE shop.orders SET note = REPEAT('y', 200) WHERE id % 2 = 0");
    await source.query("DROP SCHEMA gone");
    await source.query("CREATE TABLE shop.more (id INT PRIMARY KEY)");
    second = await pair.dump(CHUNK);
    secondContent = await contentOf(source);
  });
  beforeEach(async () => {
    const server = pair.target;
    for (const { name } of await server.query(
      "SELECT schema_name AS name FROM information_schema.schemata WHERE schema_name IN ('shop', 'gone') OR schema_name LIKE 'multicloud%'",
    )) {
      await server.query(`DROP SCHEMA \`${name}\``);
    }
    await pair.load(first);
  });
  after(() => pair[Symbol.asyncDispose]());

  const withTarget = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const connection = await pair.connect(pair.targetLogin);
    try {
      return await work(connection);
    } finally {
      connection.destroy();
    }
  };
  const found = () => withTarget(contentOf);
  const loaded = () => withTarget(async (connection) => (await readLoaded(connection))?.dump);
  const beside = async () =>
    (
      await pair.target.query(
        "SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE 'multicloud\\_dr\\_%'",
      )
    ).length;
  const expectFormer = async () => {
    const present = Object.entries(await found()).filter(([name]) => !/multicloud_dr_/.test(name));
    expect(unlike(Object.fromEntries(present), firstContent)).to.deep.equal([]);
    expect(await loaded()).to.equal(first.dump);
  };
  const expectSecond = async () => {
    expect(unlike(await found(), secondContent)).to.deep.equal([]);
    expect(await loaded()).to.equal(second.dump);
    expect(await beside(), "schemas beside what serves").to.equal(0);
  };

  it("was killed at any step, and the next one goes on from there", async function () {
    this.timeout(120_000);
    const steps: LoadProgress[] = [];
    let endAt = 1;
    for (; ; endAt++) {
      const abort = new AbortController();
      let step = 0;
      const progress = (at: LoadProgress) => {
        steps.push(at);
        if (++step === endAt) abort.abort(new Error("killed"));
      };
      const load = pair.load(second, { signal: abort.signal, progress, parallel: 2 });
      const ended = await load.then(
        () => undefined,
        (error: Error) => error,
      );
      if (!ended) break;
      expect(ended.message).to.equal("killed");
      if (steps.at(-1)?.phase === "rows") await expectFormer();
    }
    expect(steps.map(({ phase }) => phase)).to.include.members(["rows", "keys"]);
    await expectSecond();
  });

  it("was killed at any moment, and the next one goes on from there", async function () {
    this.timeout(120_000);
    let kills = 0;
    for (let patience = 60; ; patience += 30) {
      const ended = await pair.load(second, { signal: AbortSignal.timeout(patience) }).then(
        () => true,
        () => false,
      );
      if (ended) break;
      kills += 1;
      const phase = await withTarget(async (connection) => (await readUnderway(connection))?.phase);
      if (phase === undefined || !isOneWay(phase)) await expectFormer();
    }
    expect(kills, "kills").to.be.above(2);
    await expectSecond();
  });

  it("lost the server in the midst of a chunk, and the next one goes on", async function () {
    this.timeout(120_000);
    const slow = new SlowStore(pair.store);
    const load = pair.load(second, { store: slow, parallel: 2 }).then(
      () => undefined,
      (error: Error) => error,
    );
    await until(async () => slow.waiting > 0, "a chunk is under way");
    await pair.target.kill();
    slow.release();
    expect(await load).to.be.instanceOf(Error);
    await pair.target.start();
    await expectFormer();
    await pair.load(second);
    await expectSecond();
  });

  it("says before its copy takes the former one's place, and not once it has", async () => {
    const served: unknown[] = [];
    const takesPlace = async (connection: Connection) => {
      served.push((await readLoaded(connection))?.dump);
      await connection.query("SELECT * FROM gone.t");
      await rejection(connection.query("SELECT * FROM shop.more"));
    };
    await pair.load(second, { takesPlace });
    await withTarget(async (connection) => {
      await connection.query("INSERT INTO multicloud_dr.load_underway VALUES (1, ?, 'swap', 'then')", [second.dump]);
    });
    await pair.load(second, { takesPlace });
    await expectSecond();
    expect(served).to.deep.equal([first.dump]);
  });

  it("was given up for an older dump, and leaves nothing of it", async () => {
    const abort = new AbortController();
    const progress = ({ done }: LoadProgress) => done === 2 && abort.abort(new Error("killed"));
    await rejection(pair.load(second, { signal: abort.signal, progress }));
    const { dump } = await pair.load(first);
    expect(dump).to.equal(first.dump);
    await expectFormer();
    expect(await beside()).to.equal(0);
  });

  const ordersOf = ({ chunks }: Manifest) => chunks.findLast(({ table }) => table === "orders")?.chunk ?? 0;
  const chunkFile = (manifest: Manifest, chunk: number) =>
    join(pair.folder, "dumps/files", dumpNames(manifest.kind, manifest.dump).chunk(chunk));
  const damages: [what: string, damage: (file: string) => Promise<void>, message: RegExp][] = [
    [
      "a byte of a chunk is another one",
      async (file) => {
        const bytes = await readFile(file);
        const at = Math.floor(bytes.length / 2);
        bytes[at] = (bytes[at] ?? 0) ^ 0x10;
        await writeFile(file, bytes);
      },
      /chunks\/\d+\.zst in .* is damaged: .*; the former copy stays, load another dump/,
    ],
    ["a chunk is cut short", (file) => truncate(file, 40), /chunks\/\d+\.zst in .* is damaged: /],
    ["a chunk is empty", (file) => truncate(file, 0), /chunks\/\d+\.zst in .* is damaged: /],
    [
      "a chunk is another dump's",
      async (file) => writeFile(file, await readFile(chunkFile(first, ordersOf(first)))),
      /is damaged: expected SHA-256 \w+, found \w+/,
    ],
  ];
  for (const [what, damage, message] of damages) {
    it(`because ${what} says so, and that trying again is of no use`, async () => {
      const file = chunkFile(second, ordersOf(second));
      const good = await readFile(file);
      await damage(file);
      try {
        const error = await rejection(pair.load(second));
        expect(error).to.be.instanceOf(LoadError);
        expect(error.message).to.match(message);
        expect((error as LoadError).permanent).to.equal(true);
        await expectFormer();
      } finally {
        await writeFile(file, good);
      }
      await pair.load(second);
      await expectSecond();
    });
  }

  it("because a chunk is missing says which, and that it may come", async () => {
    const file = chunkFile(second, 3);
    const good = await readFile(file);
    await rm(file);
    const error = await rejection(pair.load(second));
    await writeFile(file, good);
    expect(error.message).to.match(/chunk 3 of shop\.\w+ could not be loaded .*there is no .*000003\.zst/);
    expect((error as LoadError).permanent).to.equal(false);
    await expectFormer();
    await pair.load(second);
    await expectSecond();
  });

  it("because a chunk can't be read to its end may be tried again", async () => {
    const error = await rejection(pair.load(second, { store: new BrokenStore(pair.store) }));
    expect(error.message).to.match(/could not be loaded .*connection lost/);
    expect((error as LoadError).permanent).to.equal(false);
    await expectFormer();
  });

  it("because the manifest says another number or checksum", async () => {
    const chunks = second.chunks.map((chunk) => (chunk.chunk === 2 ? { ...chunk, rows: chunk.rows + 1 } : chunk));
    const error = await rejection(pair.load({ ...second, chunks }));
    expect(error.message).to.match(/chunk 2 of shop\.\w+ is not what was dumped: expected \d+ rows .*, found \d+/);
    expect((error as LoadError).permanent).to.equal(true);
    await expectFormer();
  });

  it("because the definitions are damaged", async () => {
    const file = join(pair.folder, "dumps/files", dumpNames(second.kind, second.dump).definitions);
    const good = await readFile(file);
    await writeFile(file, good.subarray(0, 99));
    const error = await rejection(pair.load(second));
    await writeFile(file, good);
    expect(error.message).to.match(/definitions\.json\.zst in .* is damaged: expected SHA-256/);
    expect((error as LoadError).permanent).to.equal(true);
    await expectFormer();
    await pair.load(second);
    await expectSecond();
  });

  it("is none when the dump is loaded already: the same proof is told again", async () => {
    const proof = await pair.load(first);
    expect(proof.dump).to.equal(first.dump);
    expect(await pair.load(first)).to.deep.equal(proof);
  });
});

describe("a server that is full", () => {
  let pair: DatabasePair;
  before(async () => {
    // All tables are in one file that does not grow beyond this.
    const small = { innodb_file_per_table: "OFF", innodb_data_file_path: "ibdata1:12M:autoextend:max:44M" };
    pair = await DatabasePair.create(small);
  });
  after(() => pair[Symbol.asyncDispose]());

  it("keeps the former copy, says what happened, and takes the next dump that fits", async function () {
    this.timeout(120_000);
    const source = await pair.connect(pair.sourceLogin);
    const target = await pair.connect(pair.targetLogin);
    await source.query("CREATE SCHEMA shop");
    await source.query("CREATE TABLE shop.orders (id INT AUTO_INCREMENT PRIMARY KEY, note LONGTEXT)");
    await source.query("INSERT INTO shop.orders (note) VALUES ('small')");
    await pair.load(await pair.dump(CHUNK));
    const small = await contentOf(source);

    for (let row = 0; row < 50; row++) {
      await source.query("INSERT INTO shop.orders (note) VALUES (REPEAT('x', 1000000))");
    }
    const error = await rejection(pair.load(await pair.dump(8_000_000)));
    expect(error).to.be.instanceOf(LoadError);
    expect(error.message).to.match(/chunk \d+ of shop\.orders could not be loaded .*is full/);
    expect(error.message).to.match(/what was loaded beside the former copy is dropped; raise databaseStorageGib/);
    expect((error as LoadError).permanent).to.equal(false);
    const [left] = await target.query(
      "SELECT 1 FROM information_schema.schemata WHERE schema_name LIKE '%\\_fresh\\_%'",
    );
    expect(left, "the former copy can take what is written to it").to.deep.equal([]);
    expect(await readUnderway(target)).to.equal(undefined);
    await target.query("INSERT INTO shop.orders (note) VALUES (REPEAT('x', 1000000))");
    await target.query("DELETE FROM shop.orders WHERE id > 1");
    const [[row]] = (await target.query("SELECT COUNT(*) AS orders FROM shop.orders")) as unknown as [
      { orders: string }[],
    ];
    expect(Number(row?.orders)).to.equal(1);

    await source.query("DELETE FROM shop.orders WHERE id > 1");
    await source.query("ALTER TABLE shop.orders AUTO_INCREMENT = 2");
    await pair.load(await pair.dump(CHUNK));
    expect(unlike(await contentOf(target), small)).to.deep.equal([]);
  });
});

/** A store whose chunks come to a halt half-way. */
class SlowStore implements DumpStore {
  readonly place = "a slow store";
  waiting = 0;
  readonly #store: DumpStore;
  readonly #released = Promise.withResolvers<void>();
  constructor(store: DumpStore) {
    this.#store = store;
  }
  release(): void {
    this.#released.resolve();
  }
  list(prefix: string, signal: AbortSignal) {
    return this.#store.list(prefix, signal);
  }
  write(name: string, body: AsyncIterable<Buffer>, signal: AbortSignal) {
    return this.#store.write(name, body, signal);
  }
  async read(name: string, signal: AbortSignal): Promise<Readable> {
    const file = await this.#store.read(name, signal);
    if (!name.includes("chunks/")) return file;
    const halting = new PassThrough();
    void (async () => {
      for await (const block of file) halting.write(block.subarray(0, block.length / 2));
      this.waiting += 1;
      await this.#released.promise;
      halting.end();
    })();
    return halting;
  }
}

/** A store from which nothing can be read to its end. */
class BrokenStore extends SlowStore {
  override async read(name: string, signal: AbortSignal): Promise<Readable> {
    if (!name.includes("chunks/")) return super.read(name, signal);
    const cut = new PassThrough();
    cut.write(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]));
    setTimeout(() => cut.destroy(new Error("connection lost")), 20);
    return cut;
  }
}
