import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { SITE_DOCUMENT_PATH } from "../../components/site-document.ts";
import { openContent } from "./content.ts";
import { Rows } from "./rows.ts";
import { LoginSecret } from "./secret.ts";
import { requestListener } from "./server.ts";
import { readSite } from "./site.ts";

/** How long requests that are under way may take once the server is asked to end, in milliseconds. */
const GRACE = 5000;

// What the image of the workload's servers holds: a small service that reads everything it needs from the site
// document, and every right that it has from the identity of the server. In the environment: PORT instead of the
// document's port, and TLS_CERTIFICATE_FILE with TLS_KEY_FILE where it ends TLS itself.
const document = await readSite(process.argv[2] ?? process.env.SITE_DOCUMENT ?? SITE_DOCUMENT_PATH);
const { database, identityClientId } = document;
const rows = database && new Rows(database, new LoginSecret(database.secret, identityClientId));
const content = await openContent(document);

const server = createServer(requestListener({ document, rows, content }));
server.listen(Number(process.env.PORT ?? document.port), process.env.HOST ?? "0.0.0.0", () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ event: "listening", port, workload: document.workload, site: document.site }));
});
process.on("SIGTERM", end).on("SIGINT", end);

function createServer(listener: RequestListener): Server {
  const { TLS_CERTIFICATE_FILE: certificate, TLS_KEY_FILE: key } = process.env;
  if (!certificate || !key) return createHttpServer(listener);
  return createHttpsServer({ cert: readFileSync(certificate), key: readFileSync(key) }, listener);
}

/** Takes no more requests, answers those that are under way, and ends. */
function end(): void {
  setTimeout(() => process.exit(1), GRACE).unref();
  server.close(async () => {
    await rows?.close();
    process.exit(0);
  });
  // Again and again: what is under way now leaves an idle connection behind.
  setInterval(() => server.closeIdleConnections(), 50);
}
