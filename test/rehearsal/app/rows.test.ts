import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Rows } from "../../../rehearsal/app/rows.ts";
import { LoginSecret } from "../../../rehearsal/app/secret.ts";
import { makeCertificate } from "../../../rehearsal/local/certificate.ts";
import type { MysqlServers } from "../../../rehearsal/local/mysql-servers.ts";
import type { Mysqld } from "../../../rehearsal/local/mysqld.ts";
import { mysqlServers } from "../../support/mysql.ts";
import { rejection } from "../../support/rejection.ts";

/** A secret that a test rotates, and that counts how often it was read. */
class Secret extends LoginSecret {
  password = "first";
  reads = 0;
  #known: string | undefined;

  override async read() {
    if (this.#known === undefined) this.reads += 1;
    this.#known ??= this.password;
    return { username: "admin", password: this.#known };
  }

  override forget() {
    this.#known = undefined;
  }
}

describe("the app's rows", () => {
  let folder: string;
  let servers: MysqlServers;
  let server: Mysqld;
  let secret: Secret;
  let rows: Rows;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "rows-"));
    servers = await mysqlServers(folder, await makeCertificate(folder));
    server = await servers.create("db", {
      name: "db",
      port: 3306,
      lowerCaseNames: false,
      parameters: { require_secure_transport: "ON" },
      administrator: { user: "admin", password: "first" },
    });
    await server.query("CREATE DATABASE app");
  });
  after(async () => {
    await servers[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    await server.query("DROP TABLE IF EXISTS app.notes");
    await server.query("ALTER USER admin@'%' IDENTIFIED BY 'first'");
    secret = new Secret("", undefined);
    rows = new Rows({ host: server.address, port: 3306, name: "app", secret: "" }, secret);
  });
  afterEach(() => rows.close());

  it("are none at first, in a table that they make themselves", async () => {
    expect([await rows.count(), await rows.list()]).to.deep.equal([0, []]);
    expect(
      await server.query(
        "SELECT COLUMN_NAME AS name FROM information_schema.columns WHERE COLUMN_KEY = 'PRI' AND TABLE_NAME = 'notes'",
      ),
    ).to.deep.equal([{ name: "id" }]);
  });

  it("are written once per key, by however many at once", async () => {
    const written = await Promise.all(["a", "a", "b", "a"].map((key) => rows.add(key, `text of ${key}`, "primary")));
    expect(written.filter(({ created }) => created)).to.have.length(2);
    expect(new Set(written.map(({ note }) => note.id)).size).to.equal(2);
    const again = await rows.add("a", "another text", "standby");
    expect([again.created, again.note.text, again.note.site]).to.deep.equal([false, "text of a", "primary"]);
    expect(await rows.count()).to.equal(2);
  });

  it("are listed in order, from where one knows them", async () => {
    for (const key of ["a", "b", "c"]) await rows.add(key, key, "primary");
    const [first, ...rest] = await rows.list();
    expect(rest.map(({ key }) => key)).to.deep.equal(["b", "c"]);
    expect(await rows.list(first?.id)).to.deep.equal(rest);
  });

  it("read the secret once, and again when the server refuses it", async () => {
    await rows.check();
    await Promise.all([rows.check(), rows.count()]);
    expect(secret.reads).to.equal(1);
    await server.query("ALTER USER admin@'%' IDENTIFIED BY 'second'");
    await server.query("FLUSH PRIVILEGES");
    secret.password = "second";
    // Connections that are open stay open: a rotation shows when new ones are made.
    for (const { id } of await server.query(
      "SELECT ID AS id FROM information_schema.processlist WHERE USER = 'admin'",
    )) {
      await server.query("KILL ?", [id]);
    }
    await rows.check().catch(() => {});
    await rows.check();
    expect(secret.reads).to.equal(2);
  });

  it("say so when the secret stays refused", async () => {
    secret.password = "wrong";
    expect((await rejection(rows.check())).message).to.match(/Access denied for user 'admin'/);
    expect(secret.reads).to.equal(2);
  });

  it("can be read and not written where the server follows another", async () => {
    await rows.add("a", "a", "primary");
    await server.setGlobal("super_read_only", "ON");
    try {
      expect(await rows.count()).to.equal(1);
      expect((await rejection(rows.add("b", "b", "standby"))).message).to.match(/read-only/);
    } finally {
      await server.setGlobal("super_read_only", "OFF");
      await server.setGlobal("read_only", "OFF");
    }
  });
});
