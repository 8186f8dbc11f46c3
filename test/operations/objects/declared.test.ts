import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import type { SeenState } from "../../../operations/database/control.ts";
import { declaredSince, ownSince } from "../../../operations/objects/declared.ts";
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

  describe("with what the controller remembers", () => {
    const sinceWith = async (marked: boolean, contentSince?: string) => {
      answer = marked
        ? { status: 200, headers: { "last-modified": "Sat, 21 Nov 2026 14:05:00 GMT" } }
        : { status: 404 };
      const state = { contentSince } as SeenState;
      return (await ownSince(endpoint, { state: async () => state }, signal))?.toISOString();
    };

    it("tells the first declaration's time, also once the marker was written again or is gone", async () => {
      expect(await sinceWith(true, "2026-11-21T13:00:00.000Z")).to.equal("2026-11-21T13:00:00.000Z");
      expect(await sinceWith(false, "2026-11-21T13:00:00.000Z")).to.equal("2026-11-21T13:00:00.000Z");
    });

    it("tells the marker's time, which comes before the controller has seen it", async () => {
      expect(await sinceWith(true, "2026-11-21T14:05:40.000Z")).to.equal("2026-11-21T14:05:00.000Z");
      expect(await sinceWith(true)).to.equal("2026-11-21T14:05:00.000Z");
    });

    it("tells nothing while the standby serves no content", async () => {
      expect(await sinceWith(false)).to.equal(undefined);
    });

    it("has the marker alone do where the controller can't be asked", async () => {
      answer = { status: 200, headers: { "last-modified": "Sat, 21 Nov 2026 14:05:00 GMT" } };
      const state = () => Promise.reject(new Error("no right to read that"));
      expect((await ownSince(endpoint, { state }, signal))?.toISOString()).to.equal("2026-11-21T14:05:00.000Z");
    });
  });
});
