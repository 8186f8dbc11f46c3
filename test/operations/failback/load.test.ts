import { expect } from "chai";
import { dumpNames, STANDBY_COPY } from "../../../lambdas/database/layout.ts";
import type { Manifest } from "../../../lambdas/database/manifest.ts";
import { loadIntoPrimary, readCopy } from "../../../operations/failback/load.ts";
import { ADMINISTRATOR, oneMysql } from "../../support/one-mysql.ts";
import { rejection } from "../../support/rejection.ts";
import { lay, MemoryDumps, manifestOf } from "../database/dumps-on.ts";

const { signal } = new AbortController();
const COPY: Manifest = { ...manifestOf("2026-11-22T10:00:00Z"), kind: STANDBY_COPY };
const NAMES = dumpNames(STANDBY_COPY, COPY.dump);

describe("the copy of the standby that is loaded into the primary", () => {
  it("is read from its own place, where all of it is there", async () => {
    const store = new MemoryDumps();
    await lay(store, COPY);
    expect(await readCopy(store, "20261122T100000Z", signal)).to.deep.equal(COPY);
  });

  it("is none without its manifest, whatever else is there", async () => {
    const store = new MemoryDumps();
    await lay(store, COPY);
    store.files.delete(NAMES.manifest);
    expect((await rejection(readCopy(store, COPY.dump, signal))).message).to.equal(
      "expected the copy 20261122T100000Z of the standby in memory, found that it is not whole: there is no " +
        "standby/manifests/20261122T100000Z.json",
    );
  });

  it("is none of which a file is missing, or shorter than it should be", async () => {
    const store = new MemoryDumps();
    await lay(store, COPY, [NAMES.chunk(2)]);
    store.files.set(NAMES.chunk(3), Buffer.alloc(1));
    expect((await rejection(readCopy(store, COPY.dump, signal))).message).to.include(
      "standby/20261122T100000Z/chunks/000002.zst is missing; standby/20261122T100000Z/chunks/000003.zst has 1 bytes instead of 3",
    );
  });

  it("is no dump of the primary's, though it were of the same moment", async () => {
    const store = new MemoryDumps();
    await lay(store, { ...COPY, kind: "daily" });
    expect((await rejection(readCopy(store, COPY.dump, signal))).message).to.include("there is no standby/manifests/");
  });

  it("can't be told where the store does not answer", async () => {
    const store = new MemoryDumps();
    store.read = () => Promise.reject(new Error("no connection"));
    expect((await rejection(readCopy(store, COPY.dump, signal))).message).to.equal("no connection");
  });

  it("is not loaded into a server that would take no rows, of which nothing is changed then", async () => {
    await using mysql = await oneMysql({ local_infile: "OFF" });
    const login = { host: mysql.server.address, port: mysql.server.port, ...ADMINISTRATOR };
    const given = { login, before: [], store: new MemoryDumps(), manifest: COPY, report: () => {}, signal };
    expect((await rejection(loadIntoPrimary(given))).message).to.include("expected local_infile ON");
    const connection = await mysql.connect();
    const [rows] = await connection.query({ sql: "SHOW SCHEMAS", rowsAsArray: true });
    expect((rows as unknown as string[][]).flat()).to.have.members([
      ...["information_schema", "mysql", "performance_schema", "sys"],
    ]);
  });
});
