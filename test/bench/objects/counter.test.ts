import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect } from "chai";
import { type Counts, countRequests, operationOf } from "../../../bench/objects/counter.ts";
import { makeCertificate } from "../../../rehearsal/local/certificate.ts";
import { serveHttps } from "../../../rehearsal/local/https.ts";

describe("the operation of a request", () => {
  for (const [request, operation] of [
    ["GET /bucket/a/key", "GET"],
    ["HEAD /bucket/key", "HEAD"],
    ["PUT /account/container/blob", "PUT"],
    ["GET /bucket?list-type=2&prefix=a", "list"],
    ["GET /bucket?prefix=a", "list"],
    ["GET /account/container?restype=container&comp=list", "list"],
    ["GET /account?restype=service&comp=properties", "GET place"],
    ["PUT /account/container/blob?comp=block&blockid=MDA%3D", "PUT block"],
    ["PUT /account/container/blob?comp=blocklist", "PUT blocklist"],
    ["GET /account/container/blob?comp=blocklist&blocklisttype=all", "GET blocklist"],
    ["HEAD /account/container?restype=container", "HEAD place"],
    ["HEAD /bucket", "HEAD place"],
    ["GET /bucket/key?versionId=1", "GET"],
  ] as const) {
    it(`of ${request} is ${operation}`, () => {
      const [method = "", url = ""] = request.split(" ");
      expect(operationOf(method, url)).to.equal(operation);
    });
  }
});

describe("the counter", () => {
  it("hands on requests and answers as they are, and counts them", async () => {
    const folder = await mkdtemp(join(tmpdir(), "counter-"));
    const certificate = await makeCertificate(folder);
    const upstream = await serveHttps(certificate, async (incoming, outgoing) => {
      const body = await buffer(incoming);
      outgoing.writeHead(201, { "x-host": incoming.headers.host ?? "", "x-path": incoming.url ?? "" }).end(body);
    });
    let counts: Counts;
    try {
      using counter = await countRequests(upstream.url, certificate);
      counts = counter.counts;
      const body = Buffer.alloc(300_000, "x");
      const answer = await fetch(`${counter.url}/bucket/a%20key?x=1`, { method: "PUT", body });
      expect(answer.status).to.equal(201);
      // The host stays the one that the client signed.
      expect(answer.headers.get("x-host")).to.equal(new URL(counter.url).host);
      expect(answer.headers.get("x-path")).to.equal("/bucket/a%20key?x=1");
      expect(Buffer.from(await answer.arrayBuffer()).equals(body)).to.equal(true);
      await (await fetch(`${counter.url}/bucket/key`)).arrayBuffer();
      await (await fetch(`${counter.url}/bucket/other`)).arrayBuffer();
    } finally {
      upstream.close();
      await rm(folder, { recursive: true });
    }
    expect(counts).to.deep.equal({ PUT: 1, GET: 2 });
  });
});
