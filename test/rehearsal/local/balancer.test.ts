import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";
import { expect } from "chai";
import { type Decision, type Endpoint, serveHttp, serveTcp } from "../../../rehearsal/local/balancer.ts";
import { type Certificate, makeCertificate } from "../../../rehearsal/local/certificate.ts";
import { issueForHosts } from "../../../rehearsal/local/host-certificate.ts";
import { type Fetch, fetchThrough, Names } from "../../../rehearsal/local/names.ts";
import { Pool } from "../../../rehearsal/local/pool.ts";
import { rejection } from "../../support/rejection.ts";

describe("a balancer", () => {
  const open: (() => void)[] = [];
  let folder: string;
  let authority: Certificate;
  let names: Names;
  let ask: Fetch;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "balancer-"));
    authority = await makeCertificate(folder);
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(() => {
    names = new Names();
    ask = fetchThrough(names, authority.certificate);
  });
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  async function listen(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    open.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  /** A pool with one server that answers so. */
  async function poolOf(answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void): Promise<Pool> {
    return poolAt(await listen(createHttpServer(answer)));
  }

  function poolAt(...ports: number[]): Pool {
    const probe = { scheme: "tcp", path: "", interval: 1e6, timeout: 1e3, healthyAfter: 1, unhealthyAfter: 1 } as const;
    const pool = new Pool({ probe: { ...probe, accepts: () => true }, failOpen: true });
    open.push(() => pool[Symbol.dispose]());
    pool.register("servers", () => ports.map((port) => ({ id: String(port), host: "127.0.0.1", port })));
    return pool;
  }

  async function serve(host: string, decision: Decision): Promise<Endpoint> {
    const endpoint = await serveHttp({ decide: () => decision });
    open.push(() => endpoint.close());
    names.set(host, 80, endpoint);
    return endpoint;
  }

  const echo = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const { method, url, headers } = incoming;
    const body = await text(incoming);
    outgoing.writeHead(200, { "content-type": "application/json", "x-own": "yes" });
    outgoing.end(JSON.stringify({ method, url, headers, body }));
  };

  it("hands a request on as it is, with who asked and how, and the answer back", async () => {
    await serve("app.example", { forward: await poolOf(echo) });
    const answer = await ask("http://app.example/a%20b?c=d", {
      method: "POST",
      body: "grüße",
      headers: { "x-forwarded-for": "192.0.2.1", connection: "keep-alive, x-secret" },
    });
    expect([answer.status, answer.headers.get("x-own")]).to.deep.equal([200, "yes"]);
    const seen = (await answer.json()) as { headers: Record<string, string> };
    expect(seen).to.include({ method: "POST", url: "/a%20b?c=d", body: "grüße" });
    expect(seen.headers).to.include({
      host: "app.example",
      "x-forwarded-for": "192.0.2.1, 127.0.0.1",
      "x-forwarded-proto": "http",
      "x-forwarded-port": "80",
    });
  });

  it("hands on a body whose length nobody told", async () => {
    const { port } = await serve("app.example", { forward: await poolOf(echo) });
    const answer = await new Promise<IncomingMessage>((resolve) => {
      const sent = request({ port, method: "POST", headers: { host: "app.example" } }, resolve);
      sent.write("one, ");
      setTimeout(() => sent.end("two"), 50);
    });
    expect(JSON.parse(await text(answer)).body).to.equal("one, two");
  });

  it("answers 503 where there is no server, and 502 where none answers", async () => {
    await serve("empty.example", { forward: poolAt() });
    await serve("dead.example", { forward: poolAt(1) });
    expect((await ask("http://empty.example/")).status).to.equal(503);
    expect((await ask("http://dead.example/", { method: "POST", body: "a" })).status).to.equal(502);
  });

  it("ends the answer where the server ended in the middle of it", async () => {
    const cut = await poolOf((_incoming, outgoing) => {
      outgoing.writeHead(200, { "content-length": 100 }).write("half");
      setTimeout(() => outgoing.destroy(), 50);
    });
    await serve("cut.example", { forward: cut });
    expect((await rejection(ask("http://cut.example/"))).message).to.equal("aborted");
  });

  it("answers itself where it is told to", async () => {
    await serve("fixed.example", { reply: { status: 301, headers: { location: "https://fixed.example:443/" } } });
    const answer = await ask("http://fixed.example/");
    expect([answer.status, answer.headers.get("location")]).to.deep.equal([301, "https://fixed.example:443/"]);
  });

  it("says so where it cannot decide", async () => {
    const endpoint = await serveHttp({ decide: () => Promise.reject(new Error("undecided")) });
    open.push(() => endpoint.close());
    names.set("app.example", 80, endpoint);
    const answer = await ask("http://app.example/");
    expect([answer.status, await answer.text()]).to.deep.equal([500, "Error: undecided"]);
  });

  it("ends TLS with the certificate of the name that is asked for", async () => {
    const certificates = [
      await issueForHosts(authority, ["*.one.example"]),
      await issueForHosts(authority, ["two.example"]),
    ];
    const pool = await poolOf(echo);
    const endpoint = await serveHttp({ tls: { certificates: () => certificates }, decide: () => ({ forward: pool }) });
    open.push(() => endpoint.close());
    for (const host of ["www.one.example", "two.example"]) {
      names.set(host, 443, endpoint);
      const seen = (await (await ask(`https://${host}/`)).json()) as { headers: Record<string, string> };
      expect(seen.headers).to.include({ host, "x-forwarded-proto": "https", "x-forwarded-port": "443" });
    }
    const nameless = connectTls({ port: endpoint.port, rejectUnauthorized: false });
    await new Promise((resolve) => nameless.once("secureConnect", resolve));
    expect(nameless.getPeerCertificate().subjectaltname).to.equal("DNS:*.one.example");
    nameless.destroy();
    names.set("deep.www.one.example", 443, endpoint);
    expect((await rejection(ask("https://deep.www.one.example/"))).message).to.match(/does not match certificate/);
  });

  it("passes TCP through, so that the server ends TLS itself", async () => {
    const { certificate, key } = await issueForHosts(authority, ["app.example"]);
    const server = createHttpsServer({ cert: certificate, key }, echo);
    const endpoint = await serveTcp(poolAt(await listen(server)));
    open.push(() => endpoint.close());
    names.set("app.example", 443, endpoint);
    const seen = (await (await ask("https://app.example/", { method: "PUT", body: "a" })).json()) as object;
    expect(seen).to.include({ method: "PUT", body: "a" }).and.not.have.nested.property("headers.x-forwarded-for");
  });

  it("ends a connection that it can pass to nobody", async () => {
    for (const pool of [poolAt(), poolAt(1)]) {
      const endpoint = await serveTcp(pool);
      open.push(() => endpoint.close());
      const socket = connect(endpoint.port);
      await new Promise((resolve) => socket.on("error", () => {}).once("close", resolve));
    }
  });

  it("outlives a client that breaks off in its handshake", async () => {
    const own = await issueForHosts(authority, ["app.example"]);
    const endpoint = await serveHttp({
      tls: { certificates: () => [own] },
      decide: () => ({ reply: { status: 204 } }),
    });
    open.push(() => endpoint.close());
    names.set("app.example", 443, endpoint);
    const stranger = connectTls({ port: endpoint.port, servername: "app.example", ca: [] });
    await new Promise((resolve) => stranger.once("error", resolve));
    connect(endpoint.port)
      .on("error", () => {})
      .end("no TLS at all");
    expect((await ask("https://app.example/")).status).to.equal(204);
  });

  describe("and the names at which it is met", () => {
    it("are given per port, whatever their case, and taken away again", async () => {
      names.set("App.example", 80, { host: "127.0.0.1", port: 1 });
      names.set("app.example", 443, { host: "127.0.0.1", port: 2 });
      expect(names.lookup("APP.example", 443)).to.deep.equal({ host: "127.0.0.1", port: 2 });
      names.delete("app.example", 443);
      expect([names.lookup("app.example", 443), names.hosts()]).to.deep.equal([undefined, ["app.example"]]);
      names.delete("app.example", 80);
      names.delete("app.example", 80);
      expect(names.hosts()).to.deep.equal([]);
    });

    it("may stand for another name, as an alias does", async () => {
      await serve("balancer.example", { forward: await poolOf(echo) });
      const answer = await ask("http://app.example/", { at: "balancer.example" });
      expect(((await answer.json()) as { headers: object }).headers).to.include({ host: "app.example" });
    });

    it("say who is there when nobody answers", async () => {
      await serve("balancer.example", { reply: { status: 204 } });
      expect((await rejection(ask("https://app.example/"))).message).to.equal(
        "nobody answers at app.example:443; there is balancer.example",
      );
    });
  });
});
