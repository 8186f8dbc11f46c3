import type { Connection } from "mysql2/promise";
import { isWorkloadUser, userOf } from "./account-name.ts";
import type { Definitions } from "./definitions.ts";
import { revocations, takenApart } from "./grants.ts";
import { refusalOf, type ServerError } from "./refusal.ts";
import { runQuietly } from "./run-quietly.ts";
import { columnTold } from "./told.ts";

type Account = Definitions["accounts"][number];

const ROLE = "`(?:[^`]|``)*`@`(?:[^`]|``)*`";
const DEFAULT_ROLES = new RegExp(` DEFAULT ROLE (${ROLE}(?:, ?${ROLE})*)`);

/** Whoever has it is beyond what an administrator without it may change or drop, which the next load has to do. */
const BEYOND = "SYSTEM_USER";

/**
 * Makes users and roles what they are defined to be, passwords (by their hashes) and all; what they may do comes with
 * `applyAccounts`. They have to be there before programs of which they are the definers.
 *
 * @param connection an administrator's, whose own account is never touched; its session's modes are changed
 * @returns sentences on what is not as it is defined
 */
export async function createAccounts(connection: Connection, { accounts }: Definitions): Promise<string[]> {
  await connection.query("SET SESSION sql_mode = '', sql_quote_show_create = 1, print_identified_with_as_hex = ON");
  const administrator = await administratorOf(connection);
  const differences: string[] = [];
  for (const account of accounts) {
    const isOurs = isWorkloadUser(userOf(account.account), administrator);
    const refusal = isOurs ? await createAccount(connection, account) : "its name is one of this server's own";
    if (refusal) differences.push(`account ${account.account} is not as defined: ${refusal}`);
  }
  return differences;
}

/** What came of the accounts. */
export interface AccountsApplied {
  /** Those that are there, also such as should be no more: `formerly` of the next time. */
  accounts: string[];
  /** Sentences on what is not as it is defined. */
  differences: string[];
}

/**
 * Makes accounts what they are defined to be, gives them what they may do and takes from them all else. Safe to run
 * again, however far it came.
 *
 * Tables and routines must be there: grants on them need it.
 *
 * @param connection an administrator's, whose own account is never touched; its session's modes are changed
 * @param formerly accounts that were made so before; those that are no more are dropped
 */
export async function applyAccounts(
  connection: Connection,
  definitions: Definitions,
  formerly: readonly string[],
): Promise<AccountsApplied> {
  const differences = await createAccounts(connection, definitions);
  const administrator = await administratorOf(connection);
  const isOurs = (account: string) => isWorkloadUser(userOf(account), administrator);
  const made: Account[] = [];
  for (const one of definitions.accounts) {
    if (isOurs(one.account) && (await readCreate(connection, one.account))) made.push(one);
  }
  for (const account of made) differences.push(...(await applyGrants(connection, account)));
  for (const account of made) differences.push(...(await applyDefaultRoles(connection, account)));
  const accounts = definitions.accounts.map(({ account }) => account);
  for (const account of formerly.filter((one) => isOurs(one) && !accounts.includes(one))) {
    const refusal = await refusalOf(connection.query(`DROP USER IF EXISTS ${account}`));
    if (!refusal) continue;
    accounts.push(account);
    differences.push(`account ${account} is not dropped: ${refusal.message}`);
  }
  return { accounts, differences };
}

/** @returns why it is not as defined */
async function createAccount(connection: Connection, { account, create }: Account): Promise<string | undefined> {
  const wanted = withoutRoles(create);
  const found = await readCreate(connection, account);
  if (found === undefined) return quietly(connection, wanted);
  if (withoutRoles(found) === wanted) return undefined;
  const refusal = await quietly(connection, wanted.replace("CREATE USER", "ALTER USER"));
  if (refusal || withoutRoles((await readCreate(connection, account)) ?? "") === wanted) return refusal;
  // What it does not name ALTER leaves as it was, such as an attribute.
  return (await quietly(connection, `DROP USER ${account}`)) ?? quietly(connection, wanted);
}

async function applyGrants(connection: Connection, { account, grants }: Account): Promise<string[]> {
  const held = await readGrants(connection, account);
  if (held.length === grants.length && held.every((grant) => grants.includes(grant))) return [];
  const differences: string[] = [];
  for (const statement of held.filter((grant) => !grants.includes(grant)).flatMap(revocations)) {
    const refusal = await refusalOf(connection.query(statement));
    if (refusal) differences.push(`account ${account} may do more than defined: ${statement}: ${refusal.message}`);
  }
  for (const grant of grants) differences.push(...(await applyGrant(connection, account, grant)));
  return differences;
}

/** Gives what can be given, even where the whole can't. */
async function applyGrant(connection: Connection, account: string, grant: string): Promise<string[]> {
  const { singles, object } = takenApart(grant);
  const isWhole = !singles.some(({ what }) => what === BEYOND);
  if (isWhole && !(await refusalOf(connection.query(grant)))) return [];
  const lacking: string[] = [];
  let reason = `no administrator may change an account with ${BEYOND}`;
  for (const { statement, what } of singles) {
    const refusal = what === BEYOND ? undefined : await refusalOf(connection.query(statement));
    if (refusal) reason = refusal.message;
    if (refusal || what === BEYOND) lacking.push(what);
  }
  return lacking.length > 0 ? [`account ${account} lacks ${lacking.join(", ")}${object}: ${reason}`] : [];
}

async function applyDefaultRoles(connection: Connection, { account, create }: Account): Promise<string[]> {
  const wanted = rolesOf(create);
  if (wanted === rolesOf((await readCreate(connection, account)) ?? "")) return [];
  const refusal = await refusalOf(connection.query(`SET DEFAULT ROLE ${wanted} TO ${account}`));
  return refusal ? [`account ${account} has not the default roles ${wanted}: ${refusal.message}`] : [];
}

/** Runs a statement that holds the hash of a password. @returns why the server refuses it */
async function quietly(connection: Connection, statement: string): Promise<string | undefined> {
  const refusal = await refusalOf(runQuietly(connection, "an account could not be made or changed", statement));
  const [, plugin = "none"] = /IDENTIFIED WITH '(\w+)'/.exec(statement) ?? [];
  return refusal && `the server refuses it with ${refusal.code}; its authentication is ${plugin}`;
}

async function administratorOf(connection: Connection): Promise<string> {
  const [account = ""] = await columnTold(connection, "SELECT CURRENT_USER()");
  return account.slice(0, account.lastIndexOf("@"));
}

/** The statement that makes an account; undefined when there is none. */
async function readCreate(connection: Connection, account: string): Promise<string | undefined> {
  try {
    return (await columnTold(connection, `SHOW CREATE USER ${account}`))[0];
  } catch (error) {
    if ((error as ServerError).code === "ER_CANNOT_USER") return undefined;
    throw error;
  }
}

function readGrants(connection: Connection, account: string): Promise<string[]> {
  return columnTold(connection, `SHOW GRANTS FOR ${account}`);
}

function withoutRoles(create: string): string {
  return create.replace(DEFAULT_ROLES, "");
}

function rolesOf(create: string): string {
  return DEFAULT_ROLES.exec(create)?.[1] ?? "NONE";
}
