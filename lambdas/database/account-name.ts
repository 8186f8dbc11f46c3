import { quoted } from "./sql.ts";

/** Users by whom the project itself copies; each server has its own. */
export const DUMP_USER = "dr_dump";
export const REPLICATOR_USER = "dr_replicator";

/** Accounts of a server's keeper: what a primary has of them is of no use at the standby. Those of RDS by their names. */
const SYSTEM =
  /^(mysql\..*|root|rds(admin|repladmin|topmgr|proxyadmin|writeforwarduser|_superuser_role)|azure_superuser|)$/;

/** An account as SQL takes it, and as the server tells it. @example "`shop`@`%`" */
export function accountName(user: string, host: string): string {
  return `${quoted(user)}@${quoted(host)}`;
}

/** The user of an account. @example "shop" of "`shop`@`%`" */
export function userOf(account: string): string {
  const [, user] = /^`((?:[^`]|``)*)`@/.exec(account) ?? [];
  if (user === undefined) throw new Error(`expected an account such as \`shop\`@\`%\`, found ${account}`);
  return user.replaceAll("``", "`");
}

/** Whether a user is the workload's: neither a server's keeper's, nor its administrator, nor ours. */
export function isWorkloadUser(user: string, administrator: string): boolean {
  return !SYSTEM.test(user) && ![administrator, DUMP_USER, REPLICATOR_USER].includes(user);
}
