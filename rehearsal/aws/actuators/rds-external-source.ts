/**
 * RDS's own procedures for replication from a server that is not RDS's, as statements, under the names of release 8.4
 * (Configuring, starting, and stopping binary log (binlog) replication). They run as root, so that the master user
 * needs no right on replication. RDS encrypts such a connection when it is told to, and verifies nobody.
 */
export const RDS_EXTERNAL_SOURCE = [
  `CREATE PROCEDURE mysql.rds_set_external_source_with_auto_position(
     IN host VARCHAR(255), IN port INT, IN user TEXT, IN passwd TEXT, IN enable_ssl_encryption TINYINT(1), IN delay INT
   )
   BEGIN
     IF EXISTS (SELECT * FROM performance_schema.replication_applier_status WHERE service_state = 'ON') THEN
       SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT =
         'You can''t modify replication because replication is running. First call mysql.rds_stop_replication.';
     END IF;
     SET @rds_command = CONCAT(
       'CHANGE REPLICATION SOURCE TO SOURCE_HOST = ', QUOTE(TRIM(host)), ', SOURCE_PORT = ', port,
       ', SOURCE_USER = ', QUOTE(TRIM(user)), ', SOURCE_PASSWORD = ', QUOTE(TRIM(passwd)),
       ', SOURCE_SSL = ', enable_ssl_encryption, ', SOURCE_AUTO_POSITION = 1, SOURCE_CONNECT_RETRY = 2',
       ', SOURCE_DELAY = ', delay
     );
     PREPARE rds_statement FROM @rds_command;
     EXECUTE rds_statement;
     DEALLOCATE PREPARE rds_statement;
     SET @rds_command = NULL;
   END`,
  `CREATE PROCEDURE mysql.rds_set_external_source_gtid_purged(
     IN server_uuid VARCHAR(36), IN start_pos BIGINT, IN end_pos BIGINT
   )
   SET GLOBAL gtid_purged = CONCAT('+', server_uuid, ':', start_pos, '-', end_pos)`,
  "CREATE PROCEDURE mysql.rds_start_replication() START REPLICA",
  "CREATE PROCEDURE mysql.rds_stop_replication() STOP REPLICA",
  "CREATE PROCEDURE mysql.rds_reset_external_source() BEGIN STOP REPLICA; RESET REPLICA ALL; END",
];
