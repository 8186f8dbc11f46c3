import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer, text } from "node:stream/consumers";
import { expect } from "chai";
import fc from "fast-check";
import { BlobClient } from "../../../lambdas/objects/blob-client.ts";
import { RefusedError } from "../../../lambdas/objects/rest.ts";
import { rejection } from "../../support/rejection.ts";

describe("the client of a container", () => {
  let server: Server;
  let url: string;
  /** What the next requests get, one each, and every further one the last. */
  let answers: RequestListener[];
  let seen: { method?: string; url?: string; headers: IncomingMessage["headers"]; body: Buffer; at: number }[];
  let tokens: number;
  /** When the tokens end, from now, in milliseconds. */
  let life: number;
  let client: BlobClient;

  before(async () => {
    server = createServer(async (request, response) => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers, body: await buffer(request), at: performance.now() });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/content`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    seen = [];
    tokens = 0;
    life = 3_600_000;
    client = clientOf();
  });

  const getToken = async () => ({ token: `token-${++tokens}`, expiresOnTimestamp: Date.now() + life });
  const clientOf = (silence?: number) => new BlobClient(url, { getToken }, silence);
  const answered =
    (status: number, headers: Record<string, string> = {}, body = ""): RequestListener =>
    (_, response) =>
      response.writeHead(status, headers).end(body);
  const ok = answered(200, { etag: '"1"' }, "hello");
  const reset: RequestListener = (request) => request.socket.resetAndDestroy();
  const get = () => client.text({ method: "GET", blob: "a.txt" });

  it("speaks as one who has a token, of a version of the service that is fixed", async () => {
    answers = [ok];
    expect(await get()).to.equal("hello");
    expect(seen[0]?.headers).to.deep.include({ authorization: "Bearer token-1", "x-ms-version": "2023-11-03" });
    expect(Date.parse(String(seen[0]?.headers["x-ms-date"]))).to.be.within(Date.now() - 5000, Date.now());
  });

  it("sends what it is given, and leaves out the headers that have no value", async () => {
    answers = [answered(201)];
    const headers = { "x-ms-blob-type": "BlockBlob", "x-ms-blob-content-type": undefined };
    await client.send({ method: "PUT", blob: "a.txt", headers, body: Buffer.from("hello") });
    expect(seen[0]).to.deep.include({ method: "PUT", url: "/content/a.txt", body: Buffer.from("hello") });
    expect(seen[0]?.headers).to.deep.include({ "x-ms-blob-type": "BlockBlob", "content-length": "5" });
    expect(seen[0]?.headers).to.not.have.property("x-ms-blob-content-type");
  });

  it("asks for every blob at a path of its own, and means the container without one", async () => {
    answers = [ok];
    await client.text({ method: "GET", query: { prefix: "a b+c/&" } });
    expect(seen[0]?.url).to.equal("/content?prefix=a%20b%2Bc%2F%26");
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1 }), async (blob) => {
        await client.send({ method: "HEAD", blob });
        const asked = seen.at(-1)?.url ?? "";
        expect(asked).to.match(/^[/A-Za-z0-9._~%-]+$/);
        expect(decodeURIComponent(asked.slice("/content/".length))).to.equal(blob);
      }),
      { numRuns: 50 },
    );
  });

  describe("tries again", () => {
    const passing: Record<string, RequestListener> = {
      "a service that throttles": answered(429),
      "a service that is busy": answered(503, { "x-ms-error-code": "ServerBusy" }),
      "a service that is broken": answered(500),
      "a service that took too long to read": answered(408),
      "a connection that is reset": reset,
    };
    for (const [what, fault] of Object.entries(passing)) {
      it(`after ${what}, with the same request`, async () => {
        answers = [fault, ok];
        const request = { method: "PUT", blob: "a.txt", body: Buffer.from("hello") } as const;
        await client.send(request);
        expect(seen.map(({ body }) => String(body))).to.deep.equal(["hello", "hello"]);
        expect((seen[1]?.at ?? 0) - (seen[0]?.at ?? 0), "after a short wait").to.be.above(190);
      });
    }

    it("not before it was asked to", async () => {
      answers = [answered(503, { "retry-after": "1" }), ok];
      await get();
      expect((seen[1]?.at ?? 0) - (seen[0]?.at ?? 0)).to.be.within(990, 4000);
    });

    it("three times, ever later; what lasts longer is for the queue to wait for", async () => {
      answers = [answered(503, { "x-ms-error-code": "ServerBusy" })];
      const error = await rejection(get());
      expect(error).to.be.instanceOf(RefusedError).with.property("status", 503);
      expect(seen).to.have.length(4);
      const waits = seen.slice(1).map(({ at }, index) => at - (seen[index]?.at ?? 0));
      expect(waits).to.deep.equal([...waits].sort((one, other) => one - other));
    });

    it("a server that is silent, and gives up on it in time", async () => {
      client = clientOf(100);
      answers = [() => {}, ok];
      expect(await get()).to.equal("hello");
    });

    it("such a server once only: a message that waits for more would outlast the invocation", async () => {
      client = clientOf(100);
      answers = [() => {}];
      expect((await rejection(get())).message).to.match(/silent/);
      expect(seen).to.have.length(2);
    });
  });

  describe("does not try again", () => {
    for (const status of [301, 400, 401, 403, 404, 409, 412, 416, 501]) {
      it(`what is answered with ${status}`, async () => {
        answers = [answered(status, { "x-ms-error-code": "SomeCode", location: "https://elsewhere.invalid/" }), ok];
        const error = await rejection(get());
        expect(error).to.be.instanceOf(RefusedError);
        expect(error).to.include({ status, code: "SomeCode" });
        expect(error.message).to.equal(`GET of "a.txt" was answered with SomeCode (status ${status})`);
        expect(seen).to.have.length(1);
      });
    }
  });

  it("finds the code of an error in its text, where no header tells it", async () => {
    answers = [answered(404, {}, '<?xml version="1.0"?><Error><Code>ContainerNotFound</Code></Error>')];
    expect(await rejection(get())).to.have.property("code", "ContainerNotFound");
    answers = [answered(404)];
    expect(await rejection(client.send({ method: "HEAD", blob: "a" }))).to.have.property("code", "status 404");
  });

  it("fails with what broke when an answer ends half-way, rather than take the half for the whole", async () => {
    answers = [
      (_, response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write("half", () => response.destroy());
      },
    ];
    expect((await rejection(get())).message).to.match(/aborted|hang up|reset/);
  });

  it("gives up on an answer that stops half-way", async () => {
    client = clientOf(100);
    answers = [(_, response) => void response.writeHead(200, { "content-length": "100" }).write("half")];
    const body = await client.open({ method: "GET", blob: "a.txt" });
    expect((await rejection(text(body))).message).to.match(/silent|aborted/);
  });

  describe("has its token", () => {
    it("renewed once for many requests at once, and then for as long as it lasts", async () => {
      answers = [ok];
      await Promise.all(Array.from({ length: 20 }, get));
      await get();
      expect(tokens).to.equal(1);
      expect(new Set(seen.map(({ headers }) => headers.authorization))).to.deep.equal(new Set(["Bearer token-1"]));
    });

    it("renewed five minutes before it ends", async () => {
      answers = [ok];
      life = 5 * 60_000 - 1000;
      await get();
      await get();
      expect(seen.map(({ headers }) => headers.authorization)).to.deep.equal(["Bearer token-1", "Bearer token-2"]);
      life = 6 * 60_000;
      await get();
      await get();
      expect(tokens, "the last one is kept").to.equal(3);
    });

    it("asked for again after a failure, which reaches whoever waited", async () => {
      let failing = true;
      const credential = {
        getToken: async () => {
          if (failing) throw new Error("Entra says no");
          return getToken();
        },
      };
      client = new BlobClient(url, credential);
      answers = [ok];
      for (const error of await Promise.all([rejection(get()), rejection(get())])) {
        expect(error.message).to.equal("Entra says no");
      }
      failing = false;
      expect(await get()).to.equal("hello");
    });

    it("in no error: neither in its message nor in anything that a log would print of it", async () => {
      answers = [answered(403)];
      const error = await rejection(get());
      expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).to.not.match(/token-|Bearer/);
    });
  });

  it("never sends a token without TLS, but to this very machine", () => {
    for (const unsafe of [
      "http://a.blob.core.windows.net/content",
      "http://127.0.0.1.example/c",
      "http://10.0.0.1/c",
    ]) {
      expect(() => new BlobClient(unsafe, { getToken })).to.throw("expected an https URL");
    }
    for (const safe of ["https://a.blob.core.windows.net/content", "http://localhost:1/c", "http://127.0.0.1:1/c"]) {
      expect(() => new BlobClient(safe, { getToken })).to.not.throw();
    }
  });
});
