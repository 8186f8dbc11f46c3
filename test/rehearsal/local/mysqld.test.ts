import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createConnection } from "mysql2/promise";
import { type Certificate, makeCertificate } from "../../../rehearsal/local/certificate.ts";
import { Mysqld, type MysqldOptions } from "../../../rehearsal/local/mysqld.ts";
import type { ServiceError } from "../../../rehearsal/local/service.ts";
import { findMySql, type MySql } from "../../../rehearsal/tools/mysql.ts";
import { rejection } from "../../support/rejection.ts";
import { runScript } from "../../support/script.ts";

describe("a MySQL server of the rehearsal", () => {
  let folder: string;
  let authority: Certificate;
  let mysql: MySql;
  let server: Mysqld;
  const deaths: ServiceError[] = [];

  const options = (more: Partial<MysqldOptions> = {}): MysqldOptions => ({
    name: "MySQL of a-test",
    mysql,
    folder: join(folder, "server"),
    port: 3306,
    lowerCaseNames: false,
    parameters: { require_secure_transport: "ON", gtid_mode: "OFF", enforce_gtid_consistency: "OFF" },
    authority,
    onDeath: (error) => deaths.push(error),
    ...more,
  });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "mysqld-"));
    authority = await makeCertificate(folder);
    mysql = await findMySql(() => {}, new AbortController().signal);
    server = await Mysqld.create(options());
    await server.query("CREATE DATABASE shop");
    await server.query("CREATE USER reader@'%' IDENTIFIED BY 'a password'");
  });
  after(async () => {
    await server.destroy();
    await rm(folder, { recursive: true });
  });

  const connect = (more: object = {}) =>
    createConnection({ host: server.address, user: "reader", password: "a password", ...more });
  const pidIsAlive = (pid: number | undefined) => existsSync(`/proc/${pid}/exe`);

  it("takes users at the usual port of its own address, over TLS only, with a certificate that one can verify", async () => {
    const connection = await connect({ ssl: { verifyIdentity: true } });
    const [rows] = await connection.query("SELECT @@port port");
    expect(rows).to.deep.equal([{ port: 3306 }]);
    await connection.end();
    expect((await rejection(connect())).message).to.match(/insecure transport are prohibited/);
  });

  it("lets root in by its socket and by nothing else", async () => {
    const { message } = await rejection(connect({ user: "root", password: "", ssl: {} }));
    expect(message).to.match(/Access denied for user 'root'/);
    expect(await server.query("SELECT CURRENT_USER() me")).to.deep.equal([{ me: "root@localhost" }]);
  });

  it("writes binary logs of rows, in which what root does leaves no trace", async () => {
    const [position] = await server.query("SHOW BINARY LOG STATUS");
    await server.query("CREATE TABLE shop.kept (id INT PRIMARY KEY)");
    expect(await server.query("SHOW BINARY LOG STATUS")).to.deep.equal([position]);
    expect(await server.query("SELECT @@binlog_format format")).to.deep.equal([{ format: "ROW" }]);
  });

  it("keeps its data and address when it is stopped, and when it is killed", async () => {
    const { address } = server;
    await server.query("INSERT INTO shop.kept VALUES (1)");
    for (const end of ["stop", "kill"] as const) {
      const { pid } = server;
      await server[end]();
      await server[end]();
      expect(server.isRunning).to.equal(false);
      expect(pidIsAlive(pid), `${end} ends the process`).to.equal(false);
      expect((await rejection(connect({ ssl: {} }))).message).to.match(/ECONNREFUSED/);
      await server.start();
      expect(await server.query("SELECT * FROM shop.kept")).to.deep.equal([{ id: 1 }]);
    }
    expect(server.address).to.equal(address);
    expect(deaths, "nobody is told of an end that was wished").to.deep.equal([]);
  });

  it("takes a parameter at once, and what is static at its next start", async () => {
    await server.setGlobal("long_query_time", "2.5");
    const { message } = await rejection(server.setGlobal("innodb_purge_threads", "2"));
    expect(message).to.match(/read only variable/);
    await server.configure({ innodb_purge_threads: "2", init_connect: 'SET @a = "b"', of_another_release: "1" });
    await server.stop();
    await server.start();
    expect(
      await server.query(
        "SELECT @@global.long_query_time seconds, @@innodb_purge_threads threads, @@init_connect init",
      ),
    ).to.deep.equal([{ seconds: 10, threads: 2, init: 'SET @a = "b"' }]);
  });

  it("has an identity and an address of its own beside another, and its own way with names", async () => {
    await using other = await Mysqld.create(options({ folder: join(folder, "other"), lowerCaseNames: true }));
    expect(other.address).to.not.equal(server.address);
    const ids = "SELECT @@server_uuid uuid, @@server_id id";
    const [[mine], [its]] = [await server.query(ids), await other.query(ids)];
    expect(mine?.uuid).to.not.equal(its?.uuid);
    expect(mine?.id).to.not.equal(its?.id);
    expect(await other.query("SELECT @@lower_case_table_names names")).to.deep.equal([{ names: 1 }]);
    expect(await server.query("SELECT @@lower_case_table_names names")).to.deep.equal([{ names: 0 }]);
  });

  it("says how it died when nobody stopped it, and with which last words", async () => {
    const dying = await Mysqld.create(options({ folder: join(folder, "dying") }));
    process.kill(Number(dying.pid), "SIGTERM");
    const deadline = performance.now() + 10_000;
    while (deaths.length === 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(deaths.splice(0).join()).to.match(/MySQL of a-test died .*mysqld\.log:[\s\S]*Shutdown complete/);
    expect(dying.isRunning).to.equal(false);
    await dying.destroy();
  });

  it("that cannot start says why", async () => {
    const parameters = { innodb_page_size: "12345" };
    const broken = Mysqld.create(options({ folder: join(folder, "broken"), parameters }));
    expect((await rejection(broken)).message).to.match(/MySQL of a-test ended while it started .*[\s\S]*page size/i);
  });

  it("wants a folder whose path leaves room for a socket", async () => {
    const long = Mysqld.create(options({ folder: join(folder, "a".repeat(100)) }));
    expect((await rejection(long)).message).to.match(/too long for a socket: set TMPDIR/);
  });

  it("ends with the process that started it", async () => {
    const own = await mkdtemp(join(folder, "own-"));
    const { stdout, stderr } = await runScript(
      "rehearsal/local/mysqld.ts",
      `const { findMySql } = await import("./rehearsal/tools/mysql.ts");
       const { makeCertificate } = await import("./rehearsal/local/certificate.ts");
       const folder = ${JSON.stringify(own)};
       const server = await module.Mysqld.create({
         name: "MySQL", folder: folder + "/server", port: 3306, lowerCaseNames: false, parameters: {}, onDeath() {},
         mysql: await findMySql(() => {}, new AbortController().signal), authority: await makeCertificate(folder),
       });
       process.stdout.write(String(server.pid), () => process.kill(process.pid, "SIGKILL"));`,
      process.env,
    );
    expect(stdout, stderr).to.match(/^\d+$/);
    const deadline = performance.now() + 10_000;
    while (pidIsAlive(Number(stdout)) && performance.now() < deadline) await new Promise((go) => setTimeout(go, 20));
    expect(pidIsAlive(Number(stdout))).to.equal(false);
  });
});
