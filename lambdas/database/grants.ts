const NAME = "`(?:[^`]|``)*`";
const ACCOUNT = `${NAME}@${NAME}`;
/** Letters, but names only whole. */
const ANY = `(?:[^\`]|${NAME})`;
/** Privileges on something, as SHOW GRANTS tells them. */
const PRIVILEGES = new RegExp(`^GRANT (${ANY}+?) ON (${ANY}+) TO (${ACCOUNT})( WITH GRANT OPTION)?$`, "s");
const ROLES = new RegExp(`^GRANT (${ACCOUNT}(?:, ?${ACCOUNT})*) TO (${ACCOUNT})( WITH ADMIN OPTION)?$`, "s");
/** A privilege, with the columns that it is for. */
const PRIVILEGE = new RegExp(`\\((?:[^)\`]|${NAME})*\\)|[^,(]`, "gs");

/** What a line of SHOW GRANTS gives, one by one. */
export interface Taken {
  /** Each a privilege with its columns, or a role, and the statement that gives it. @example "SELECT (`id`)" */
  singles: { what: string; statement: string }[];
  /** What all of them are for, as it follows them; empty for roles. @example " ON `shop`.*" */
  object: string;
}

/** Takes a line of SHOW GRANTS apart, for a server that does not take it whole. */
export function takenApart(grant: string): Taken {
  const [, privileges, on, account, option = ""] = PRIVILEGES.exec(grant) ?? [];
  if (privileges !== undefined) {
    const object = ` ON ${on}`;
    const singles = splitPrivileges(privileges).map((what) => ({
      what,
      statement: `GRANT ${what}${object} TO ${account}${option}`,
    }));
    return { singles, object };
  }
  const [, roles, user, admin = ""] = ROLES.exec(grant) ?? [];
  if (roles === undefined) return { singles: [{ what: grant, statement: grant }], object: "" };
  const all = [...roles.matchAll(new RegExp(ACCOUNT, "gs"))];
  return { singles: all.map(([what]) => ({ what, statement: `GRANT ${what} TO ${user}${admin}` })), object: "" };
}

/** Statements that take back what a line of SHOW GRANTS gives; also where it is taken back already. */
export function revocations(grant: string): string[] {
  const [, privileges, object, account, option] = PRIVILEGES.exec(grant) ?? [];
  if (privileges !== undefined) {
    // USAGE is no privilege but the lack of any.
    const own = privileges === "USAGE" ? [] : [`REVOKE IF EXISTS ${privileges} ON ${object} FROM ${account}`];
    const further =
      option && privileges !== "PROXY" ? [`REVOKE IF EXISTS GRANT OPTION ON ${object} FROM ${account}`] : [];
    return [...own, ...further];
  }
  const [, roles, user] = ROLES.exec(grant) ?? [];
  if (roles !== undefined) return [`REVOKE IF EXISTS ${roles} FROM ${user}`];
  // What is taken from a privilege on all schemas ("Privilege Restriction Using Partial Revokes") is given back.
  return [grant.replace(/^REVOKE /, "GRANT ").replace(new RegExp(` FROM (${ACCOUNT})$`), " TO $1")];
}

function splitPrivileges(privileges: string): string[] {
  const all = [""];
  for (const [piece] of privileges.matchAll(new RegExp(`${PRIVILEGE.source}|,`, "gs"))) {
    if (piece === ",") all.push("");
    else all[all.length - 1] += piece;
  }
  return all.map((one) => one.trim());
}
