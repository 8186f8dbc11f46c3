import { join } from "node:path";
import semver from "semver";
import { cached } from "./cache.ts";
import { commandsIn, fetchPackages } from "./debian.ts";
import { MissingTool, type Report, run } from "./run.ts";

/** The oldest MySQL that is taken as it is: the release that both sites run. */
const OLDEST_MYSQL = "8.4.0";

const PACKAGES = ["mysql-server-core", "mysql-client-core"];

/** A MySQL, the server with its clients. */
export interface MySql {
  version: string;
  /** How it was come by, for the report. */
  origin: string;
  /** The command line of one of its programs up to the program's own arguments. @example "mysqld", "mysqldump" */
  command(program: string): string[];
  /** The server's options that say where its own files are. */
  places: string[];
  /** Names of everything that can be set on the server, with underscores. */
  parameters: ReadonlySet<string>;
}

/**
 * The real MySQL: the one on the PATH where it is new enough, else Debian's, unpacked beside the system and
 * run by its own loader and libraries; no rights of root are needed, and the system stays as it is.
 *
 * @throws MissingTool when there is none and none can be fetched
 */
export async function findMySql(report: Report, signal: AbortSignal): Promise<MySql> {
  const onPath = { command: (program: string) => [program], places: [] };
  const found = await versionOf(onPath.command("mysqld"), signal).catch(() => undefined);
  signal.throwIfAborted();
  if (found !== undefined && semver.gte(found, OLDEST_MYSQL)) {
    return withParameters({ ...onPath, version: found, origin: "on the PATH" }, signal);
  }
  const root = await cached(`mysql-debian-${process.arch}`, (folder) => fetchMySql(folder, report, signal)).catch(
    (error) => {
      if (signal.aborted) throw error;
      throw new MissingTool(
        `MySQL ${OLDEST_MYSQL} or newer was not found and could not be fetched; the databases of both sites are real ` +
          "here: install MySQL's server (dev.mysql.com/downloads) so that `mysqld` is on the PATH, or let apt-get reach " +
          `deb.debian.org, and run this again.\n${error.message}`,
        { cause: error },
      );
    },
  );
  const unpacked = unpackedIn(root);
  const version = await versionOf(unpacked.command("mysqld"), signal);
  return withParameters({ ...unpacked, version, origin: "Debian's packages" }, signal);
}

/** @throws Error when the program is no MySQL, or does not run */
async function versionOf(server: string[], signal: AbortSignal): Promise<string> {
  const [command = "", ...args] = server;
  const said = await run(command, [...args, "--version"], { signal });
  const version = /mariadb/i.test(said) ? undefined : semver.coerce(/Ver (\S+)/.exec(said)?.[1]);
  if (!version) throw new Error(`\`${command}\` is no MySQL server; it calls itself ${said}`);
  return version.version;
}

async function withParameters(mysql: Omit<MySql, "parameters">, signal: AbortSignal): Promise<MySql> {
  const [command = "", ...args] = mysql.command("mysqld");
  const help = await run(command, [...args, "--no-defaults", ...mysql.places, "--verbose", "--help"], { signal });
  const listed = help.slice(help.indexOf("Variables (--variable-name=value)"));
  const names = [...listed.matchAll(/^([a-z][\w-]*) {2,}/gm)].map(([, name = ""]) => name.replaceAll("-", "_"));
  // The one variable whose option has another name: default-time-zone.
  return { ...mysql, parameters: new Set([...names, "time_zone"]) };
}

async function fetchMySql(folder: string, report: Report, signal: AbortSignal): Promise<void> {
  await fetchPackages(PACKAGES, folder, report, signal);
  // It takes its name in the cache only if it runs here.
  await versionOf(unpackedIn(folder).command("mysqld"), signal);
}

/** The programs of an unpacked MySQL. */
function unpackedIn(root: string): Pick<MySql, "command" | "places"> {
  const usr = join(root, "usr");
  return {
    command: commandsIn(root),
    places: [
      `--basedir=${usr}`,
      `--lc-messages-dir=${join(usr, "share/mysql")}`,
      `--character-sets-dir=${join(usr, "share/mysql/charsets")}`,
      `--plugin-dir=${join(usr, "lib/mysql/plugin")}`,
    ],
  };
}
