// Runs a script of this project on the project's own Node, after installing its packages where that is due.
//
//   node rehearsal/bootstrap.mjs SCRIPT [ARGUMENT ...]
//
// Plain JavaScript without any package, so that it runs in a fresh clone on whatever Node is there.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Oldest Node that can run this file and npm; the packages bring the Node that runs all the rest. */
const OLDEST_NODE = 20;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = join(root, "node_modules/.bin/node");
/** Says which lock file the packages were installed from. */
const stamp = join(root, "node_modules/.installed-from");

process.exitCode = await main();

async function main() {
  const [script, ...scriptArguments] = process.argv.slice(2);
  if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
    console.error(
      `Node ${OLDEST_NODE} or newer is needed to install the packages, found ${process.versions.node}: see nodejs.org.`,
    );
    return 1;
  }
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const environment = {
    ...process.env,
    PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`,
    // The clouds' SDKs are large: a command that need not compile them again begins half a second sooner.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules/.compile-cache"),
  };
  // A proxy is for the way out; the local clouds are on this machine.
  for (const name of ["NO_PROXY", "no_proxy"]) {
    environment[name] = [environment[name], "127.0.0.1,localhost"].filter(Boolean).join(",");
  }
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
    const started = performance.now();
    if ((await installPackages()) !== 0) return 1;
    writeFileSync(stamp, lock);
    environment.MULTICLOUD_DR_PACKAGES_MILLISECONDS = String(Math.round(performance.now() - started));
  }
  return script === undefined
    ? 0
    : run(node, [resolve(root, script), ...scriptArguments], { env: environment, stdio: "inherit" });
}

async function installPackages() {
  const started = performance.now();
  const show = (ending) => {
    const seconds = Math.round((performance.now() - started) / 1000);
    process.stderr.write(`\r  Install the packages (npm ci) … ${seconds} s${ending}`);
  };
  const clock = process.stderr.isTTY ? setInterval(show, 1000, "") : undefined;
  show(process.stderr.isTTY ? "" : "\n");
  const said = [];
  const code = await run("npm", ["ci", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel", "error"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    said,
  });
  clearInterval(clock);
  show("\n");
  if (code !== 0) console.error(`npm ci failed; it is needed for everything else. It said:\n${Buffer.concat(said)}`);
  return code;
}

/** Runs a command to its end and hands on the signals that would end this process. */
function run(command, commandArguments, { said, ...options }) {
  return new Promise((done) => {
    const child = spawn(command, commandArguments, { cwd: root, ...options });
    child.stdout?.on("data", (chunk) => said.push(chunk));
    child.stderr?.on("data", (chunk) => said.push(chunk));
    // Whoever ends this process means the child, which may have much to clean up; this one only waits for it.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
    child.on("error", (error) => {
      console.error(`${command} could not be started (${error.message}); it comes with Node: see nodejs.org.`);
      done(1);
    });
    child.on("exit", (code, signal) => done(code ?? 128 + constants.signals[signal]));
  });
}
