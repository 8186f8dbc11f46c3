import { mkdtempSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { expect } from "chai";
import { ResourceManager } from "../../../lambdas/shared/resource-manager.ts";
import { makeCertificate } from "../../../rehearsal/local/certificate.ts";
import { rejection } from "../../support/rejection.ts";

const { signal } = new AbortController();
const VERSION = "2024-07-01";

describe("Azure's control plane", () => {
  let folder: string;
  let server: Server;
  let asked: { method?: string; url: string; authorization?: string; body?: string }[];
  let scopes: (string | string[])[];
  let act: RequestListener;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "resource-manager-"));
    const { certificate: cert, key } = await makeCertificate(folder);
    server = createServer({ cert, key }, async (incoming, outgoing) => {
      const { method, url = "", headers } = incoming;
      asked.push({ method, url, authorization: headers.authorization, body: await textOf(incoming) });
      act(incoming, outgoing);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  beforeEach(() => {
    [asked, scopes] = [[], []];
    act = (_, outgoing) => outgoing.end('{"name":"shop"}');
  });

  after(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  const endpoint = () => `https://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function manager(): ResourceManager {
    const getToken = async (scope: string | string[]) => {
      scopes.push(scope);
      return { token: "a-token", expiresOnTimestamp: Date.now() + 3_600_000 };
    };
    return new ResourceManager({ getToken }, endpoint());
  }

  it("tells a resource, to whoever has a token for it, of the version that is asked for", async () => {
    expect(await manager().get("/subscriptions/0000/x", VERSION, signal)).to.deep.equal({ name: "shop" });
    expect(asked).to.deep.equal([
      { method: "GET", url: "/subscriptions/0000/x?api-version=2024-07-01", authorization: "Bearer a-token", body: "" },
    ]);
    expect(scopes.flat()).to.deep.equal(["https://management.azure.com/.default"]);
  });

  it("tells a list with all its pages", async () => {
    act = ({ url = "" }, outgoing) => {
      const nextLink = `${endpoint()}/next?page=2&api-version=${VERSION}`;
      outgoing.end(JSON.stringify(url.includes("page=2") ? { value: [3] } : { value: [1, 2], nextLink }));
    };
    expect(await manager().list("/subscriptions/0000/all", VERSION, signal)).to.deep.equal([1, 2, 3]);
    expect(asked.map(({ url }) => url)).to.deep.equal([
      "/subscriptions/0000/all?api-version=2024-07-01",
      "/next?page=2&api-version=2024-07-01",
    ]);
  });

  it("tells nothing of what there is not", async () => {
    act = (_, outgoing) => outgoing.writeHead(404).end('{"error":{"code":"ResourceNotFound"}}');
    expect(await manager().get("/subscriptions/0000/x", VERSION, signal)).to.equal(undefined);
    expect(await manager().list("/subscriptions/0000/x", VERSION, signal)).to.equal(undefined);
  });

  it("is told to do something, with what there is to say of it, and with nothing where there is nothing", async () => {
    act = (_, outgoing) => outgoing.writeHead(202).end();
    const id = "/subscriptions/0000/x";
    await manager().put(id, VERSION, { a: 1 }, signal);
    await manager().patch(id, VERSION, { b: 2 });
    expect(await manager().post(`${id}/start`, VERSION)).to.equal(undefined);
    await manager().delete(id, VERSION);
    expect(asked.map(({ method, url, body }) => `${method} ${url.split("?")[0]} ${body}`)).to.deep.equal([
      `PUT ${id} {"a":1}`,
      `PATCH ${id} {"b":2}`,
      `POST ${id}/start `,
      `DELETE ${id} `,
    ]);
  });

  it("may find that what it is to delete is gone, and not what it is to change", async () => {
    act = (_, outgoing) => outgoing.writeHead(404).end("gone");
    await manager().delete("/subscriptions/0000/x", VERSION);
    const { message, name } = await rejection(manager().put("/subscriptions/0000/x", VERSION, {}));
    expect([message, name]).to.deep.equal([
      "PUT /subscriptions/0000/x was answered with 404: gone",
      "ResourceManagerError",
    ]);
  });

  it("says what came where it was no JSON", async () => {
    act = (_, outgoing) => outgoing.end("<html>");
    expect((await rejection(manager().get("/subscriptions/0000/x", VERSION))).message).to.equal(
      "/subscriptions/0000/x: expected JSON, found <html>",
    );
  });

  it("refuses with its own words", async () => {
    act = (_, outgoing) => outgoing.writeHead(403).end('{"error":{"code":"AuthorizationFailed"}}');
    expect((await rejection(manager().get("/subscriptions/0000/x", VERSION, signal))).message).to.equal(
      'GET /subscriptions/0000/x was answered with 403: {"error":{"code":"AuthorizationFailed"}}',
    );
  });

  it("is asked again when it fails for a moment", async () => {
    act = (_, outgoing) => {
      if (asked.length === 1) outgoing.writeHead(503, { "retry-after-ms": "1" }).end();
      else outgoing.end("{}");
    };
    expect(await manager().get("/subscriptions/0000/x", VERSION, signal)).to.deep.equal({});
  });

  it("is waited for no longer than the signal says", async () => {
    const interruption = new AbortController();
    act = () => interruption.abort(new Error("interrupted"));
    const failure = await rejection(manager().get("/subscriptions/0000/x", VERSION, interruption.signal));
    expect(failure.name).to.equal("AbortError");
  });
});
