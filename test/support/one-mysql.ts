import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "mysql2/promise";
import { connect } from "../../lambdas/database/connection.ts";
import { makeCertificate } from "../../rehearsal/local/certificate.ts";
import type { Mysqld, Parameters } from "../../rehearsal/local/mysqld.ts";
import { mysqlServers } from "./mysql.ts";

export const ADMINISTRATOR = { username: "administrator", password: "an administrator's password" };

/** A MySQL server for a suite, with an administrator as the clouds give one. */
export interface OneMysql extends AsyncDisposable {
  server: Mysqld;
  /** A connection that the suite's end closes. */
  connect(login?: { username: string; password: string }): Promise<Connection>;
}

export async function oneMysql(parameters: Parameters = {}): Promise<OneMysql> {
  const folder = await mkdtemp(join(tmpdir(), "one-mysql-"));
  const servers = await mysqlServers(folder, await makeCertificate(folder));
  const { username: user, password } = ADMINISTRATOR;
  const server = await servers.create("one", {
    ...{ name: "one", port: 3306, lowerCaseNames: false },
    // What it holds may be lost with the machine.
    parameters: { innodb_flush_method: "nosync", innodb_flush_log_at_trx_commit: "0", sync_binlog: "0", ...parameters },
    administrator: { user, password },
  });
  const connections: Connection[] = [];
  return {
    server,
    async connect(login = ADMINISTRATOR) {
      const connection = await connect({ host: server.address, port: server.port, ...login });
      connections.push(connection);
      return connection;
    },
    async [Symbol.asyncDispose]() {
      for (const connection of connections) connection.destroy();
      await servers.destroy("one");
      await rm(folder, { recursive: true });
    },
  };
}
