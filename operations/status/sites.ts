import { DECLARED, markerPath, READY, readyPath } from "../../components/standby/declaration.ts";
import { SWITCHES, type Switch } from "../../components/standby/disaster.ts";
import { ask } from "../ask.ts";
import { type Outputs, textIn } from "../outputs.ts";
import { type Told, told } from "./told.ts";

/** Whether a site's app answers by its host, before any DNS. */
export interface Answering {
  host: string;
  answers: boolean;
  status?: number;
  milliseconds?: number;
  /** Why not; for people. */
  problem?: string;
}

/** What health checks see of a switched name. */
export interface Marked {
  declared: boolean;
  /** Why and by whom, as the marker tells the world. */
  why?: string;
  by?: string;
  /** When the marker was written. */
  since?: string;
  ready: boolean;
}

/** Asks a site's app. @param outputs of stack prod or dr */
export async function answering(outputs: Outputs, limit: number, signal: AbortSignal): Promise<Answering> {
  const host = textIn(outputs, "appHost");
  const url = `https://${textIn(outputs, "appName")}${textIn(outputs, "healthPath")}`;
  try {
    const { status, milliseconds } = await ask(url, { at: host, limit, signal });
    const problem = status === 200 ? undefined : `expected status 200, found ${status}`;
    return { host, answers: status === 200, status, milliseconds, ...(problem && { problem }) };
  } catch (error) {
    signal.throwIfAborted();
    return { host, answers: false, problem: (error as Error).message };
  }
}

/** Looks at the markers' website as health checks do. @param dr outputs of stack dr */
export async function marked(dr: Outputs, limit: number, signal: AbortSignal): Promise<Record<Switch, Told<Marked>>> {
  const place = textIn(dr, "markerEndpoint");
  const looks = SWITCHES.map(async (name) => [name, await told((each) => lookAt(name, place, each), limit, signal)]);
  return Object.fromEntries(await Promise.all(looks));
}

async function lookAt(name: Switch, place: string, signal: AbortSignal): Promise<Marked> {
  const [marker, file] = await Promise.all(
    [markerPath(name), readyPath(name)].map((path) => ask(new URL(path, place), { signal })),
  );
  const broken = [marker, file].find((answer) => answer && answer.status !== 200 && answer.status !== 404);
  if (!marker || !file || broken) throw new Error(`${place} answered with status ${broken?.status}`);
  const declared = marker.status === 200 && marker.text.includes(DECLARED);
  const since = new Date(marker.headers["last-modified"] ?? "");
  return {
    declared,
    ...(declared && whoAndWhy(marker.text)),
    ...(declared && !Number.isNaN(since.getTime()) && { since: since.toISOString() }),
    ready: file.status === 200 && file.text.includes(READY),
  };
}

function whoAndWhy(text: string): Pick<Marked, "why" | "by"> {
  try {
    const { why, by } = JSON.parse(text) as Record<string, string>;
    return { ...(why && { why }), ...(by && { by }) };
  } catch {
    // Health checks look for a text only, and so it counts all the same.
    return {};
  }
}
