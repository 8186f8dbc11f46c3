import { join } from "node:path";
import { expect } from "chai";
import { DatabasePair } from "../../support/database-pair.ts";
import { runScript } from "../../support/script.ts";

/** DATABASE_MIB makes the table larger. */
const SIZE = Number(process.env.DATABASE_MIB ?? 48);

/** Looks at a process's memory all the time: what the system remembers of it begins with its parent's. */
const WATCH = "let peak = 0; setInterval(() => { peak = Math.max(peak, process.memoryUsage().rss); }, 5);";
const TELL = "console.log(JSON.stringify({ peak: peak / 2 ** 20 })); process.exit(0);";

describe("the memory of a process", () => {
  let pair: DatabasePair;
  before(async function () {
    this.timeout(120_000 + SIZE * 500);
    pair = await DatabasePair.create();
    const source = await pair.connect(pair.sourceLogin);
    await source.query("CREATE SCHEMA shop");
    await source.query("CREATE TABLE shop.orders (id INT AUTO_INCREMENT PRIMARY KEY, note VARBINARY(2000))");
    await source.query("INSERT INTO shop.orders (note) VALUES (RANDOM_BYTES(1000))");
    for (let rows = 1; rows < SIZE * 1000; rows *= 2) {
      const limit = Math.min(rows, SIZE * 1000 - rows);
      await source.query(`INSERT INTO shop.orders (note) SELECT RANDOM_BYTES(1000) FROM shop.orders LIMIT ${limit}`);
    }
  });
  after(() => pair[Symbol.asyncDispose]());

  const run = async (module: string, lines: string) => {
    const environment = { ...process.env, NODE_EXTRA_CA_CERTS: pair.authority.certificateFile };
    const { stdout, stderr, code } = await runScript(module, `${WATCH}\n${lines}\n${TELL}`, environment);
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout) as { peak: number };
  };
  const json = (value: unknown) => JSON.stringify(value);

  it(`does not depend on a table's size: one of ${SIZE} MiB is dumped and loaded, in one piece, with less than 256 MiB`, async function () {
    this.timeout(120_000 + SIZE * 2000);
    const folder = join(pair.folder, "dumps");
    const manifest = `{ dump: "20261121T021500Z", kind: "daily" }`;
    const dumped = await run(
      "lambdas/database/dump-portion.ts",
      `const { connect } = await import("./lambdas/database/connection.ts");
       const { planDump, sealDump } = await import("./lambdas/database/dump.ts");
       const { FolderStore } = await import("./test/support/folder-store.ts");
       const store = new FolderStore(${json(folder)});
       const connection = await connect(${json(pair.dumpLogin)});
       const { signal } = new AbortController();
       await module.prepareToDump(connection);
       const { portions, schemas } = await planDump(connection, store, ${manifest}, signal, 2 ** 40);
       for (const portion of portions) await module.dumpPortion(connection, store, ${manifest}, portion, signal);
       const frozen = { gtid: "", server: "none", version: "8.4" };
       await sealDump(store, { ...${manifest}, schemas, frozen, startedAt: "", obstacles: [] }, signal);`,
    );
    const loaded = await run(
      "lambdas/database/load.ts",
      `const { readManifest } = await import("./lambdas/database/manifest.ts");
       const { FolderStore } = await import("./test/support/folder-store.ts");
       const { text } = await import("node:stream/consumers");
       const store = new FolderStore(${json(folder)});
       const { signal } = new AbortController();
       const name = "manifests/daily/20261121T021500Z.json";
       const manifest = readManifest(await text(await store.read(name, signal)), name);
       await module.loadDump({ login: ${json(pair.targetLogin)}, store, manifest, parallel: 4, signal, progress() {} });`,
    );
    console.log(`      dump ${Math.round(dumped.peak)} MiB, load ${Math.round(loaded.peak)} MiB`);
    expect(dumped.peak, "dump").to.be.below(256);
    expect(loaded.peak, "load").to.be.below(256);
    const [[sum]] = (await (await pair.connect(pair.targetLogin)).query("CHECKSUM TABLE shop.orders")) as unknown as [
      { Checksum: string }[],
    ];
    const [[expected]] = (await (
      await pair.connect(pair.sourceLogin)
    ).query("CHECKSUM TABLE shop.orders")) as unknown as [{ Checksum: string }[]];
    expect(sum).to.deep.equal(expected);
  });
});
