import { join } from "node:path";
import type { Certificate } from "../../rehearsal/local/certificate.ts";
import { MysqlServers } from "../../rehearsal/local/mysql-servers.ts";
import { findMySql } from "../../rehearsal/tools/mysql.ts";

/** MySQL servers for a suite; none runs before one is made. @param folder the suite's own */
export async function mysqlServers(folder: string, authority: Certificate): Promise<MysqlServers> {
  return new MysqlServers({
    mysql: await findMySql(() => {}, new AbortController().signal),
    folder: join(folder, "mysql"),
    authority,
    onDeath: (error) => {
      throw error;
    },
  });
}
