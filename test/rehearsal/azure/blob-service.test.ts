import { randomFillSync } from "node:crypto";
import { request } from "node:https";
import {
  AnonymousCredential,
  type BlobItem,
  BlobServiceClient,
  type ContainerClient,
  type RestError,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { expect } from "chai";
import { CONTAINER, type Deployed, ROLE, useLocalAzure } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";

const READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
const CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const MIB = 1024 * 1024;

/** As components/standby/content-writer.ts has it: creates, overwrites and tags, deletes nothing. */
const WRITER_ACTIONS = ["read", "write", "add/action", "tags/write"].map(
  (action) => `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${action}`,
);

describe("the blob endpoint of the local Azure", () => {
  const azure = useLocalAzure();
  let group: string;
  let account: string;
  let container: Deployed;

  before(async () => {
    const made = await azure.container();
    group = made.group;
    account = String(made.account.properties.accountName);
    container = made.container;
  });

  /** Somebody new who has a role on the container. */
  async function somebodyWith(role: string): Promise<{ container: ContainerClient; assignment: Deployed }> {
    const principal = crypto.randomUUID();
    const assignment = await azure.assign(principal, azure.builtInRole(role), container.id);
    return { container: azure.containerAs(principal, account), assignment };
  }

  /** The way in which a request was refused, `403 AuthorizationPermissionMismatch`. */
  async function refusal(call: Promise<unknown>): Promise<string> {
    const { statusCode, code } = (await rejection(call)) as RestError;
    return `${statusCode} ${code}`;
  }

  const put = (client: ContainerClient, name: string, text = "text") =>
    client.getBlockBlobClient(name).upload(text, Buffer.byteLength(text));
  const read = async (client: ContainerClient, name: string) =>
    (await client.getBlobClient(name).downloadToBuffer()).toString();

  describe("asks who is calling", () => {
    it("and knows no account that was not made", async () => {
      const client = azure.containerAs("anybody", "nothere");
      expect(await refusal(client.getProperties())).to.equal("404 ResourceNotFound");
    });

    it("and refuses who does not say", async () => {
      const anonymous = new BlobServiceClient(azure.local.blobs.endpointOf(account), new AnonymousCredential());
      const call = anonymous.getContainerClient("content").getBlobClient("a").download();
      expect(await refusal(call)).to.equal("401 NoAuthenticationInformation");
    });

    it("and refuses a token for another audience", async () => {
      const principal = crypto.randomUUID();
      await azure.assign(principal, azure.builtInRole(READER), container.id);
      const client = azure.containerAs(principal, account, "https://management.azure.com");
      expect(await refusal(client.getBlobClient("a").getProperties())).to.match(/^401 /);
    });

    it("and refuses the account's key where the account forbids keys", async () => {
      const key = new StorageSharedKeyCredential(account, Buffer.alloc(64).toString("base64"));
      const client = new BlobServiceClient(azure.local.blobs.endpointOf(account), key).getContainerClient("content");
      expect(await refusal(put(client, "a"))).to.equal("403 KeyBasedAuthenticationNotPermitted");
    });

    it("and says that it takes no keys where the account allows them", async () => {
      const { account: open } = await azure.container({ allowSharedKeyAccess: true });
      const name = String(open.properties.accountName);
      const key = new StorageSharedKeyCredential(name, Buffer.alloc(64).toString("base64"));
      const options = { retryOptions: { maxTries: 1 } };
      const client = new BlobServiceClient(azure.local.blobs.endpointOf(name), key, options);
      expect(await refusal(put(client.getContainerClient("content"), "a"))).to.equal("501 NotImplemented");
    });
  });

  describe("asks what the caller may", () => {
    it("and lets nobody do anything without a role", async () => {
      const client = azure.containerAs(crypto.randomUUID(), account);
      const calls = [
        () => put(client, "a"),
        () => client.getBlobClient("a").download(),
        () => client.listBlobsFlat().next(),
        () => client.getProperties(),
      ];
      for (const call of calls) expect(await refusal(call())).to.equal("403 AuthorizationPermissionMismatch");
    });

    it("and lets a reader read and list, but not write or delete", async () => {
      await put((await somebodyWith(CONTRIBUTOR)).container, "to-be-read", "hello");
      const { container: reader } = await somebodyWith(READER);
      expect(await read(reader, "to-be-read")).to.equal("hello");
      const names: string[] = [];
      for await (const { name } of reader.listBlobsFlat() as AsyncIterable<BlobItem>) names.push(name);
      expect(names).to.include("to-be-read");
      expect(await refusal(put(reader, "to-be-read", "changed"))).to.equal("403 AuthorizationPermissionMismatch");
      const deletion = reader.getBlobClient("to-be-read").delete();
      expect(await refusal(deletion)).to.equal("403 AuthorizationPermissionMismatch");
      expect(await read(reader, "to-be-read")).to.equal("hello");
    });

    it("and lets the replicator's role create and overwrite, but not delete a blob or the container", async () => {
      const scope = azure.local.resources.id(`resourceGroups/${group}`);
      const role = await azure.deploy(ROLE, {
        roleName: "replicator",
        scope,
        assignableScopes: [scope],
        permissions: [{ actions: [], dataActions: WRITER_ACTIONS }],
      });
      const principal = crypto.randomUUID();
      await azure.assign(principal, role.id, container.id);
      const writer = azure.containerAs(principal, account);
      await put(writer, "written", "one");
      await put(writer, "written", "two");
      expect(await read(writer, "written")).to.equal("two");
      expect(await refusal(writer.getBlobClient("written").delete())).to.equal("403 AuthorizationPermissionMismatch");
      expect(await refusal(writer.delete())).to.equal("403 AuthorizationPermissionMismatch");
      expect(await read(writer, "written")).to.equal("two");
    });

    it("and is fenced at the very next write when the assignment is taken away", async () => {
      const { container: writer, assignment } = await somebodyWith(CONTRIBUTOR);
      await put(writer, "fenced", "before");
      await assignment.delete();
      expect(await refusal(put(writer, "fenced", "after"))).to.equal("403 AuthorizationPermissionMismatch");
      expect(await read((await somebodyWith(READER)).container, "fenced")).to.equal("before");
    });

    it("and judges the very path that it hands on", async () => {
      const other = await azure.deploy(CONTAINER, {
        resourceGroupName: group,
        accountName: account,
        containerName: "other",
      });
      const principal = crypto.randomUUID();
      await azure.assign(principal, azure.builtInRole(CONTRIBUTOR), other.id);
      const token = await azure.local.authority.issue(principal, "https://storage.azure.com");
      // The SDK would tidy the path up: this one is written by hand.
      const status = await statusOf(`/${account}/content/../other/smuggled`, { authorization: `Bearer ${token}` });
      expect(status).to.equal(403);
    });

    it("and tells a refused client why, even in the middle of a large upload", async () => {
      const { container: reader } = await somebodyWith(READER);
      const body = Buffer.alloc(20 * MIB);
      const upload = reader.getBlockBlobClient("too-large").upload(body, body.length);
      expect(await refusal(upload)).to.equal("403 AuthorizationPermissionMismatch");
    });
  });

  describe("carries", () => {
    it("20 MiB in blocks there and back, bit by bit", async () => {
      const { container: writer } = await somebodyWith(CONTRIBUTOR);
      const body = randomFillSync(Buffer.alloc(20 * MIB));
      const options = { blockSize: 4 * MIB, concurrency: 3, maxSingleShotSize: MIB };
      await writer.getBlockBlobClient("large").uploadData(body, options);
      expect((await writer.getBlobClient("large").downloadToBuffer()).equals(body)).to.equal(true);
    });

    it("headers and conditions, and names of every kind", async () => {
      const { container: writer } = await somebodyWith(CONTRIBUTOR);
      for (const name of ["a folder/with spaces", "plus+plus", "übergrößen-日本語-🙂", "percent%20and 100%"]) {
        await put(writer, name, name);
        expect(await read(writer, name), name).to.equal(name);
      }
      const blob = writer.getBlockBlobClient("once");
      await blob.upload("1", 1, {
        conditions: { ifNoneMatch: "*" },
        blobHTTPHeaders: { blobContentType: "text/x" },
        metadata: { source: "s3" },
      });
      const again = blob.upload("2", 1, { conditions: { ifNoneMatch: "*" } });
      expect(await refusal(again)).to.equal("409 BlobAlreadyExists");
      const { contentType, metadata } = await blob.getProperties();
      expect({ contentType, metadata }).to.deep.equal({ contentType: "text/x", metadata: { source: "s3" } });
    });

    it("on when a client goes away in the middle of an upload", async () => {
      const { container: writer } = await somebodyWith(CONTRIBUTOR);
      const principal = crypto.randomUUID();
      await azure.assign(principal, azure.builtInRole(CONTRIBUTOR), container.id);
      const authorization = `Bearer ${await azure.local.authority.issue(principal, "https://storage.azure.com")}`;
      await goAwayIn(`/${account}/content/half`, authorization);
      await put(writer, "afterwards", "still here");
      expect(await read(writer, "afterwards")).to.equal("still here");
      expect(await refusal(writer.getBlobClient("half").getProperties()), "no half of a blob").to.match(/^404 /);
    });

    it("on when a client goes away in the middle of a download", async () => {
      const { container: writer } = await somebodyWith(CONTRIBUTOR);
      const body = Buffer.alloc(20 * MIB, "x");
      await writer.getBlockBlobClient("download").uploadData(body);
      const { readableStreamBody } = await writer.getBlobClient("download").download();
      const stream = readableStreamBody as unknown as { once(event: string, done: () => void): void; destroy(): void };
      await new Promise<void>((resolve) => stream.once("readable", resolve));
      stream.destroy();
      expect((await writer.getBlobClient("download").getProperties()).contentLength).to.equal(body.length);
    });
  });

  /** Sends a request whose path stays as it is written. */
  function statusOf(path: string, headers: Record<string, string>): Promise<number> {
    return new Promise((resolve, reject) => {
      const { port } = new URL(azure.local.blobs.url);
      const put = { "x-ms-blob-type": "BlockBlob", "x-ms-version": "2023-11-03", "content-length": "1", ...headers };
      request(
        { host: "127.0.0.1", port, path, method: "PUT", headers: put, ca: azure.certificate.certificate },
        (reply) => {
          reply.resume();
          resolve(reply.statusCode ?? 0);
        },
      )
        .on("error", reject)
        .end("x");
    });
  }

  /** Announces 8 MiB, sends one of them and hangs up once the service has taken it. */
  function goAwayIn(path: string, authorization: string): Promise<void> {
    return new Promise((resolve) => {
      const { port } = new URL(azure.local.blobs.url);
      const headers = { authorization, "x-ms-blob-type": "BlockBlob", "x-ms-version": "2023-11-03" };
      const upload = request({
        host: "127.0.0.1",
        port,
        path,
        method: "PUT",
        headers: { ...headers, "content-length": String(8 * MIB) },
        ca: azure.certificate.certificate,
      });
      upload.on("error", () => {}).on("close", () => resolve());
      upload.write(Buffer.alloc(MIB), () => upload.destroy());
    });
  }
});
