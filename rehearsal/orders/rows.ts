import type { Fetch } from "../local/names.ts";

/** A row as the app shows it. */
export interface FoundRow {
  id: number;
  key: string;
  text: string;
  site: string;
}

/**
 * Reads every row that a site has, page by page.
 *
 * @param host host of the site, as DNS would give it
 * @throws Error for an answer other than 200
 */
export async function readRows(fetch: Fetch, appName: string, host: string, signal: AbortSignal): Promise<FoundRow[]> {
  const found: FoundRow[] = [];
  for (;;) {
    const url = `https://${appName}/rows?after=${found.at(-1)?.id ?? 0}`;
    const response = await fetch(url, { at: host, signal });
    const text = await response.text();
    if (response.status !== 200) {
      throw new Error(`the rows at ${host}: expected 200, found ${response.status}: ${text.slice(0, 500)}`);
    }
    const { rows } = JSON.parse(text) as { rows: FoundRow[] };
    if (rows.length === 0) return found;
    found.push(...rows);
  }
}
