import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { azureOperator } from "../azure-operator.ts";
import { type Outputs, StackReader, textIn } from "../outputs.ts";
import { readStackSettings } from "../stack-files.ts";
import { isUnknown, told, type Unknown } from "../status/told.ts";
import { CHECKS, type Check, type Looking } from "./checks.ts";
import { exportedState, openEngine } from "./engine.ts";
import { readExport } from "./state.ts";
import { fail, type Line, skip, type Verdict } from "./verdict.ts";

/** A check that takes longer has found something: nobody waits for more on that day. In milliseconds. */
const LIMIT = 45_000;

export interface PreflightArgs {
  /** Folder with Pulumi.yaml and the stack files. */
  folder: string;
  workload?: string;
  /** Where the offline export of dr's state is kept. */
  exportFile?: string;
  /** Hours that the newest dump may be old. */
  dumpHours: number;
}

/** Looks whether a declaration would go through from here and now; AWS is not asked. */
export async function preflight(args: PreflightArgs, signal: AbortSignal, checks = CHECKS): Promise<Line[]> {
  const looking = lookFrom(args, signal);
  const seen = await Promise.all(
    checks.map(async (check) => {
      return { check, verdict: await told((each) => check.look({ ...looking, signal: each }), LIMIT, signal) };
    }),
  );
  const blind = new Map(seen.flatMap(({ check, verdict }) => (isUnknown(verdict) ? [[check.id, check] as const] : [])));
  return seen.map(({ check, verdict }) => {
    const { id, title } = check;
    return { id, title, ...(isUnknown(verdict) ? unseen(check, verdict, blind) : verdict) };
  });
}

/** What is said of a check that could not look; where another is to blame, that one alone says what mends it. */
function unseen(check: Check, { unknown }: Unknown, blind: ReadonlyMap<string, Check>): Verdict {
  const first = blamed(check, blind);
  return first ? skip(`not looked at: needs that ${first.title}`) : fail(`can't be looked at: ${unknown}`, check.mend);
}

/** The first in the chain of checks that this one needs, and that could not look either. */
function blamed({ needs = [] }: Check, blind: ReadonlyMap<string, Check>): Check | undefined {
  const needed = needs.map((id) => blind.get(id)).find((each) => each !== undefined);
  return needed && (blamed(needed, blind) ?? needed);
}

/** What the checks wait for, each begun at once. */
function lookFrom({ folder, workload, exportFile, dumpHours }: PreflightArgs, signal: AbortSignal): Looking {
  const engine = openEngine(folder);
  const credential = azureOperator();
  const state = engine.then((opened) => exportedState(opened, folder, signal));
  const stacks = StackReader.open(folder);
  const dr = stacks.then((opened) => opened.read("dr", workload));
  const settings = dr.then((outputs) => settingsOf(outputs, folder));
  const control = Promise.all([import("@azure/storage-blob"), dr, credential]).then(
    ([{ ContainerClient }, outputs, operator]) => new ContainerClient(textIn(outputs, "controlEndpoint"), operator),
  );
  const kept = keep(exportFile, state);
  // Whoever waits for one of them is told; until then nobody may be missed.
  for (const each of [engine, credential, state, stacks, dr, settings, control, kept]) each.catch(() => {});
  const found = { engine, credential, state, stacks, dr, settings, control, kept };
  return { folder, ...found, dumpHours, now: new Date(), signal };
}

function settingsOf({ workload }: Outputs, folder: string) {
  const settings = readStackSettings(folder, "dr").find((each) => each.workload === workload);
  if (settings) return settings;
  throw new Error(`expected the workload ${workload} in Pulumi.dr.yaml, found none of that name`);
}

/** Writes the export anew, where the state can be read; else tells how old the one is that is there. */
async function keep(file: string | undefined, state: Promise<string>): ReturnType<() => Looking["kept"]> {
  if (file === undefined) return {};
  const text = await state.catch(() => undefined);
  if (text !== undefined) {
    readExport(text);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: 0o600 });
    return { file, written: { writtenAt: new Date(), now: true } };
  }
  const found = await stat(file).catch(() => undefined);
  if (!found) return { file };
  readExport(await readFile(file, "utf8"));
  return { file, written: { writtenAt: found.mtime, now: false } };
}
