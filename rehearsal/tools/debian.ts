import { existsSync, readdirSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Report, run } from "./run.ts";

/** Debian's development release; the stable ones have no MySQL. */
const SOURCE = "http://deb.debian.org/debian sid main";

/** Where Debian and its kin keep the keys that its archive is signed with. */
const KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** Fetches packages with all that they depend on, down to the C library, and unpacks them into a folder. */
export async function fetchPackages(
  packages: readonly string[],
  folder: string,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
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
  await run("apt-get", [...configured, "install", "--yes", "--download-only", ...packages], options);
  for (const name of readdirSync(archives).filter((each) => each.endsWith(".deb"))) {
    report(`unpacking ${name}`);
    await run("dpkg", ["-x", join(archives, name), folder], { signal });
  }
  await rm(apt, { recursive: true });
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

/**
 * The command lines of unpacked programs, by name; each is started by the loader that came with it, on its libraries,
 * so that the system's own may be older.
 */
export function commandsIn(root: string): (program: string) => string[] {
  const libraries = librariesIn(root);
  const loader = join(libraries, loaderIn(libraries));
  return (program) => {
    const place = existsSync(join(root, "usr/sbin", program)) ? "sbin" : "bin";
    return [loader, "--library-path", libraries, join(root, "usr", place, program)];
  };
}

/** The folder of unpacked libraries. @throws Error when no loader is in any */
export function librariesIn(root: string): string {
  const parent = join(root, "usr/lib");
  const [found] = readdirSync(parent)
    .filter((name) => name.includes("-linux-"))
    .map((name) => join(parent, name))
    .filter((folder) => readdirSync(folder).some(isLoader));
  if (found) return found;
  throw new Error(`no loader such as ld-linux-x86-64.so.2 was found below ${parent}`);
}

/** The loader in a folder of libraries. @example "ld-linux-x86-64.so.2" */
export function loaderIn(libraries: string): string {
  return readdirSync(libraries).find(isLoader) ?? "";
}

function isLoader(file: string): boolean {
  return /^ld(-linux[\w-]*|64)\.so\.\d$/.test(file);
}
