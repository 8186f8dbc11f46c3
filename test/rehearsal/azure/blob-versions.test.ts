import { request } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import type { AccessToken, TokenCredential } from "@azure/core-auth";
import {
  type BlobItem,
  BlobServiceClient,
  type ContainerClient,
  type ContainerListBlobsOptions,
  type RestError,
} from "@azure/storage-blob";
import { expect } from "chai";
import fc from "fast-check";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { type Deployed, SERVICE, useLocalAzure } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";

const OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
const CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const MIB = 1024 * 1024;
const ID = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/;

describe("versions of blobs in the local Azure (Blob versioning)", () => {
  const azure = useLocalAzure();
  let account: Deployed;
  let client: ContainerClient;
  let owner: string;

  /** An account that keeps versions, and its container as somebody sees it who may do everything there. */
  async function place(settings: Properties = {}, service: Properties = {}) {
    const made = await azure.container(settings);
    const accountName = String(made.account.properties.accountName);
    await azure.deploy(SERVICE, {
      resourceGroupName: made.group,
      accountName,
      blobServicesName: "default",
      isVersioningEnabled: true,
      ...service,
    });
    const principal = crypto.randomUUID();
    await azure.assign(principal, azure.builtInRole(OWNER), made.account.id);
    return { account: made.account, client: azure.containerAs(principal, accountName), owner: principal };
  }

  before(async () => {
    ({ account, client, owner } = await place());
  });

  const put = async (name: string, text: string, more: object = {}) =>
    String((await client.getBlockBlobClient(name).upload(text, Buffer.byteLength(text), more)).versionId);
  const read = async (name: string, version?: string) =>
    (
      await (version ? client.getBlobClient(name).withVersion(version) : client.getBlobClient(name)).downloadToBuffer()
    ).toString();

  async function list(options: ContainerListBlobsOptions = {}, from = client): Promise<BlobItem[]> {
    const items: BlobItem[] = [];
    for await (const item of from.listBlobsFlat({ includeVersions: true, ...options })) items.push(item);
    return items;
  }

  const refusal = async (call: Promise<unknown>) => {
    const { statusCode, code } = (await rejection(call)) as RestError;
    return `${statusCode} ${code}`;
  };

  it("keeps the time of what is there when a write that may not replace it breaks off", async () => {
    const id = await put("broken-off", "one");
    const { token } = (await (client.credential as TokenCredential).getToken(
      "https://storage.azure.com/.default",
    )) as AccessToken;
    const headers = {
      authorization: `Bearer ${token}`,
      "x-ms-version": "2023-11-03",
      "x-ms-blob-type": "BlockBlob",
      "if-none-match": "*",
      "content-length": String(8 * MIB),
    };
    for (let time = 0; time < 5; time++) {
      const half = request(`${client.url}/broken-off`, { method: "PUT", headers }).on("error", () => {});
      half.write(Buffer.alloc(MIB));
      await delay(50);
      half.destroy();
    }
    await delay(200);
    expect((await list({ prefix: "broken-off" })).map(({ versionId }) => versionId)).to.deep.equal([id]);
  });

  it("have a timestamp for an id, each later than the one before", async () => {
    const ids = [await put("ids", "1"), await put("ids", "2"), await put("others", "3")];
    for (const id of ids) expect(id).to.match(ID);
    expect(ids).to.deep.equal([...new Set(ids)].sort());
  });

  it("can be read after they were overwritten, with all that they had", async () => {
    const blob = client.getBlockBlobClient("read");
    const options = {
      metadata: { one: "1" },
      tags: { color: "red" },
      blobHTTPHeaders: { blobContentType: "text/x-one", blobCacheControl: "no-store" },
    };
    const first = await blob.upload("one", 3, options);
    const second = await blob.upload("two!", 4);
    expect(await read("read", first.versionId)).to.equal("one");
    expect(await read("read", second.versionId)).to.equal("two!");
    expect(await read("read")).to.equal("two!");

    const former = await blob.withVersion(String(first.versionId)).getProperties();
    expect(former.metadata).to.deep.equal({ one: "1" });
    expect(former).to.include({ contentType: "text/x-one", cacheControl: "no-store", contentLength: 3 });
    expect(former).to.include({ etag: first.etag, versionId: first.versionId, copyId: undefined, tagCount: 1 });
    expect(former.lastModified).to.deep.equal(first.lastModified);
    expect(former.isCurrentVersion).to.not.equal(true);
    expect((await blob.withVersion(String(first.versionId)).getTags()).tags).to.deep.equal({ color: "red" });
    const current = await blob.getProperties();
    expect(current).to.include({ etag: second.etag, versionId: second.versionId, isCurrentVersion: true });
  });

  it("are read on condition of the ETag that they had", async () => {
    const blob = client.getBlockBlobClient("conditions");
    const { etag, versionId } = await blob.upload("one", 3);
    await blob.upload("two", 3);
    const former = blob.withVersion(String(versionId));
    expect((await former.downloadToBuffer(0, 3, { conditions: { ifMatch: etag } })).toString()).to.equal("one");
    const other = former.getProperties({ conditions: { ifMatch: '"0x0"' } });
    expect(((await rejection(other)) as RestError).statusCode).to.equal(412);
  });

  it("come of lists of blocks, metadata, headers and copies, and not of blocks alone", async () => {
    const blob = client.getBlockBlobClient("kinds");
    const first = await put("kinds", "one");
    const block = Buffer.from("1").toString("base64");
    await blob.stageBlock(block, "two", 3);
    expect(await list({ prefix: "kinds" })).to.have.length(1);
    const ids = [
      first,
      (await blob.commitBlockList([block])).versionId,
      (await blob.setMetadata({ a: "b" })).versionId,
    ];
    // That one's answer does not name the version.
    await blob.setHTTPHeaders({ blobContentType: "text/x" });
    ids.push((await blob.getProperties()).versionId);
    const copied = await (await blob.beginCopyFromURL(blob.withVersion(first).url)).pollUntilDone();
    expect(copied.copyStatus).to.equal("success");
    const items = await list({ prefix: "kinds", includeMetadata: true });
    expect(items.map(({ versionId }) => versionId)).to.deep.equal([...ids, copied.versionId]);
    expect(items.map(({ isCurrentVersion }) => isCurrentVersion === true)).to.deep.equal([
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(items.map(({ metadata }) => metadata?.a)).to.deep.equal([undefined, undefined, "b", "b", undefined]);
    expect(await read("kinds"), "restored").to.equal("one");
  });

  it("leave none behind where a write is refused", async () => {
    const blob = client.getBlockBlobClient("refused");
    await put("refused", "one");
    expect(await refusal(blob.upload("x", 1, { conditions: { ifMatch: '"0x0"' } }))).to.match(/^412 /);
    expect(await refusal(blob.upload("x", 1, { conditions: { ifNoneMatch: "*" } }))).to.equal("409 BlobAlreadyExists");
    expect(await list({ prefix: "refused" })).to.have.length(1);
  });

  it("outlive the deletion of the blob, which has no current one then, until it is written again", async () => {
    const blob = client.getBlockBlobClient("deleted");
    const first = await put("deleted", "one");
    await blob.delete();
    expect(await blob.exists()).to.equal(false);
    expect(await list({ prefix: "deleted", includeVersions: false })).to.deep.equal([]);
    const [former, ...others] = await list({ prefix: "deleted" });
    expect(others).to.deep.equal([]);
    expect(former).to.include({ versionId: first, name: "deleted" });
    expect(former?.isCurrentVersion).to.not.equal(true);
    expect(await read("deleted", first)).to.equal("one");
    const second = await put("deleted", "two");
    expect((await list({ prefix: "deleted" })).map(({ versionId }) => versionId)).to.deep.equal([first, second]);
  });

  it("are deleted one by one, with a right of its own, the current one only with the blob", async () => {
    const first = await put("one by one", "one");
    const second = await put("one by one", "two");
    const accountName = String(account.properties.accountName);
    const principal = crypto.randomUUID();
    await azure.assign(principal, azure.builtInRole(CONTRIBUTOR), account.id);
    const contributor = azure.containerAs(principal, accountName).getBlobClient("one by one");
    expect(await refusal(contributor.withVersion(first).delete())).to.equal("403 AuthorizationPermissionMismatch");
    const blob = client.getBlobClient("one by one");
    expect(await refusal(blob.withVersion(second).delete())).to.equal("403 OperationNotAllowedOnRootBlob");
    await blob.withVersion(first).delete();
    expect(await refusal(blob.withVersion(first).delete())).to.equal("404 BlobNotFound");
    expect(await refusal(read("one by one", first))).to.match(/^404 /);
    expect(await list({ prefix: "one by one" })).to.have.length(1);
  });

  it("that nobody ever wrote are not there", async () => {
    await put("there", "one");
    expect(await refusal(read("there", "2020-01-01T00:00:00.0000000Z"))).to.match(/^404 /);
  });

  it("are deleted softly where the account says so, and come back", async () => {
    const soft = await place({}, { deleteRetentionPolicy: { enabled: true, days: 7 } });
    const blob = soft.client.getBlockBlobClient("soft");
    const { versionId = "" } = await blob.upload("one", 3);
    await blob.delete();
    await blob.withVersion(versionId).delete();
    expect(await list({}, soft.client)).to.deep.equal([]);
    const [deleted] = await list({ includeDeleted: true }, soft.client);
    expect(deleted).to.include({ versionId, deleted: true });
    await blob.undelete();
    expect((await list({}, soft.client)).map((item) => item.versionId)).to.deep.equal([versionId]);
    expect((await blob.withVersion(versionId).downloadToBuffer()).toString()).to.equal("one");
  });

  it("are protected by a policy for versions, while the blob can be deleted", async () => {
    const immutabilityPolicy = { immutabilityPeriodSinceCreationInDays: 7, state: "Unlocked" };
    const kept = await place({ immutableStorageWithVersioning: { enabled: true, immutabilityPolicy } });
    const blob = kept.client.getBlockBlobClient("kept");
    const { versionId = "" } = await blob.upload("one", 3);
    await blob.delete();
    expect(await refusal(blob.withVersion(versionId).delete())).to.equal("409 BlobImmutableDueToPolicy");
    expect(await refusal(kept.client.delete())).to.equal("409 ContainerProtectedFromDeletion");
  });

  it("begin with what was there before versions were kept", async () => {
    const { client: plain } = await place({}, { isVersioningEnabled: false });
    const blob = plain.getBlockBlobClient("plain");
    expect((await blob.upload("one", 3)).versionId).to.equal(undefined);
    await blob.upload("two", 3);
    expect((await blob.getProperties()).versionId).to.equal(undefined);
    expect(await list({}, plain)).to.have.length(1);
  });

  it("are in no list that does not ask for them, nor their place among the containers", async () => {
    await put("hidden", "one");
    await put("hidden", "two");
    expect(await list({ prefix: "hidden", includeVersions: false })).to.have.length(1);
    const service = new BlobServiceClient(client.url.replace(/content$/, ""), azure.credential(owner));
    const containers: string[] = [];
    for await (const { name } of service.listContainers()) containers.push(name);
    expect(containers).to.deep.equal(["content"]);
  });

  it("are listed with tags and metadata, with folders, and in pages of any size", async () => {
    const paged = await place();
    const names = ["a", "a!", "a-b", "a/1", "a/2", "b", "é&<>", "🙂"];
    for (const name of names) {
      for (const text of ["1", "2"]) {
        await paged.client.getBlockBlobClient(name).upload(text, 1, { metadata: { text }, tags: { text } });
      }
    }
    await paged.client.deleteBlob("a/2");
    const whole = await list({ includeMetadata: true, includeTags: true }, paged.client);
    const expected = [...names].sort().flatMap((name) => [`${name} 1 1`, `${name} 2 2`]);
    expect(whole.map(({ name, metadata, tags }) => `${name} ${metadata?.text} ${tags?.text}`)).to.deep.equal(expected);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), async (maxPageSize) => {
        const found: string[] = [];
        for await (const page of paged.client.listBlobsFlat({ includeVersions: true }).byPage({ maxPageSize })) {
          expect(page.segment.blobItems.length).to.be.at.most(maxPageSize);
          found.push(...page.segment.blobItems.map(({ versionId }) => String(versionId)));
        }
        expect(found).to.deep.equal(whole.map(({ versionId }) => versionId));
      }),
      { numRuns: 8 },
    );
    const tops: string[] = [];
    for await (const page of paged.client
      .listBlobsByHierarchy("/", { includeVersions: true })
      .byPage({ maxPageSize: 3 })) {
      tops.push(
        ...(page.segment.blobPrefixes ?? []).map(({ name }) => name),
        ...page.segment.blobItems.map(({ name }) => name),
      );
    }
    expect(tops.sort()).to.deep.equal(
      ["a", "a!", "a-b", "b", "é&<>", "🙂"]
        .flatMap((name) => [name, name])
        .concat("a/")
        .sort(),
    );
  });

  it("of one blob are each kept, however many write it at once", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => put("crowd", `text ${index}`)));
    const ids = (await list({ prefix: "crowd" })).map(({ versionId }) => String(versionId));
    const texts = await Promise.all(ids.map((id) => read("crowd", id)));
    expect([...texts].sort()).to.deep.equal(Array.from({ length: 20 }, (_, index) => `text ${index}`).sort());
    expect(texts.at(-1)).to.equal(await read("crowd"));
  });

  it("of 200 MiB never pass through memory", async () => {
    const blob = client.getBlockBlobClient("large");
    const piece = Buffer.alloc(50 * MIB, "x");
    const ids = [0, 1, 2, 3].map((index) => Buffer.from(String(index)).toString("base64"));
    for (const id of ids) await blob.stageBlock(id, piece, piece.length);
    const { versionId = "" } = await blob.commitBlockList(ids);
    const before = process.memoryUsage().rss;
    await put("large", "small");
    expect(process.memoryUsage().rss - before).to.be.below(50 * MIB);
    const former = await blob.withVersion(versionId).getProperties();
    expect(former.contentLength).to.equal(200 * MIB);
    expect((await blob.withVersion(versionId).downloadToBuffer(200 * MIB - 3, 3)).toString()).to.equal("xxx");
  });
});
