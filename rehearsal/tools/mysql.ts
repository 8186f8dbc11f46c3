import { existsSync, readdirSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import semver from "semver";
import { cached } from "./cache.ts";
import { MissingTool, type Report, run } from "./run.ts";

/** The oldest MySQL that is taken as it is: the release that both sites run. */
const OLDEST_MYSQL = "8.4.0";

/** Debian's development release; the stable ones have MariaDB only. */
const SOURCE = "http://deb.debian.org/debian sid main";
const PACKAGES = ["mysql-server-core", "mysql-client-core"];

/** Where Debian and its kin keep the keys that its archive is signed with. */
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

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

/** Fetches the packages with all that they depend on, down to the C library, and unpacks them into a folder. */
async function fetchMySql(folder: string, report: Report, signal: AbortSignal): Promise<void> {
  const apt = join(folder, "apt");
  const archives = join(apt, "archives");
  await mkdir(join(apt, "lists/partial"), { recursive: true });
  await mkdir(join(archives, "partial"), { recursive: true });
  const signedBy = existsSync(KEYRING) ? `[signed-by=${KEYRING}] ` : "";
  await writeFile(join(apt, "sources.list"), `deb ${signedBy}${SOURCE}\n`);
  await writeFile(join(apt, "apt.conf"), aptConfiguration(apt));
  const options = { signal, report };
  const configured = ["-c", join(apt, "apt.conf")];
  report("fetching Debian's list of packages");
  await run("apt-get", [...configured, "update"], options);
  await run("apt-get", [...configured, "install", "--yes", "--download-only", ...PACKAGES], options);
  for (const name of readdirSync(archives).filter((each) => each.endsWith(".deb"))) {
    report(`unpacking ${name}`);
    await run("dpkg", ["-x", join(archives, name), folder], { signal });
  }
  await rm(apt, { recursive: true });
  // It takes its name in the cache only if it runs here.
  await versionOf(unpackedIn(folder).command("mysqld"), signal);
}

/** The system's proxies and keys stay in force; its sources, its state and its hooks are not touched. */
function aptConfiguration(folder: string): string {
  const settings = {
    "Dir::Etc::sourcelist": join(folder, "sources.list"),
    "Dir::Etc::sourceparts": "-",
    "Dir::Etc::preferences": "-",
    "Dir::Etc::preferencesparts": "-",
    "Dir::State::lists": join(folder, "lists"),
    // As if nothing were installed: the C library comes along.
    "Dir::State::status": "/dev/null",
    "Dir::Cache": folder,
    "Dir::Cache::archives": join(folder, "archives"),
    "APT::Install-Recommends": "false",
    // Started by root, apt would hand the download to a user who cannot see this folder.
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    "Acquire::Retries": "3",
    "Debug::NoLocking": "true",
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";`);
  return [...["APT::Update::Pre-Invoke", "APT::Update::Post-Invoke"].map(clear), ...lines, ""].join("\n");
}

function clear(name: string): string {
  return `#clear ${name};\n#clear ${name}-Success;`;
}

/** The programs of an unpacked MySQL; each is started by the loader that came with it, on its libraries. */
function unpackedIn(root: string): Pick<MySql, "command" | "places"> {
  const usr = join(root, "usr");
  const libraries = join(usr, "lib");
  const [loader = ""] = readdirSync(libraries)
    .filter((name) => name.includes("-linux-"))
    .flatMap((name) => readdirSync(join(libraries, name)).map((file) => join(libraries, name, file)))
    .filter((file) => /\/ld(-linux[\w-]*|64)\.so\.\d$/.test(file));
  if (loader === "") throw new Error(`no loader such as ld-linux-x86-64.so.2 was found below ${libraries}`);
  return {
    command: (program) => {
      const place = existsSync(join(usr, "sbin", program)) ? "sbin" : "bin";
      return [loader, "--library-path", join(loader, ".."), join(usr, place, program)];
    },
    places: [
      `--basedir=${usr}`,
      `--lc-messages-dir=${join(usr, "share/mysql")}`,
      `--character-sets-dir=${join(usr, "share/mysql/charsets")}`,
      `--plugin-dir=${join(usr, "lib/mysql/plugin")}`,
    ],
  };
}
