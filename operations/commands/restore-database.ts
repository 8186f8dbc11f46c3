import type { Login } from "../../lambdas/database/connection.ts";
import { CONTROL_SCHEMA } from "../../lambdas/database/layout.ts";
import type { DumpStore } from "../../lambdas/database/store.ts";
import { type Command, type Values, WrongUsage } from "../command.ts";
import { type Choice, choose, newestOf, readWanted } from "../database/choice.ts";
import { type Dump, listDumps, lookAt, lookAtAll } from "../database/dumps.ts";
import { renderChoice, renderDumps, renderLoaded, reportOf } from "../database/render.ts";
import { openControl, openDumps } from "../database/sites.ts";
import { readTarget } from "../database/target.ts";
import { type Outputs, StackReader } from "../outputs.ts";
import { confirm, progress } from "../terminal.ts";
import { folderOf, OBJECTS_OPTIONS, print, textOf } from "./objects-options.ts";

/** `npm run dr -- restore-database` */
export const restoreDatabase: Command = {
  name: "restore-database",
  summary: "Have the standby's database made of a dump, or load one into a server of yours; AWS is not asked.",
  options: {
    list: { type: "boolean", help: "show the dumps on Azure, and which of them are complete" },
    from: {
      type: "string",
      value: "dump",
      help: "latest, a moment as 2026-11-21T14:05:00Z, a dump's id, or a manifest's name",
    },
    "dry-run": { type: "boolean", help: "show what would be done" },
    yes: { type: "boolean", help: "do not ask" },
    "discard-standby": { type: "boolean", help: "also where what was written at the standby itself would be lost" },
    why: { type: "string", value: "text", help: "stands in the request, for people" },
    into: {
      type: "string",
      value: "host[:port]",
      help: "load it, its users and their grants too, from here into this server, which this machine reaches",
    },
    user: { type: "string", value: "name", help: "with --into: an administrator there" },
    "password-file": {
      type: "string",
      value: "file",
      help: "with --into: file that holds the password and nothing else",
    },
    ...OBJECTS_OPTIONS,
  },

  async run({ list, from, ...values }, signal) {
    if (list && from !== undefined) throw new WrongUsage("expected --list or --from, found both");
    if (!list && typeof from !== "string")
      throw new WrongUsage("expected --from with a dump, or --list, found neither");
    const wanted = typeof from === "string" ? readWanted(from) : undefined;
    const into = readTarget(values);
    const dr = await (await StackReader.open(folderOf(values))).read("dr", textOf(values.workload));
    const store = await openDumps(dr);
    const dumps = await listDumps(store, signal);
    if (!wanted) {
      const looked = await lookAtAll(store, dumps, signal);
      const { renderStanding, standingOf, standingReport } = await import("../database/standing.ts");
      const standing = await standingOf(await openControl(dr), looked, signal);
      const now = new Date();
      return print(
        values.json,
        { workload: dr.workload, dumps: looked.map(reportOf), standby: standingReport(standing) },
        `${renderDumps(looked, now)}\n\n${renderStanding(standing, now)}`,
      );
    }
    const choice = await choose(dumps, wanted, (dump) => lookAt(store, dump, signal));
    if (!values.json) process.stdout.write(`${renderChoice(choice, new Date())}\n`);
    const work = { dr, store, dumps, choice, values, signal };
    return into ? loadInto(into, work) : restoreAtStandby(work);
  },
};

interface Work {
  dr: Outputs;
  store: DumpStore;
  dumps: Dump[];
  choice: Choice;
  values: Values;
  signal: AbortSignal;
}

/** Has the controller do it, and follows that. */
async function restoreAtStandby({ dr, store, dumps, choice, values, signal }: Work): Promise<void> {
  const { json, yes, "dry-run": dryRun, "discard-standby": discard = false } = values;
  const { chosen } = choice;
  const [{ replacementOf, untilNext }, { newRequest, openRequest, renderOpen, sameRestore }, { follow }, control] =
    await Promise.all([
      import("../database/replacement.ts"),
      import("../database/request.ts"),
      import("../database/follow.ts"),
      openControl(dr),
    ]);
  const state = await control.state(signal);
  const { holds, done, refused } = replacementOf(state, chosen.dump, discard === true);
  const failed = state.setAside.find(({ dump }) => dump === chosen.dump);
  const newest = await newestOf(dumps, state.setAside, (dump) => lookAt(store, dump, signal));
  const open = openRequest(await control.request(signal), state, newest);
  const known = { ...(failed && { failed: failed.reason }), ...(open && { open }) };
  const found = { workload: dr.workload, from: reportOf(chosen), holds, ...known };
  if (!json) process.stdout.write(`To the standby of ${dr.workload}, which holds: ${holds}.\n`);
  if (!json && failed) process.stdout.write(`The controller could not load it before: ${failed.reason}\n`);
  if (!json && open) process.stdout.write(`${renderOpen(open, state)}.\n`);
  if (refused) throw new Error(refused);
  if (done && !open) return print(json, { ...found, loaded: true }, "It is loaded already: there is nothing to do.");
  if (dryRun) return print(json, found, "Nothing was done.");

  let request = newRequest(chosen, { discard: discard === true, why: textOf(values.why) });
  if (open && sameRestore(open, request)) {
    request = open;
    if (!json) process.stdout.write(`${request.by} asked for it at ${request.requestedAt}: it is followed.\n`);
  } else {
    const instead = open ? `, instead of ${open.dump}` : "";
    const question = `Replace all of that by the dump ${chosen.dump}${instead}?`;
    if (!yes && !(await confirm(question, "--yes or --dry-run", signal))) {
      throw new Error("nothing was restored: the answer was no");
    }
    await control.ask(request, signal);
    if (!json && open) process.stdout.write(`Now ${chosen.dump} is asked for${instead}.\n`);
  }

  const line = progress();
  try {
    await follow(control, request, state, (text) => line.show(text), signal);
  } catch (error) {
    line.end();
    if (signal.aborted) {
      process.stderr.write(
        "The restore goes on at the standby without this command; the same command follows it again.\n",
      );
    }
    throw error;
  }
  line.end();
  const proof = await control.proof(chosen.dump, signal);
  const until = untilNext(state, chosen, newest);
  const text = [renderLoaded(chosen.dump, proof), ...(until ? [until] : [])].join("\n");
  print(json, { ...found, loaded: true, request, proof, ...(until && { until }) }, text);
}

/** Loads it from here. */
async function loadInto(login: Login, { store, choice, values, signal }: Work): Promise<void> {
  const { json, yes, "dry-run": dryRun } = values;
  const { chosen } = choice;
  const place = `${login.host}:${login.port}`;
  const { loadDirectly, seenAt } = await import("../database/direct.ts");
  const seen = await seenAt(login, chosen.manifest);
  const found = { from: reportOf(chosen), into: place, ...seen };
  if (!json) process.stdout.write(`Into ${place}, ${renderSeen(seen)}.\n`);
  if (seen.loaded === chosen.dump) {
    const mend = `to load it again, over what was written since, drop the schema ${CONTROL_SCHEMA} there first`;
    return print(json, found, `It is loaded already: there is nothing to do (${mend}).`);
  }
  if (dryRun) return print(json, found, "Nothing was done.");
  const question = `Load the dump ${chosen.dump} into ${place}?`;
  if (!yes && !(await confirm(question, "--yes or --dry-run", signal))) {
    throw new Error("nothing was loaded: the answer was no");
  }
  const line = progress();
  try {
    const onProgress = (text: string) => line.show(text);
    const proof = await loadDirectly({ login, store, manifest: chosen.manifest, onProgress, signal });
    line.end();
    const events = "Its events are switched off: enable those that shall run, once it serves.";
    print(json, { ...found, proof }, `${renderLoaded(chosen.dump, proof)}\n${events}`);
  } catch (error) {
    line.end();
    if (signal.aborted) process.stderr.write("What was loaded so far stays there; the same command goes on with it.\n");
    throw error;
  }
}

function renderSeen({ loaded, replaces }: { loaded?: string; replaces: string[] }): string {
  const holds = loaded === undefined ? "which holds no dump of ours" : `which holds the dump ${loaded}`;
  return `${holds}; ${replaces.length > 0 ? `replaced are its schemas ${replaces.join(", ")}` : "nothing of it is replaced"}`;
}
