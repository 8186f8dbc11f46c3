import { createHash, randomFillSync } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { ContainerClient, RestError } from "@azure/storage-blob";
import { expect } from "chai";
import { Crc64Nvme } from "../../../lambdas/objects/crc.ts";
import { SERVICE, useLocalAzure } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";

const OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
const MIB = 1024 * 1024;

const crc64 = (body: Buffer) => Buffer.from(new Crc64Nvme().update(body).digest(), "hex").reverse().toString("base64");

describe("pulling from a URL in the local Azure (Put Blob From URL, Put Block From URL)", () => {
  const azure = useLocalAzure();
  let client: ContainerClient;
  let principal: string;
  let source: Server;
  let url: string;
  let serve: (incoming: IncomingMessage, outgoing: ServerResponse) => void;

  before(async () => {
    const { group, account } = await azure.container();
    const accountName = String(account.properties.accountName);
    const inputs = { resourceGroupName: group, accountName, blobServicesName: "default" };
    await azure.deploy(SERVICE, { ...inputs, isVersioningEnabled: true });
    principal = crypto.randomUUID();
    await azure.assign(principal, azure.builtInRole(OWNER), account.id);
    client = azure.containerAs(principal, accountName);
    source = createServer((incoming, outgoing) => serve(incoming, outgoing));
    await new Promise<void>((resolve) => source.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(source.address() as AddressInfo).port}/bucket/key?X-Amz-Signature=1`;
  });

  after(() => {
    source.close();
    source.closeAllConnections();
  });

  /** A source as S3 is one: whole, or a range of it. */
  function offer(body: Buffer, headers: Record<string, string> = {}) {
    serve = ({ headers: { range } }, outgoing) => {
      const [, from = "0", to] = /^bytes=(\d+)-(\d+)?$/.exec(range ?? "") ?? [];
      const piece = range ? body.subarray(Number(from), to === undefined ? undefined : Number(to) + 1) : body;
      outgoing.writeHead(range ? 206 : 200, { "content-length": piece.length, ...headers }).end(piece);
    };
  }

  const refusal = async (call: Promise<unknown>) => {
    const { statusCode, code } = (await rejection(call)) as RestError;
    return `${statusCode} ${code}`;
  };

  /** A request as a client sends it that is no SDK. */
  async function put(path: string, headers: Record<string, string>) {
    const authorization = `Bearer ${await azure.local.authority.issue(principal, "https://storage.azure.com")}`;
    const { hostname, port, pathname } = new URL(`${client.url}/${path}`);
    const own = { authorization, "x-ms-version": "2023-11-03", "content-length": "0" };
    const { search } = new URL(`${client.url}/${path}`);
    const ca = azure.certificate.certificate;
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ hostname, port, path: pathname + search, method: "PUT", headers: { ...own, ...headers }, ca }, resolve)
        .on("error", reject)
        .end();
    });
    return { status: reply.statusCode, headers: reply.headers, body: await text(reply) };
  }

  it("makes a blob of what is there, with its headers, and tells its checksum", async () => {
    const body = randomFillSync(Buffer.alloc(3 * MIB + 5));
    offer(body, { "content-type": "text/x", "cache-control": "no-store" });
    const made = await put("whole", { "x-ms-blob-type": "BlockBlob", "x-ms-copy-source": url, "x-ms-meta-a": "b" });
    expect(made.status).to.equal(201);
    expect(made.headers["x-ms-content-crc64"]).to.equal(crc64(body));
    expect(made.headers["x-ms-version-id"]).to.be.a("string");
    const blob = client.getBlobClient("whole");
    expect((await blob.downloadToBuffer()).equals(body)).to.equal(true);
    const found = await blob.getProperties();
    expect(found).to.include({ contentType: "text/x", cacheControl: "no-store" });
    expect(found.metadata).to.deep.equal({ a: "b" });
  });

  it("makes a blob of nothing", async () => {
    offer(Buffer.alloc(0));
    await client.getBlockBlobClient("empty").syncUploadFromURL(url);
    expect((await client.getBlobClient("empty").getProperties()).contentLength).to.equal(0);
  });

  it("makes blocks of ranges, each with its checksum", async () => {
    const body = randomFillSync(Buffer.alloc(5 * MIB));
    offer(body);
    const blob = client.getBlockBlobClient("ranges");
    const ids = ["0", "1"].map((id) => Buffer.from(id).toString("base64"));
    const first = await blob.stageBlockFromURL(String(ids[0]), url, 0, 4 * MIB);
    expect(Buffer.from(first.xMsContentCrc64 ?? []).toString("base64")).to.equal(crc64(body.subarray(0, 4 * MIB)));
    await blob.stageBlockFromURL(String(ids[1]), url, 4 * MIB, MIB);
    await blob.commitBlockList(ids);
    expect((await blob.downloadToBuffer()).equals(body)).to.equal(true);
  });

  it("goes on as bytes come, and holds none back", async () => {
    const piece = Buffer.alloc(MIB, "y");
    serve = async (_, outgoing) => {
      outgoing.writeHead(200, { "content-length": 200 * MIB });
      for (let sent = 0; sent < 200; sent++) {
        if (!outgoing.write(piece)) await new Promise((resolve) => outgoing.once("drain", resolve));
      }
      outgoing.end();
    };
    const before = process.memoryUsage().rss;
    await client.getBlockBlobClient("stream").syncUploadFromURL(url);
    expect(process.memoryUsage().rss - before).to.be.below(150 * MIB);
    expect((await client.getBlobClient("stream").getProperties()).contentLength).to.equal(200 * MIB);
  });

  it("stores nothing where the checksum is another, or the source breaks off", async () => {
    offer(Buffer.from("text"));
    const blob = client.getBlockBlobClient("other");
    const sourceContentMD5 = createHash("md5").update("another").digest();
    expect(await refusal(blob.syncUploadFromURL(url, { sourceContentMD5 }))).to.equal("400 Md5Mismatch");
    const made = await put("other?comp=block&blockid=MA%3D%3D", {
      "x-ms-copy-source": url,
      "x-ms-source-content-crc64": crc64(Buffer.from("another")),
    });
    expect([made.status, made.headers["x-ms-error-code"]]).to.deep.equal([400, "Crc64Mismatch"]);
    serve = (_, outgoing) => {
      outgoing.writeHead(200, { "content-length": 100 }).write("half");
      setTimeout(() => outgoing.destroy(), 50);
    };
    expect(await refusal(blob.syncUploadFromURL(url))).to.equal("500 CannotVerifyCopySource");
    expect(await blob.exists()).to.equal(false);
  });

  const refusals: [what: string, status: number, expected: string][] = [
    ["is not there", 404, "404 CannotVerifyCopySource"],
    ["may not be read", 403, "403 CannotVerifyCopySource"],
    ["is broken", 503, "500 CannotVerifyCopySource"],
    ["is somewhere else", 301, "500 CannotVerifyCopySource"],
    ["has changed", 412, "412 SourceConditionNotMet"],
  ];
  for (const [what, status, expected] of refusals) {
    it(`is refused where the source ${what}: ${expected}`, async () => {
      serve = (_, outgoing) => outgoing.writeHead(status, { "content-length": 0 }).end();
      expect(await refusal(client.getBlockBlobClient("refused").syncUploadFromURL(url))).to.equal(expected);
    });
  }

  it("is refused where nobody answers, where a range is not heeded, and for a URL that is too long", async () => {
    const blob = client.getBlockBlobClient("refused");
    expect(await refusal(blob.syncUploadFromURL("http://127.0.0.1:1/"))).to.equal("500 CannotVerifyCopySource");
    serve = (_, outgoing) => outgoing.writeHead(200, { "content-length": 4 }).end("text");
    expect(await refusal(blob.stageBlockFromURL("MA==", url, 0, 2))).to.equal("500 CannotVerifyCopySource");
    offer(Buffer.from("text"));
    await blob.syncUploadFromURL(url.padEnd(2048, "x"));
    expect(await refusal(blob.syncUploadFromURL(url.padEnd(2049, "x")))).to.equal("400 InvalidHeaderValue");
  });

  it("brings a former version back, for who may read it", async () => {
    const blob = client.getBlockBlobClient("restored");
    const { versionId = "" } = await blob.upload("one", 3);
    await blob.delete();
    const former = blob.withVersion(versionId).url;
    expect(await refusal(blob.syncUploadFromURL(former)), "without a token for the source").to.match(/^401 /);
    const token = await azure.local.authority.issue(principal, "https://storage.azure.com");
    await blob.syncUploadFromURL(former, { sourceAuthorization: { scheme: "Bearer", value: token } });
    expect((await blob.downloadToBuffer()).toString()).to.equal("one");
    expect((await blob.getProperties()).versionId).to.not.equal(versionId);
  });
});
