import { setTimeout as delay } from "node:timers/promises";
import type { Fetch, FetchOptions } from "./local/names.ts";

/** How often a site that is not well yet is asked again, in milliseconds. */
const ASK_AGAIN = 250;

/** A site as its users know it: the names they ask for, and the hosts that DNS would send them to. */
export interface Site {
  name: "primary" | "standby";
  appName: string;
  appHost: string;
  contentName: string;
  contentHost: string;
  healthPath: string;
}

/** What a site answered to one question. */
export interface Answer {
  site: string;
  question: string;
  status: number;
  milliseconds: number;
}

/**
 * Asks a site all that its users would: the app for its health, for a row that is written and read back, and for an
 * item of content, and the edge for the same item.
 *
 * @param known what must be there: an item of content with its bytes, and rows by their text
 * @param patience how long the site may take to be well, in milliseconds
 * @throws Error at the first answer that is not the one expected
 */
export async function askSite(
  fetch: Fetch,
  site: Site,
  { item, written }: { item: { key: string; body: Buffer }; written: string[] },
  patience: number,
  signal: AbortSignal,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const ask = async (question: string, url: string, options: FetchOptions, expected: number) => {
    const started = performance.now();
    const response = await fetch(url, { ...options, signal });
    const body = Buffer.from(await response.arrayBuffer());
    answers.push({ site: site.name, question, status: response.status, milliseconds: elapsed(started) });
    if (response.status === expected) return body;
    throw new Error(
      `${question} of the ${site.name}: expected ${expected}, found ${response.status}: ${body.toString().slice(0, 500)}`,
    );
  };
  const app = (path: string) => `https://${site.appName}${path}`;
  const at = site.appHost;

  answers.push(await untilWell(fetch, site, app(site.healthPath), patience, signal));
  const text = `written at the ${site.name}`;
  const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
  await ask("write a row", app("/rows"), { at, method: "POST", headers, body: JSON.stringify({ text }) }, 201);
  const { rows } = JSON.parse((await ask("read the rows", app("/rows"), { at }, 200)).toString());
  for (const each of [text, ...written]) {
    if (rows.some((row: { text: string }) => row.text === each)) continue;
    throw new Error(`the ${site.name} does not show the row "${each}", it shows ${JSON.stringify(rows)}`);
  }
  const path = item.key.split("/").map(encodeURIComponent).join("/");
  const copies = [
    await ask("content by the app", app(`/content/${path}`), { at }, 200),
    await ask("content by the edge", `https://${site.contentName}/${path}`, { at: site.contentHost }, 200),
  ];
  for (const copy of copies) {
    if (!copy.equals(item.body)) {
      throw new Error(`${item.key} comes from the ${site.name} with ${copy.length} bytes that differ from its own`);
    }
  }
  return answers;
}

/** Asks for a site's health until it is well; tells how long that took. */
async function untilWell(
  fetch: Fetch,
  { name, appHost }: Site,
  url: string,
  patience: number,
  signal: AbortSignal,
): Promise<Answer> {
  const started = performance.now();
  for (;;) {
    const found = await fetch(url, { at: appHost, signal }).then(
      async (response) => ({ status: response.status, text: await response.text() }),
      (error: Error) => ({ status: 0, text: error.message }),
    );
    const milliseconds = elapsed(started);
    if (found.status === 200) return { site: name, question: "health", status: 200, milliseconds };
    signal.throwIfAborted();
    if (milliseconds > patience) {
      throw new Error(
        `the ${name} is not well after ${Math.round(patience / 1000)} s: ${found.status} ${found.text.slice(0, 500)}`,
      );
    }
    await delay(ASK_AGAIN, undefined, { signal });
  }
}

function elapsed(started: number): number {
  return Math.round(performance.now() - started);
}
