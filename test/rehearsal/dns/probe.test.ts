import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HealthCheckConfig } from "@aws-sdk/client-route-53";
import { expect } from "chai";
import { probe } from "../../../rehearsal/dns/probe.ts";
import { makeCertificate } from "../../../rehearsal/local/certificate.ts";
import { Clock } from "../../../rehearsal/local/clock.ts";
import { type HostCertificate, issueForHosts } from "../../../rehearsal/local/host-certificate.ts";
import { Names } from "../../../rehearsal/local/names.ts";
import { Endpoint } from "./endpoint.ts";

describe("a look at an endpoint, as Route 53's health checkers take it", () => {
  const names = new Names();
  const HOST = "site.example.net";
  let folder: string;
  let certificate: HostCertificate;
  let open: Endpoint;
  let secure: Endpoint;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "probe-"));
    certificate = await issueForHosts(await makeCertificate(folder), ["quite.another.example.org"]);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  beforeEach(async () => {
    open = await new Endpoint().open();
    secure = await new Endpoint(certificate).open();
    names.set(HOST, 80, open.address);
    names.set(HOST, 443, secure.address);
  });
  afterEach(async () => {
    await open[Symbol.asyncDispose]();
    await secure[Symbol.asyncDispose]();
  });

  /** At a speed at which every limit is the least, 1 s. */
  const look = (config: HealthCheckConfig, signal = new AbortController().signal) =>
    probe({ FullyQualifiedDomainName: HOST, ...config }, { names, clock: new Clock(1000), signal });

  it("passes with 2xx and 3xx, and follows nothing", async () => {
    for (const [status, passed] of [
      [200, true],
      [204, true],
      [301, true],
      [399, true],
      [400, false],
      [503, false],
    ] as const) {
      open.status = status;
      expect((await look({ Type: "HTTP" })).passed, String(status)).to.equal(passed);
    }
    expect(open.asked).to.have.length(6);
    open.status = 503;
    expect((await look({ Type: "HTTP" })).status).to.equal("Failure: HTTP Status Code 503, Service Unavailable");
  });

  it("asks for the path and the host that the check names, with the port when it is no usual one", async () => {
    names.set(HOST, 8080, open.address);
    await look({ Type: "HTTP", ResourcePath: "/health?deep=1" });
    await look({ Type: "HTTP", Port: 8080 });
    expect(open.asked.map(({ url, headers }) => [url, headers.host])).to.deep.equal([
      ["/health?deep=1", HOST],
      ["/", `${HOST}:8080`],
    ]);
  });

  it("does not validate certificates, and names the host in TLS unless it is told not to", async () => {
    expect(await look({ Type: "HTTPS" })).to.deep.equal({ passed: true, status: "Success: HTTP Status Code 200, OK" });
    expect((await look({ Type: "HTTPS", EnableSNI: true })).passed).to.equal(true);
    expect((await look({ Type: "HTTPS", EnableSNI: false })).passed).to.equal(true);
    expect(secure.names).to.deep.equal([HOST, HOST]);
  });

  it("reaches an address of the loopback without a table", async () => {
    const { port } = secure;
    const config = { Type: "HTTPS", FullyQualifiedDomainName: "127.0.0.1", Port: port } as const;
    expect((await look(config)).passed).to.equal(true);
    expect(secure.asked[0]?.headers.host).to.equal(`127.0.0.1:${port}`);
    expect(secure.names).to.deep.equal([]);
  });

  it("finds the string only within the first 5120 bytes, entirely, and minds upper and lower case", async () => {
    const config = { Type: "HTTPS_STR_MATCH", SearchString: '"declared":true' } as const;
    const passes = async (body: string, more: HealthCheckConfig | object = {}) => {
      secure.body = body;
      return (await look({ ...config, ...more })).passed;
    };
    expect(await passes('{"declared":true,"why":"a drill"}')).to.equal(true);
    expect(await passes('{"declared":false}')).to.equal(false);
    expect(await passes('{"DECLARED":true}')).to.equal(false);
    const room = 5120 - config.SearchString.length;
    expect(await passes(`${" ".repeat(room)}${config.SearchString}`)).to.equal(true);
    expect(await passes(`${" ".repeat(room + 1)}${config.SearchString}`)).to.equal(false);
    expect(await passes(`${config.SearchString}${" ".repeat(1_000_000)}`)).to.equal(true);
    secure.status = 404;
    expect(await passes(config.SearchString), "the right string with a bad status").to.equal(false);
  });

  it("gives up on who does not answer in time, with a status or with the body", async () => {
    open.act = () => {};
    expect(await look({ Type: "HTTP" })).to.deep.equal({
      passed: false,
      status: "Failure: no HTTP response in time",
    });
    open.act = (_, outgoing) => void outgoing.writeHead(200).write("begins, and never ends");
    expect((await look({ Type: "HTTP" })).passed, "the body is not waited for without a string").to.equal(true);
    expect((await look({ Type: "HTTP_STR_MATCH", SearchString: "x" })).status).to.match(/body did not come in time/);
  });

  it("fails where nobody listens, and where a name leads nowhere", async () => {
    await open[Symbol.asyncDispose]();
    expect((await look({ Type: "HTTP" })).status).to.match(/^Failure: .*ECONNREFUSED/);
    expect((await look({ Type: "HTTP", FullyQualifiedDomainName: "nobody.example.net" })).status).to.match(
      /^Failure: DNS resolution failed/,
    );
  });

  it("passes over TCP when a connection comes about", async () => {
    expect((await look({ Type: "TCP" })).passed).to.equal(true);
    expect(open.asked).to.have.length(0);
    await open[Symbol.asyncDispose]();
    expect((await look({ Type: "TCP" })).passed).to.equal(false);
  });

  it("ends at once when it is told to", async () => {
    open.act = () => {};
    const stop = new AbortController();
    const looking = look({ Type: "HTTP" }, stop.signal);
    const began = performance.now();
    stop.abort();
    expect((await looking).passed).to.equal(false);
    expect(performance.now() - began).to.be.below(500);
  });
});
