import type { Certificate } from "../../local/certificate.ts";
import type { Mysqld } from "../../local/mysqld.ts";

/** Where Azure's own settings say what a replica leaves out (Replicate data into Azure Database for MySQL, Filter). */
export const REPLICA_FILTER = { replicate_wild_ignore_table: "mysql.%" };

/**
 * Azure's own procedures for replication from elsewhere, as statements, under the names that the administrator calls
 * (Data-in replication stored procedures). They run as root, so that the administrator needs no right on replication.
 *
 * Azure takes an authority as PEM text and writes it to a file. A procedure writes none here, so that there is one for
 * the run's authority already; any other text stands for a file in which nobody vouches for the source.
 *
 * @param authority the one that vouches for the servers of the run
 */
export function azureProcedures({ certificate, certificateFile }: Certificate): string[] {
  return [
    `CREATE PROCEDURE mysql.az_replication_change_master_with_gtid(
       IN master_host VARCHAR(255), IN master_user VARCHAR(300), IN master_password VARCHAR(300),
       IN master_port INT, IN master_ssl_ca MEDIUMTEXT
     )
     BEGIN
       SET @az_command = CONCAT(
         'CHANGE REPLICATION SOURCE TO SOURCE_HOST = ', QUOTE(master_host), ', SOURCE_PORT = ', master_port,
         ', SOURCE_USER = ', QUOTE(master_user), ', SOURCE_PASSWORD = ', QUOTE(master_password),
         ', SOURCE_AUTO_POSITION = 1, SOURCE_CONNECT_RETRY = 2, SOURCE_SSL = ', master_ssl_ca <> '',
         IF(master_ssl_ca = '', '', CONCAT(', SOURCE_SSL_CA = ', QUOTE(IF(
           LOCATE(${text(certificate.trim())}, REPLACE(master_ssl_ca, '\\r', '')) > 0,
           ${text(certificateFile)}, '/nobody-vouches-for-this-source.pem'
         ))))
       );
       PREPARE az_statement FROM @az_command;
       EXECUTE az_statement;
       DEALLOCATE PREPARE az_statement;
       SET @az_command = NULL;
     END`,
    "CREATE PROCEDURE mysql.az_replication_start() START REPLICA",
    "CREATE PROCEDURE mysql.az_replication_stop() STOP REPLICA",
    "CREATE PROCEDURE mysql.az_replication_remove_master() BEGIN STOP REPLICA; RESET REPLICA ALL; END",
  ];
}

/**
 * Forgets the server's own history and says what it holds instead, as Azure does when its Resource Manager is asked for
 * `resetGtid`: nobody can by SQL (Configure data-in replication, Set GTID in replica server).
 */
export async function resetGtid(server: Mysqld, gtid: string): Promise<void> {
  await server.query("RESET BINARY LOGS AND GTIDS");
  await server.query("SET GLOBAL gtid_purged = ?", [gtid]);
}

function text(value: string): string {
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
