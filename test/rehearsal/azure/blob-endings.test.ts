import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { createServer, request, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Authority } from "../../../rehearsal/azure/authority.ts";
import { BlobService, STORAGE_AUDIENCE } from "../../../rehearsal/azure/blob-service.ts";
import { ResourceManager } from "../../../rehearsal/azure/resource-manager.ts";
import { type Certificate, makeCertificate } from "../../../rehearsal/local/certificate.ts";

const MIB = 1024 * 1024;
const OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";

/** The end of a stream, good or bad. */
function closeOf(stream: IncomingMessage | ServerResponse): Promise<void> {
  stream.on("error", () => {});
  return new Promise((resolve) => stream.once("close", resolve));
}

// A store of the test's own stands where Azurite does, because only the store can tell how a request ended for it.
describe("the blob endpoint between a client and its store", () => {
  let folder: string;
  let certificate: Certificate;
  let store: Server;
  let authority: Authority;
  let blobs: BlobService;
  let authorization: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "blob-endings-"));
    certificate = await makeCertificate(folder);
    store = createServer({ cert: certificate.certificate, key: certificate.key });
    await new Promise<void>((resolve) => store.listen(0, "127.0.0.1", resolve));
    const resources = new ResourceManager("sub", "tenant");
    const account = resources.id("resourceGroups/g/providers/Microsoft.Storage/storageAccounts/shop");
    resources.put(account, {});
    resources.put(`${account}/providers/Microsoft.Authorization/roleAssignments/1`, {
      principalId: "somebody",
      roleDefinitionId: `/roleDefinitions/${OWNER}`,
      scope: account,
    });
    authority = await Authority.start(resources, [], certificate);
    const { port } = store.address() as AddressInfo;
    blobs = await BlobService.start(resources, authority, { port, accounts: ["behind"] }, certificate);
    await blobs.open("shop");
    authorization = `Bearer ${await authority.issue("somebody", STORAGE_AUDIENCE)}`;
  });

  after(async () => {
    blobs.close();
    authority.close();
    store.close();
    store.closeAllConnections();
    await rm(folder, { recursive: true });
  });

  /** A request of a client, and the same as the store sees it. */
  async function meet(method: string, headers: Record<string, string> = {}, beginning?: Buffer) {
    const { port } = new URL(blobs.url);
    const arrived = once(store, "request") as Promise<[IncomingMessage, ServerResponse]>;
    const client: ClientRequest = request({
      host: "127.0.0.1",
      port,
      method,
      path: "/shop/content/blob?timeout=30",
      headers: { authorization, ...headers },
      ca: certificate.certificate,
      agent: false,
    });
    client.on("error", () => {});
    // Nothing is handed on before the first of the body is there.
    if (beginning) client.write(beginning);
    else client.end();
    const [incoming, outgoing] = await arrived;
    return { client, incoming, outgoing };
  }

  it("hands on method, headers and query to the account that stands behind", async () => {
    const { client, incoming, outgoing } = await meet("GET", { "x-ms-range": "bytes=0-9" });
    expect(incoming.method).to.equal("GET");
    expect(incoming.url).to.equal("/behind/content/blob?timeout=30");
    expect(incoming.headers).to.include({ "x-ms-range": "bytes=0-9", authorization });
    outgoing.writeHead(206, { "x-ms-kind": "test" }).end("hello");
    const [reply] = (await once(client, "response")) as [IncomingMessage];
    expect(reply.statusCode).to.equal(206);
    expect(reply.headers["x-ms-kind"]).to.equal("test");
    expect(Buffer.concat(await reply.toArray()).toString()).to.equal("hello");
  });

  it("ends an upload for the store when the client goes away in the middle of it", async () => {
    const { client, incoming } = await meet("PUT", { "content-length": String(8 * MIB) }, Buffer.alloc(MIB));
    await once(incoming, "data");
    const closed = closeOf(incoming.resume());
    client.destroy();
    await closed;
    expect(incoming.complete, "the store knows that it is not whole").to.equal(false);
  });

  it("ends a download for the store when the client goes away in the middle of it", async () => {
    const { client, outgoing } = await meet("GET");
    outgoing.writeHead(200, { "content-length": String(64 * MIB) });
    outgoing.write(Buffer.alloc(MIB));
    const [reply] = (await once(client, "response")) as [IncomingMessage];
    await once(reply, "readable");
    const closed = closeOf(outgoing);
    reply.on("error", () => {});
    client.destroy();
    await closed;
    expect(outgoing.writableFinished).to.equal(false);
  });

  it("ends an answer for the client when the store dies in the middle of it", async () => {
    const { client, outgoing } = await meet("GET");
    outgoing.writeHead(200, { "content-length": String(8 * MIB) });
    outgoing.write(Buffer.alloc(1024));
    const [reply] = (await once(client, "response")) as [IncomingMessage];
    const closed = closeOf(reply.resume());
    outgoing.socket?.destroy();
    await closed;
    expect(reply.complete, "the client knows that it is not whole").to.equal(false);
  });

  it("says that the store is busy when it gives no answer at all", async () => {
    const { client, outgoing } = await meet("GET");
    outgoing.socket?.destroy();
    const [reply] = (await once(client, "response")) as [IncomingMessage];
    expect(reply.statusCode).to.equal(503);
    expect(reply.headers["x-ms-error-code"]).to.equal("ServerBusy");
    reply.resume();
  });
});
