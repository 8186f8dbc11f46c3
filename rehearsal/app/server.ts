import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { text as textOf } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { SiteDocument } from "../../components/site-document.ts";
import { type Content, WELCOME } from "./content.ts";
import { checkHealth } from "./health.ts";
import type { Rows } from "./rows.ts";

/** Longest body that is read, in bytes. */
const MOST_BYTES = 10_000;

/** What the answers are made from. */
export interface Site {
  document: SiteDocument;
  /** Absent where the site has no database. */
  rows: Rows | undefined;
  content: Content;
}

/** A request that can't be served as it is. */
class BadRequest extends Error {}

/** Answers the app's requests. */
export function requestListener(site: Site): RequestListener {
  return (request, response) => {
    answer(site, request, response).catch((error: Error) => {
      const status = error instanceof BadRequest ? 400 : 503;
      console.error(JSON.stringify({ method: request.method, path: request.url, status, error: error.message }));
      if (response.headersSent) response.destroy();
      else json(response, status, { error: error.message });
    });
  };
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://app");
  const reading = request.method === "GET" || request.method === "HEAD";
  if (reading && pathname === site.document.healthPath) return health(site, response);
  if (reading && pathname === "/") return home(site, response);
  if (reading && pathname.startsWith("/content/")) {
    return item(site, decodeURIComponent(pathname.slice("/content/".length)), request, response);
  }
  if (reading && pathname === "/rows") {
    const rows = await rowsOf(site).list(Number(searchParams.get("after") ?? 0) || 0);
    return json(response, 200, { count: await rowsOf(site).count(), rows });
  }
  if (request.method === "POST" && pathname === "/rows") return write(site, request, response);
  json(response, 404, { error: `there is no ${request.method} ${pathname}` });
}

async function health({ document, rows, content }: Site, response: ServerResponse): Promise<void> {
  const { well, problems } = await checkHealth({
    database: async () => rowsOf({ rows }).check(),
    content: (signal) => content.check(signal),
  });
  const { workload, site } = document;
  // Which version of the app the server's image holds, where it tells.
  const version = process.env.APP_VERSION;
  const said = { status: well ? "well" : "failing", workload, site, ...(version && { version }), problems };
  json(response, well ? 200 : 503, said);
}

async function home(site: Site, response: ServerResponse): Promise<void> {
  const [count, welcome] = await Promise.all([rowsOf(site).count(), site.content.get(WELCOME)]);
  const words = welcome ? await textOf(welcome.body) : "";
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(
    `<!doctype html><title>${site.document.workload}</title><p>${count} rows at the ${site.document.site} site</p>` +
      `<pre>${escapeHtml(words.slice(0, 200))}</pre>\n`,
  );
}

async function item(site: Site, key: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const found = await site.content.get(key);
  if (!found) return json(response, 404, { error: `there is no content ${JSON.stringify(key)}` });
  response.writeHead(200, {
    "content-type": found.type ?? "application/octet-stream",
    ...(found.length === undefined ? {} : { "content-length": found.length }),
  });
  if (request.method === "HEAD") {
    found.body.destroy();
    response.end();
    return;
  }
  await pipeline(found.body, response);
}

async function write(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const key = request.headers["idempotency-key"];
  if (typeof key !== "string" || key.length < 1 || key.length > 100) {
    throw new BadRequest("an Idempotency-Key of 1 to 100 characters is expected: it makes writing again harmless");
  }
  const { text } = await bodyOf(request);
  if (typeof text !== "string" || text.length > 1000) {
    throw new BadRequest('a JSON body such as {"text": "hello"} is expected, with 1000 characters at most');
  }
  const { note, created } = await rowsOf(site).add(key, text, site.document.site);
  json(response, created ? 201 : 200, note);
}

function rowsOf({ rows }: Pick<Site, "rows">): Rows {
  if (!rows) throw new Error("this site has no database");
  return rows;
}

async function bodyOf(request: IncomingMessage): Promise<{ text?: unknown }> {
  let bytes = "";
  request.setEncoding("utf8");
  for await (const chunk of request) {
    bytes += chunk;
    if (bytes.length > MOST_BYTES) throw new BadRequest(`the body is too long: ${MOST_BYTES} bytes at most`);
  }
  try {
    return Object(JSON.parse(bytes));
  } catch {
    throw new BadRequest("the body is no JSON");
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
