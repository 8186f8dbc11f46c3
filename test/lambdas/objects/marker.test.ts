import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { Fenced } from "../../../lambdas/objects/failure.ts";
import { Marker } from "../../../lambdas/objects/marker.ts";
import { rejection } from "../../support/rejection.ts";

describe("the marker of a declaration", () => {
  let server: Server;
  let url: string;
  let answer: RequestListener;
  let asked: number;
  let warnings: string[];

  before(async () => {
    server = createServer((request, response) => {
      asked += 1;
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/declared/content.json`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = 0;
    warnings = [];
  });

  const marker = (at = url) => new Marker(at, (problem) => warnings.push(problem));
  const answers = (status: number, headers = {}) => {
    answer = (_, response) => response.writeHead(status, headers).end("{}");
  };

  it("that stands there forbids to write", async () => {
    answers(200);
    expect(await marker().declared()).to.equal(true);
    const error = await rejection(marker().mayWrite());
    expect(error).to.be.instanceOf(Fenced);
    expect(error.message).to.equal("the content is declared lost: the standby owns it");
  });

  it("that is not there forbids nothing, and that is nothing to warn of", async () => {
    answers(404);
    await marker().mayWrite();
    expect(warnings).to.be.empty;
  });

  it("that has no place forbids nothing, and nobody is asked", async () => {
    await new Marker(undefined, (problem) => warnings.push(problem)).mayWrite();
    expect(asked).to.equal(0);
    expect(warnings).to.be.empty;
  });

  describe("forbids nothing, and somebody is told, when", () => {
    it("its server is broken", async () => {
      answers(500);
      expect(await marker().declared()).to.equal(false);
      expect(warnings).to.deep.equal(["the marker was answered with status 500"]);
    });

    it("its server denies it", async () => {
      answers(403);
      expect(await marker().declared()).to.equal(false);
      expect(warnings).to.deep.equal(["the marker was answered with status 403"]);
    });

    it("it is elsewhere: a page for visitors would do as a marker otherwise", async () => {
      const there = url;
      answer = (request, response) => {
        if (request.url === "/elsewhere") response.writeHead(200).end();
        else response.writeHead(302, { location: new URL("/elsewhere", there).href }).end();
      };
      expect(await marker().declared()).to.equal(false);
      expect(warnings).to.have.length(1);
      expect(asked, "it is not followed").to.equal(1);
    });

    it("nobody listens", async () => {
      const gone = createServer();
      await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
      const { port } = gone.address() as AddressInfo;
      await new Promise((resolve) => gone.close(resolve));
      expect(await marker(`http://127.0.0.1:${port}/`).declared()).to.equal(false);
      expect(warnings).to.have.length(1);
    });

    it("it takes longer than three seconds", async () => {
      answer = () => {};
      const begun = performance.now();
      expect(await marker().declared()).to.equal(false);
      expect(performance.now() - begun).to.be.within(2500, 6000);
      expect(warnings).to.have.length(1);
    });
  });

  it("is asked for once, however many want to know within some seconds", async () => {
    answers(200);
    const one = marker();
    expect(await Promise.all(Array.from({ length: 50 }, () => one.declared()))).to.not.include(false);
    await one.declared();
    expect(asked).to.equal(1);
  });

  it("is asked for again after five seconds, so a declaration is noticed, and its end", async () => {
    const real = performance.now;
    let now = 1000;
    performance.now = () => now;
    try {
      const one = marker();
      answers(404);
      expect(await one.declared()).to.equal(false);
      answers(200);
      now += 4999;
      expect(await one.declared(), "still what was known").to.equal(false);
      now += 2;
      expect(await one.declared()).to.equal(true);
      answers(404);
      now += 5001;
      expect(await one.declared()).to.equal(false);
    } finally {
      performance.now = real;
    }
  });
});
