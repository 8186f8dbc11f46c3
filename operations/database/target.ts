import { readFileSync } from "node:fs";
import type { Login } from "../../lambdas/database/connection.ts";
import { type Values, WrongUsage } from "../command.ts";

const MYSQL_PORT = 3306;

/**
 * A server that this machine reaches itself, as the options name it.
 *
 * @returns undefined where they name none, and the standby's own is meant
 * @throws WrongUsage when they do not go together, Error when the file can't be read
 */
export function readTarget({ into, user, "password-file": file }: Values): Login | undefined {
  if (into === undefined) {
    if (user === undefined && file === undefined) return undefined;
    throw new WrongUsage("expected --into with the server that --user and --password-file are for, found none");
  }
  if (typeof user !== "string" || typeof file !== "string") {
    throw new WrongUsage(
      "expected --user and --password-file together with --into: a password on the command line is seen by all",
    );
  }
  const { host, port } = readAddress(String(into));
  return { host, port, username: user, password: readPassword(file) };
}

/** @example "db.example.com", "db.example.com:3307", "[fd00::1]:3307" */
export function readAddress(text: string): Pick<Login, "host" | "port"> {
  const [, bracketed, plain, port = String(MYSQL_PORT)] =
    /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host && Number(port) >= 1 && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new WrongUsage(`--into: expected host or host:port, found ${text}`);
}

/** What stands in the file, without the end of its line. */
function readPassword(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(
      `--password-file: expected a file with the password, found none that can be read (${(error as Error).message})`,
    );
  }
  const password = text.replace(/\r?\n$/, "");
  if (password !== "") return password;
  throw new Error(`--password-file: expected the password in ${file}, found nothing`);
}
