import { expect } from "chai";
import type { Connection } from "mysql2/promise";
import type { Login } from "../../../lambdas/database/connection.ts";
import { planDump, sealDump } from "../../../lambdas/database/dump.ts";
import { dumpPortion, prepareToDump } from "../../../lambdas/database/dump-portion.ts";
import type { Manifest } from "../../../lambdas/database/manifest.ts";
import { loadDirectly, seenAt } from "../../../operations/database/direct.ts";
import { ADMINISTRATOR, type OneMysql, oneMysql } from "../../support/one-mysql.ts";
import { rejection } from "../../support/rejection.ts";
import { MemoryDumps } from "./dumps-on.ts";

const { signal } = new AbortController();

describe("loading a dump into a server that this machine reaches", () => {
  const store = new MemoryDumps();
  let mysql: OneMysql;
  let connection: Connection;
  let login: Login;
  let manifest: Manifest;

  before(async () => {
    mysql = await oneMysql({ local_infile: "ON" });
    connection = await mysql.connect();
    login = { host: mysql.server.address, port: mysql.server.port, ...ADMINISTRATOR };
    for (const statement of [
      "CREATE DATABASE shop",
      "CREATE TABLE shop.orders (number INT PRIMARY KEY, note VARCHAR(20))",
      "INSERT INTO shop.orders VALUES (1, 'as dumped'), (2, 'as dumped')",
    ]) {
      await connection.query(statement);
    }
    manifest = await dump("20261121T021500Z");
    await connection.query("UPDATE shop.orders SET note = 'later' WHERE number = 2");
  });

  after(() => mysql[Symbol.asyncDispose]());

  async function dump(id: string): Promise<Manifest> {
    const underway = { dump: id, kind: "daily" } as const;
    const reader = await mysql.connect();
    await prepareToDump(reader);
    const { schemas, portions } = await planDump(reader, store, underway, signal);
    for (const portion of portions) await dumpPortion(reader, store, underway, portion, signal);
    const frozen = { gtid: "", server: "s", version: "8.4" };
    const startedAt = "2026-11-21T02:15:00Z";
    return sealDump(store, { ...underway, schemas, frozen, startedAt, obstacles: [] }, signal);
  }

  it("tells first what stands there", async () => {
    expect(await seenAt(login, manifest)).to.deep.equal({ replaces: ["shop"] });
  });

  it("tells first that the server would take no rows, and how to mend that", async () => {
    await using refusing = await oneMysql({ local_infile: "OFF" });
    const { address: host, port } = refusing.server;
    const failure = await rejection(seenAt({ host, port, ...ADMINISTRATOR }, manifest));
    expect(failure.message).to.equal(
      `expected local_infile ON at ${host}, found OFF: set that parameter (on RDS in the instance's parameter group)`,
    );
  });

  it("loads it, and the server holds it then", async () => {
    const told: string[] = [];
    const onProgress = (text: string) => told.push(text);
    const proof = await loadDirectly({ login, store, manifest, onProgress, signal });
    expect(proof).to.include({ dump: "20261121T021500Z", rows: 2, chunks: 1 });
    expect(told).to.include("rows: 1 of 1");
    const [rows] = await connection.query("SELECT DISTINCT note FROM shop.orders");
    expect(rows).to.deep.equal([{ note: "as dumped" }]);
    expect(await seenAt(login, manifest)).to.deep.equal({ loaded: "20261121T021500Z", replaces: ["shop"] });
  });
});
