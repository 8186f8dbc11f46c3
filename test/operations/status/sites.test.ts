import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { markerText } from "../../../components/standby/declaration.ts";
import { readyText } from "../../../lambdas/standby/ready-file.ts";
import { answering, marked } from "../../../operations/status/sites.ts";
import { makeCertificate } from "../../../rehearsal/local/certificate.ts";
import { issueForHosts } from "../../../rehearsal/local/host-certificate.ts";
import { Endpoint } from "../../rehearsal/dns/endpoint.ts";
import { inEnvironment } from "../../support/environment.ts";
import { rejection } from "../../support/rejection.ts";
import { drOutputs, prodOutputs } from "../sites-outputs.ts";

const { signal } = new AbortController();
const LIMIT = 20_000;

describe("what a site says of itself", () => {
  let folder: string;
  let endpoint: Endpoint;
  /** Files of the markers' website, by their path. */
  let files: Record<string, string>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "sites-"));
    const names = ["app.example.com", "marker.example"];
    endpoint = await new Endpoint(await issueForHosts(await makeCertificate(folder), names)).open();
    const here = `127.0.0.1:${endpoint.port}`;
    const addresses = { "shop-1.elb.amazonaws.com:443": here, "marker.example:443": here };
    writeFileSync(join(folder, "addresses.json"), JSON.stringify(addresses));
  });

  inEnvironment(() => ({ HOST_ADDRESSES: join(folder, "addresses.json") }));

  beforeEach(() => {
    endpoint.status = 200;
    endpoint.act = undefined;
    files = {};
  });

  after(async () => {
    await endpoint[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  /** Has the markers' website serve the files. */
  function publish(given: typeof files): void {
    files = given;
    endpoint.act = ({ url = "" }, outgoing) => {
      const text = files[url.slice(1)];
      const headers = { "last-modified": "Sat, 21 Nov 2026 13:00:00 GMT" };
      outgoing.writeHead(text === undefined ? 404 : 200, headers).end(text);
    };
  }

  it("is that its app answers, by its own host and the name that users know", async () => {
    const { milliseconds, ...found } = await answering(prodOutputs(), LIMIT, signal);
    expect(found).to.deep.equal({ host: "shop-1.elb.amazonaws.com", answers: true, status: 200 });
    expect(milliseconds).to.be.a("number");
    expect(endpoint.asked.at(-1)).to.deep.include({ url: "/healthz" });
    expect(endpoint.asked.at(-1)?.headers.host).to.equal("app.example.com");
  });

  it("is that it does not, with the reason, whether it fails or nobody is there", async () => {
    endpoint.status = 503;
    const { milliseconds: _, ...failing } = await answering(prodOutputs(), LIMIT, signal);
    expect(failing).to.deep.equal({
      host: "shop-1.elb.amazonaws.com",
      answers: false,
      status: 503,
      problem: "expected status 200, found 503",
    });
    const nobody = await answering(prodOutputs({ appHost: "nobody.invalid" }), LIMIT, signal);
    expect(nobody).to.include({ host: "nobody.invalid", answers: false });
    expect(nobody.problem).to.include("https://app.example.com/healthz at nobody.invalid: ");
  });

  it("is not made up where the command is interrupted", async () => {
    const interrupted = AbortSignal.abort(new Error("interrupted"));
    expect((await rejection(answering(prodOutputs(), LIMIT, interrupted))).message).to.equal("interrupted");
    expect((await rejection(marked(drOutputs(), LIMIT, interrupted))).message).to.equal("interrupted");
  });

  it("is which names are declared, since when, why and by whom, and which it is ready for", async () => {
    publish({
      "declared/database.json": markerText({ disaster: "database", why: "RDS is down", by: "platform-team" }),
      "ready/database.json": readyText("database", ["database"]),
      "declared/content.json": '"declared":true, and spoilt',
    });
    expect(await marked(drOutputs(), LIMIT, signal)).to.deep.equal({
      database: {
        ...{ declared: true, why: "RDS is down", by: "platform-team" },
        ...{ since: "2026-11-21T13:00:00.000Z", ready: true },
      },
      content: { declared: true, since: "2026-11-21T13:00:00.000Z", ready: false },
      site: { declared: false, ready: false },
    });
  });

  it("is that nothing is declared, by whatever else answers there", async () => {
    publish({ "declared/site.json": "<html>", "ready/site.json": "{}" });
    expect((await marked(drOutputs(), LIMIT, signal)).site).to.deep.equal({ declared: false, ready: false });
  });

  it("can't be told of the names where the markers' website fails", async () => {
    endpoint.status = 503;
    const unknown = { unknown: "https://marker.example/ answered with status 503" };
    expect(await marked(drOutputs(), LIMIT, signal)).to.deep.equal({
      database: unknown,
      content: unknown,
      site: unknown,
    });
  });
});
