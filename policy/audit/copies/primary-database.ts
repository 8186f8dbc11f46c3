import { type AuditResource, at, numberAt, textAt } from "../resources.ts";
import { closesAccount, destroysKmsKey } from "./aws-ways.ts";
import { LEAST_DAYS } from "./bucket.ts";
import { type Estate, isIn } from "./estate.ts";
import type { AwsProbe, Copy, Fault, Way } from "./model.ts";

/** The primary's database, with the backups that go with it. */
export function databaseCopies(estate: Estate): { copies: Copy[]; faults: Fault[] } {
  const servers = estate.ofType("aws:rds/instance:Instance").filter((server) => isIn(server, "primary:Database"));
  return {
    copies: servers.map((server) => ({
      id: server.urn,
      stack: server.stack,
      name: server.name,
      kind: "RDS database, with its backups",
      cloud: "aws",
      place: estate.accountOf(server),
      holds: [`${estate.workloadOf(server)} database`],
      lock:
        at(server, "deletionProtection") === true
          ? "deletion protection, which whoever may change it takes off"
          : "none",
      ways: waysOf(estate, server),
      starves: [],
      ...(textAt(server, "kmsKeyId") && { key: textAt(server, "kmsKeyId") }),
    })),
    faults: servers.flatMap(faultsOf),
  };
}

function waysOf(estate: Estate, server: AuditResource): Way[] {
  const account = estate.accountOf(server);
  const resource = textAt(server, "arn") ?? `arn:aws:rds:*:*:db:${server.name}-*`;
  const probe = (action: string): AwsProbe => ({ cloud: "aws", action: `rds:${action}`, resource, account });
  const key = textAt(server, "kmsKeyId");
  const deletes = [
    ...(at(server, "deletionProtection") === true ? [probe("ModifyDBInstance")] : []),
    probe("DeleteDBInstance"),
  ];
  return [
    {
      cause: "delete-database",
      what: "delete it together with its backups (rds:DeleteDBInstance)",
      steps: deletes,
      days: 0,
      mend: "take rds:DeleteDBInstance away; it leaves backups only if whoever deletes says so",
    },
    {
      // To set the retention to none deletes every automated backup at once ("Disabling automated backups"), and the same
      // right gives the administrator another password.
      cause: "backups-off",
      what: "end its backups, give its administrator another password and drop every row (rds:ModifyDBInstance)",
      steps: [probe("ModifyDBInstance")],
      days: 0,
      mend: "count on the vault and the dumps instead: the same right is needed to change the server at all",
    },
    ...(key?.includes(":key/") ? [destroysKmsKey(estate, key, account)] : []),
    closesAccount(account),
  ];
}

function faultsOf(server: AuditResource): Fault[] {
  const of = { subject: server.name, urn: server.urn };
  const faults: Fault[] = [];
  const add = (rule: string, what: string) =>
    faults.push({
      rule,
      ...of,
      what,
      mend: "set multicloud-dr:protectData to true, and databaseBackupDays to 7 at least",
    });
  if (at(server, "deletionProtection") !== true)
    add("deletion-protection-off", "is deleted by one call (deletionProtection)");
  if ((numberAt(server, "backupRetentionPeriod") ?? LEAST_DAYS) < LEAST_DAYS) {
    add(
      "backups-off",
      `keeps backups for ${numberAt(server, "backupRetentionPeriod")} days, expected ${LEAST_DAYS} at least`,
    );
  }
  if (at(server, "skipFinalSnapshot") === true)
    add("no-final-snapshot", "leaves no snapshot when it is deleted (skipFinalSnapshot)");
  if (!server.protect) add("copy-not-protected", "is not protected by the engine");
  return faults;
}
