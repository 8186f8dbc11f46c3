import type { Mysqld } from "../../rehearsal/local/mysqld.ts";
import { SCHEMA } from "./workloads.ts";

/** By each table what makes it, with all its keys, and the server's own checksum of all its rows. */
export type Fingerprint = Record<string, { create: string; checksum: string }>;

export async function fingerprintOf(server: Mysqld): Promise<Fingerprint> {
  const found = await server.query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ? ORDER BY table_name",
    [SCHEMA],
  );
  const tables: [string, Fingerprint[string]][] = [];
  for (const { name } of found) {
    const [made] = await server.query("SHOW CREATE TABLE ??.??", [SCHEMA, name]);
    const [summed] = await server.query("CHECKSUM TABLE ??.??", [SCHEMA, name]);
    // Where a table counts on from is no row of it, and not everybody carries it.
    const create = String(made?.["Create Table"]).replace(/ AUTO_INCREMENT=\d+/, "");
    tables.push([String(name), { create, checksum: String(summed?.Checksum) }]);
  }
  return Object.fromEntries(tables);
}

/** @param who made the copy @throws Error that names a table that is not like its source */
export function expectEqual(who: string, source: Fingerprint, copy: Fingerprint): void {
  for (const name of new Set([...Object.keys(source), ...Object.keys(copy)])) {
    const [expected, found] = [source[name], copy[name]];
    const problem =
      (!found && "is missing") ||
      (!expected && "is not of the source") ||
      (expected?.create !== found?.create &&
        `is made otherwise: expected\n${expected?.create}\nfound\n${found?.create}`) ||
      (expected?.checksum !== found?.checksum && "has other rows (CHECKSUM TABLE)");
    if (problem) throw new Error(`the copy that ${who} made differs from its source: ${SCHEMA}.${name} ${problem}`);
  }
}
