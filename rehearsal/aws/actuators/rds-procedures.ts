/** Longest that RDS for MySQL keeps binary logs, in hours (mysql.rds_set_configuration). */
const LONGEST = 168;

/**
 * RDS's own procedures that the product needs, as statements: how long binary logs are kept is no parameter there,
 * but a setting in a table, which the master user changes by a call (Configuring, RDS stored procedure reference).
 */
export const RDS_PROCEDURES = [
  `CREATE TABLE mysql.rds_configuration (
     name VARCHAR(100) PRIMARY KEY, value VARCHAR(100), description VARCHAR(300) NOT NULL
   )`,
  `INSERT INTO mysql.rds_configuration VALUES
     ('binlog retention hours', NULL, 'how long binary logs are kept before they are deleted; NULL: not longer than needed')`,
  `CREATE PROCEDURE mysql.rds_show_configuration()
   SELECT name, value, description FROM mysql.rds_configuration`,
  `CREATE PROCEDURE mysql.rds_set_configuration(IN setting VARCHAR(100), IN hours INT)
   BEGIN
     IF setting <> 'binlog retention hours' THEN
       SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'only "binlog retention hours" can be set here';
     END IF;
     IF hours < 1 OR hours > ${LONGEST} THEN
       SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'binlog retention hours must be between 1 and ${LONGEST}, or NULL';
     END IF;
     UPDATE mysql.rds_configuration SET value = hours WHERE name = setting;
     IF hours IS NOT NULL THEN
       SET PERSIST binlog_expire_logs_seconds = hours * 3600;
     END IF;
   END`,
];
