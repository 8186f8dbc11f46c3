import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ask } from "../../operations/ask.ts";
import { makeCertificate } from "../../rehearsal/local/certificate.ts";
import { issueForHosts } from "../../rehearsal/local/host-certificate.ts";
import { rejection } from "../support/rejection.ts";

describe("asking a site as a user does", () => {
  let folder: string;
  let file: string;
  let server: Server;
  let answer: RequestListener;
  const former = process.env.HOST_ADDRESSES;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "ask-"));
    file = join(folder, "addresses.json");
    const authority = await makeCertificate(folder);
    const { certificate, key } = await issueForHosts(authority, ["app.example.com"]);
    server = createServer({ cert: certificate, key }, (incoming, outgoing) => answer(incoming, outgoing));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    process.env.HOST_ADDRESSES = file;
  });

  beforeEach(() => {
    answer = ({ headers, url }, outgoing) => outgoing.end(`${headers.host}${url}`);
    say({ "shop.elb.amazonaws.com:443": here(), "app.example.com:443": here() });
  });

  after(() => {
    if (former === undefined) delete process.env.HOST_ADDRESSES;
    else process.env.HOST_ADDRESSES = former;
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  function here(): string {
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function say(addresses: Record<string, string>): void {
    writeFileSync(file, JSON.stringify(addresses));
  }

  it("goes to the host that it is told, with the name that the user knows", async () => {
    const { status, text } = await ask("https://app.example.com/healthz?a=1", { at: "Shop.elb.amazonaws.com" });
    expect({ status, text }).to.deep.equal({ status: 200, text: "app.example.com/healthz?a=1" });
  });

  it("goes to the host of the URL when it is told no other", async () => {
    expect((await ask("https://app.example.com/")).text).to.equal("app.example.com/");
  });

  it("reads at each question where a host is", async () => {
    say({});
    const failure = await rejection(ask("https://app.example.com/", { at: "nobody.invalid", limit: 5000 }));
    expect(failure.message).to.match(/^https:\/\/app\.example\.com\/ at nobody\.invalid: /);
    say({ "nobody.invalid:443": here() });
    expect((await ask("https://app.example.com/", { at: "nobody.invalid" })).status).to.equal(200);
  });

  it("takes no certificate of another name", async () => {
    say({ "other.example.com:443": here() });
    expect((await rejection(ask("https://other.example.com/"))).message).to.include("other.example.com");
  });

  it("shows a redirect, and does not follow it", async () => {
    answer = (_, outgoing) => outgoing.writeHead(301, { location: "https://elsewhere.example/" }).end();
    const { status, headers } = await ask("https://app.example.com/");
    expect({ status, location: headers.location }).to.deep.equal({
      status: 301,
      location: "https://elsewhere.example/",
    });
  });

  it("reads no further than the beginning of what comes, and does not wait for the rest", async () => {
    answer = (_, outgoing) => {
      outgoing.write("x".repeat(6000));
    };
    expect((await ask("https://app.example.com/", { limit: 5000 })).text).to.equal("x".repeat(5120));
  });

  it("waits no longer than it is told, and says so", async () => {
    answer = () => {};
    const failure = await rejection(ask("https://app.example.com/", { at: "shop.elb.amazonaws.com", limit: 200 }));
    expect(failure.message).to.equal("https://app.example.com/ at shop.elb.amazonaws.com: no answer within 0.2 s");
  });

  it("says where nobody listens", async () => {
    say({ "app.example.com:443": "127.0.0.1:1" });
    expect((await rejection(ask("https://app.example.com/"))).message).to.include("ECONNREFUSED");
  });

  it("ends with whoever asked", async () => {
    answer = () => {};
    const interruption = new AbortController();
    const asked = rejection(ask("https://app.example.com/", { signal: interruption.signal }));
    interruption.abort(new Error("interrupted"));
    expect((await asked).message).to.equal("interrupted");
  });
});
