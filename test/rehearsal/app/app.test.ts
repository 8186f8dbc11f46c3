import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import getPort from "get-port";
import type { SiteDocument } from "../../../components/site-document.ts";
import { type Certificate, makeCertificate } from "../../../rehearsal/local/certificate.ts";
import { type HttpsService, serveHttps } from "../../../rehearsal/local/https.ts";
import type { MysqlServers } from "../../../rehearsal/local/mysql-servers.ts";
import type { Mysqld } from "../../../rehearsal/local/mysqld.ts";
import { mysqlServers } from "../../support/mysql.ts";
import { until } from "../../support/until.ts";

const CLIENT_ID = "11111111-2222-4333-8444-555555555555";

describe("the app on a server of the standby", () => {
  let folder: string;
  let certificate: Certificate;
  let servers: MysqlServers;
  let database: Mysqld;
  /** What plays Azure: the identity's endpoint, a vault, and a container. */
  let azure: HttpsService;
  let identity: { url: string; close(): void };
  let app: ChildProcess;
  let url: string;
  const asked: string[] = [];
  let blobDelay = 0;

  async function play(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { pathname } = new URL(incoming.url ?? "/", "https://azure");
    const bearer = String(incoming.headers.authorization);
    if (pathname === "/secrets/login") {
      expect(bearer).to.equal("Bearer token for https://vault.azure.net");
      const value = JSON.stringify({ username: "admin", password: "secret" });
      outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ value }));
      return;
    }
    expect(bearer).to.match(/^Bearer token for https:\/\/storage\.azure\.com\/?$/);
    await new Promise((resolve) => setTimeout(resolve, blobDelay));
    if (pathname === "/content/index.html") {
      outgoing.writeHead(200, { "content-type": "text/html", "content-length": 7, etag: '"1"' });
      outgoing.end(incoming.method === "HEAD" ? undefined : "Welcome");
      return;
    }
    const code = pathname.startsWith("/content/") ? "BlobNotFound" : "ContainerNotFound";
    outgoing.writeHead(404, { "x-ms-error-code": code }).end();
  }

  /** The endpoint from which a managed identity has its tokens. */
  async function playIdentity(): Promise<{ url: string; close(): void }> {
    const server = createServer(({ url = "", headers }, response) => {
      asked.push(url);
      if (headers["x-identity-header"] !== "header") return void response.writeHead(401).end();
      const resource = new URL(url, "http://identity").searchParams.get("resource");
      const expires_on = Math.floor(Date.now() / 1000) + 3600;
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        JSON.stringify({ access_token: `token for ${resource}`, expires_on, resource, token_type: "Bearer" }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, close: () => server.close() };
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "app-"));
    certificate = await makeCertificate(folder);
    servers = await mysqlServers(folder, certificate);
    database = await servers.create("db", {
      name: "db",
      port: 3306,
      lowerCaseNames: false,
      parameters: {},
      administrator: { user: "admin", password: "secret" },
    });
    await database.query("CREATE DATABASE app");
    azure = await serveHttps(certificate, play);
    identity = await playIdentity();
    await start();
  });
  after(async () => {
    app.kill("SIGKILL");
    azure.close();
    identity.close();
    await servers[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => {
    blobDelay = 0;
  });

  async function start(): Promise<void> {
    const document: SiteDocument = {
      workload: "shop",
      site: "standby",
      appName: "app.example.com",
      port: await getPort(),
      healthPath: "/healthz",
      database: { host: database.address, port: 3306, name: "app", secret: `${azure.url}/secrets/login` },
      content: { kind: "blob", endpoint: `${azure.url}/`, container: "content" },
      identityClientId: CLIENT_ID,
    };
    const file = join(folder, "site.json");
    await writeFile(file, JSON.stringify(document));
    app = spawn(process.execPath, ["rehearsal/app/main.ts"], {
      env: {
        PATH: process.env.PATH,
        SITE_DOCUMENT: file,
        HOST: "127.0.0.1",
        TLS_CERTIFICATE_FILE: certificate.certificateFile,
        TLS_KEY_FILE: certificate.keyFile,
        NODE_EXTRA_CA_CERTS: certificate.certificateFile,
        IDENTITY_ENDPOINT: identity.url,
        IDENTITY_HEADER: "header",
      },
      stdio: "ignore",
    });
    url = `https://127.0.0.1:${document.port}`;
    await until(
      () =>
        fetch(`${url}/healthz`).then(
          () => true,
          () => false,
        ),
      "the app answers",
    );
  }

  const get = async (path: string, options: RequestInit = {}) => {
    const answer = await fetch(`${url}${path}`, options);
    const body = await answer.text();
    return { status: answer.status, type: answer.headers.get("content-type"), body };
  };
  const health = async () => {
    const { status, body } = await get("/healthz");
    return { code: status, ...(JSON.parse(body) as { status: string; problems: Record<string, string> }) };
  };

  it("ends TLS itself, and is well by the rights of its identity", async () => {
    expect(await health()).to.deep.include({ code: 200, status: "well", site: "standby", problems: {} });
    expect(
      asked.every((each) => each.includes(`client_id=${CLIENT_ID}`)),
      asked.join(),
    ).to.equal(true);
  });

  it("shows what it has", async () => {
    await get("/rows", { method: "POST", headers: { "idempotency-key": "a" }, body: '{"text":"hello"}' });
    const home = await get("/");
    expect(home).to.include({ status: 200, type: "text/html; charset=utf-8" });
    expect(home.body).to.include("1 rows at the standby site").and.include("Welcome");
    expect(await get("/content/index.html")).to.include({ status: 200, type: "text/html", body: "Welcome" });
    expect(await get("/content/index.html", { method: "HEAD" })).to.include({ status: 200, body: "" });
    expect((await get("/content/nothing")).status).to.equal(404);
  });

  it("says what is wrong with a request", async () => {
    const post = (headers: Record<string, string>, body: string) => get("/rows", { method: "POST", headers, body });
    const key = { "idempotency-key": "b" };
    expect(await post({}, "{}")).to.have.property("status", 400);
    expect((await post({}, "{}")).body).to.include("an Idempotency-Key of 1 to 100 characters is expected");
    expect((await post(key, "no JSON")).body).to.include("the body is no JSON");
    expect((await post(key, "null")).body).to.include("a JSON body such as");
    expect((await post(key, JSON.stringify({ text: "a".repeat(1001) }))).status).to.equal(400);
    expect((await post(key, "a".repeat(20_000))).body).to.include("the body is too long");
    expect(await get("/elsewhere")).to.include({ status: 404 });
    expect(await get("/", { method: "DELETE" })).to.include({ status: 404 });
  });

  it("waits a second for its content, and not longer", async () => {
    blobDelay = 3000;
    const began = performance.now();
    expect(await health()).to.deep.include({ code: 503, problems: { content: "no answer within 1000 ms" } });
    expect(performance.now() - began).to.be.below(2000);
  });

  it("is not well while its database is away, and is again when that is back", async () => {
    await database.stop();
    const { code, problems } = await health();
    expect([code, Object.keys(problems)]).to.deep.equal([503, ["database"]]);
    expect(problems.database).to.match(/ECONNREFUSED|Connection lost|closed/);
    expect((await get("/rows")).status).to.equal(503);
    expect((await get("/content/index.html")).status).to.equal(200);
    await database.start();
    await until(async () => (await health()).code === 200, "it is well again");
  });

  it("answers what is under way before it ends", async () => {
    blobDelay = 500;
    const item = get("/content/index.html");
    await new Promise((resolve) => setTimeout(resolve, 200));
    const ended = new Promise((resolve) => app.once("exit", (code) => resolve(code)));
    app.kill("SIGTERM");
    expect((await item).body).to.equal("Welcome");
    expect(await ended).to.equal(0);
  });
});
