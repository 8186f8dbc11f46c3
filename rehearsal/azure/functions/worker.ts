/**
 * The process of one function app: loads the app, fires its timers, and answers the host's admin API. It is
 * started by function-app.ts and not meant for anybody else.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire, registerHooks } from "node:module";
import { join } from "node:path";
import { Cron } from "croner";
import { FunctionsCore, type Occurrence, type TimerFunction } from "./core.ts";

/** The module that only the runtime has. */
const CORE = "@azure/functions-core";

const [folder = "", port = "", key = ""] = process.argv.slice(2);

const core = new FunctionsCore();
const timers = new Map<string, Cron>();

function loadApp(): void {
  const slot = Symbol.for(CORE);
  (globalThis as Record<symbol, unknown>)[slot] = core.api;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === CORE ? { url: "local:functions-core", shortCircuit: true } : next(specifier, context),
    load: (url, context, next) =>
      url === "local:functions-core"
        ? {
            format: "commonjs",
            shortCircuit: true,
            source: `module.exports = globalThis[Symbol.for(${JSON.stringify(CORE)})];`,
          }
        : next(url, context),
  });
  const { main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { main?: string };
  // The real worker then says that it found no functions, and goes on doing nothing.
  if (!main) throw new Error("expected `main` in the package's package.json, found none: it names the app's entry");
  createRequire(join(folder, "package.json"))(join(folder, main));
}

function schedule({ name, schedule: pattern, runOnStartup }: TimerFunction): void {
  // Of a timer there is one run at a time, and it goes by UTC ("Timer trigger for Azure Functions").
  const timer: Cron = new Cron(pattern, { timezone: "UTC", protect: true }, () =>
    core.invoke(name, "Timer fired", occurrenceOf(timer)),
  );
  timers.set(name, timer);
  if (runOnStartup) void core.invoke(name, "Timer fired on startup", occurrenceOf(timer));
}

function occurrenceOf(timer: Cron): Occurrence {
  return { last: new Date(), next: timer.nextRun() ?? new Date(8640000000000000) };
}

/** What the admin API answers to a request ("Manually run a non HTTP-triggered function"). */
function answer(method: string, path: string, givenKey: unknown): number {
  if (givenKey !== key) return 401;
  if (method === "GET" && path === "/admin/host/status") return 200;
  const [, name = ""] = /^\/admin\/functions\/([^/]+)$/.exec(path) ?? [];
  const timer = timers.get(decodeURIComponent(name));
  if (method !== "POST" || !timer) return 404;
  const why = "This function was programmatically called via the host APIs.";
  void core.invoke(decodeURIComponent(name), why, occurrenceOf(timer));
  return 202;
}

loadApp();
for (const timer of core.timers()) schedule(timer);
if (timers.size === 0) console.log("No job functions found.");
createServer((incoming, outgoing) => {
  const status = answer(incoming.method ?? "", incoming.url ?? "", incoming.headers["x-functions-key"]);
  incoming.resume();
  outgoing.writeHead(status).end();
}).listen(Number(port), "127.0.0.1");
