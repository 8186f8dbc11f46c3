import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { declaredSince } from "../../../operations/objects/declared.ts";
import { rejection } from "../../support/rejection.ts";

const { signal } = new AbortController();

describe("the marker of the content", () => {
  let server: Server;
  let endpoint: string;
  let answer: { status: number; headers?: Record<string, string> };
  const asked: string[] = [];

  before(async () => {
    server = createServer(({ method, url }, outgoing) => {
      asked.push(`${method} ${url}`);
      outgoing.writeHead(answer.status, answer.headers).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  after(() => server.close());

  it("tells since when the content is declared lost", async () => {
    answer = { status: 200, headers: { "last-modified": "Sat, 21 Nov 2026 14:05:00 GMT" } };
    expect((await declaredSince(endpoint, signal))?.toISOString()).to.equal("2026-11-21T14:05:00.000Z");
    expect(asked.at(-1)).to.equal("HEAD /declared/content.json");
  });

  it("is not there while nothing is declared", async () => {
    answer = { status: 404 };
    expect(await declaredSince(endpoint, signal)).to.equal(undefined);
  });

  it("is no word either way when the website answers something else, or not at all", async () => {
    answer = { status: 503 };
    expect((await rejection(declaredSince(endpoint, signal))).message).to.include("found status 503");
    const nowhere = rejection(declaredSince("http://127.0.0.1:1/", signal));
    expect((await nowhere).message).to.include("declared/content.json can't be looked at");
  });
});
