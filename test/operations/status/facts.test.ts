import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Outputs, StackReader } from "../../../operations/outputs.ts";
import { type Journal, Journals } from "../../../operations/runbook/journal.ts";
import { takeLease } from "../../../operations/runbook/operation-lease.ts";
import { PROJECT_FOLDER } from "../../../operations/stack-files.ts";
import { declaredIn, gather } from "../../../operations/status/facts.ts";
import { issueForHosts } from "../../../rehearsal/local/host-certificate.ts";
import { Endpoint } from "../../rehearsal/dns/endpoint.ts";
import { awsAt, inEnvironment } from "../../support/environment.ts";
import { useLocalAzure } from "../../support/local-azure.ts";
import { useNameServer } from "../../support/name-server.ts";
import { rejection } from "../../support/rejection.ts";
import { lay, manifestOf } from "../database/dumps-on.ts";
import { type OperatorsStandby, operatorsStandby } from "../operators-standby.ts";
import { type Deployed, drOutputs, prodOutputs } from "../sites-outputs.ts";

const { signal } = new AbortController();
const DUMP = manifestOf("2025-11-21T02:15:00Z");
const SPOILT = manifestOf("2025-11-22T02:15:00Z");

describe("what the last up of dr declared", () => {
  const declared = (deployed: Deployed) => {
    const { disaster, drill, handBack, markers, servers } = declaredIn(drOutputs(deployed));
    return { disaster, drill, handBack, markers, servers };
  };
  const course = (handBack: "copy" | "move") => ({ handBack, growDatabase: false });

  it("is nothing", () => {
    const nothing = { disaster: "none", drill: false, handBack: "no", markers: [] };
    expect(declared({})).to.deep.equal({ ...nothing, servers: 0 });
    expect(declared({ strategy: "active-active" })).to.deep.equal({ ...nothing, servers: 3 });
  });

  it("is a disaster, whose names have their markers", () => {
    expect(declared({ disaster: "content" })).to.include({ disaster: "content", handBack: "no", servers: 0 });
    expect(declared({ disaster: "site" }).markers).to.deep.equal(["database", "content", "site"]);
  });

  it("is a disaster that is being handed back, by a copy first, and without markers at last", () => {
    expect(declared({ disaster: "site", course: course("copy") })).to.include({ handBack: "copy", drill: false });
    expect(declared({ disaster: "site", course: course("move") })).to.deep.include({ handBack: "move", markers: [] });
    expect(declared({ disaster: "content", course: course("move") })).to.include({ handBack: "move" });
  });

  it("is a drill, of which the world is told nothing", () => {
    expect(declared({ drill: true })).to.deep.equal({
      ...{ disaster: "none", drill: true, handBack: "no", markers: [], servers: 3 },
    });
  });
});

describe("all that is known of two sites", () => {
  const azure = useLocalAzure();
  const names = useNameServer();
  let folder: string;
  let endpoint: Endpoint;
  let sqs: Endpoint;
  let standby: OperatorsStandby;

  before(async () => {
    // On a busy machine it takes longer to be loaded than is waited for AWS.
    await import("@aws-sdk/client-sqs");
    folder = mkdtempSync(join(tmpdir(), "facts-"));
    const certificate = await issueForHosts(azure.certificate, ["app.example.com", "marker.example"]);
    endpoint = await new Endpoint(certificate).open();
    sqs = await new Endpoint().open();
    sqs.body = JSON.stringify({ Attributes: { ApproximateNumberOfMessages: "4" } });
    const hosts = ["marker.example:443", "shop-app.azurefd.net:443", "shop-1.elb.amazonaws.com:443"];
    const addresses = Object.fromEntries(hosts.map((host) => [host, `127.0.0.1:${endpoint.port}`]));
    writeFileSync(join(folder, "addresses.json"), JSON.stringify(addresses));
  });

  inEnvironment(() => ({
    ...azure.local.operatorEnvironment(),
    HOST_ADDRESSES: join(folder, "addresses.json"),
    ...awsAt(`http://127.0.0.1:${sqs.port}/`),
  }));

  beforeEach(async () => {
    standby = await operatorsStandby(azure);
    names.aliases.set("app.example.com", "shop-app.azurefd.net").set("content.example.com", "d1.cloudfront.net");
    endpoint.act = ({ url }, outgoing) => outgoing.writeHead(url === "/healthz" ? 200 : 404).end();
  });

  after(async () => {
    await Promise.all([endpoint, sqs].map((each) => each[Symbol.asyncDispose]()));
    rmSync(folder, { recursive: true });
  });

  /** Stacks of which some can be read. */
  function stacks(readable: Outputs[]): StackReader {
    const read = async (name: string) => {
      const found = readable.find(({ stack }) => stack === name);
      if (found) return found;
      throw new Error(`the outputs of stack ${name} can't be read`);
    };
    return { read } as unknown as StackReader;
  }

  const dr = () => drOutputs({ values: standby.values });
  const look = (...readable: Outputs[]) => gather(stacks(readable), { folder: PROJECT_FOLDER }, signal);

  function link(): Outputs {
    const url = `http://127.0.0.1:${sqs.port}/1/queue`;
    const queues = ["objectsQueueUrl", "objectsDeadLetterQueueUrl", "dumpsQueueUrl", "dumpsDeadLetterQueueUrl"];
    const values = Object.fromEntries(queues.map((name) => [name, url]));
    return { stack: "link", workload: "shop", listed: false, values };
  }

  it("is found of both while both live", async () => {
    await standby.say({ data: { loaded: DUMP.dump }, setAside: [{ dump: SPOILT.dump, reason: "damaged" }] });
    await lay(standby.dumps, DUMP);
    await lay(standby.dumps, SPOILT);
    const facts = await look(dr(), prodOutputs(), link());
    expect(facts.workload).to.equal("shop");
    expect(facts.sites.primary).to.include({ host: "shop-1.elb.amazonaws.com", answers: true });
    expect(facts.sites.standby).to.include({ host: "shop-app.azurefd.net", answers: true });
    expect(facts.seen.site).to.deep.equal({ declared: false, ready: false });
    expect(facts.names).to.deep.equal({
      app: { name: "app.example.com", host: "shop-app.azurefd.net", site: "standby" },
      content: { name: "content.example.com", host: "d1.cloudfront.net", site: "primary" },
    });
    expect(facts.replication).to.deep.equal({
      objects: { waiting: 4, setAside: 4 },
      dumps: { waiting: 4, setAside: 4 },
    });
    expect(facts.rpo.content.text).to.equal("what 4 waiting events are about");
    expect(facts.rpo.database.text).to.match(/ d( \d+ h)?, as the dump 20251121T021500Z$/);
    expect(facts.dump, "what is set aside is none").to.include({ dump: "20251121T021500Z", faulty: 1 });
    expect(facts.next).to.deep.equal([]);
    expect(facts.drills).to.deep.equal({ stale: false });
    expect({ underWay: facts.underWay, unfinished: facts.unfinished }).to.deep.equal({
      underWay: null,
      unfinished: undefined,
    });
  });

  it("is of Azure alone when nothing of AWS answers, and no error", async () => {
    await standby.say();
    const facts = await look(dr());
    const dead = { unknown: "the outputs of stack prod can't be read" };
    expect(facts.sites.primary).to.deep.equal(dead);
    expect(facts.replication).to.deep.equal({ unknown: "the outputs of stack link can't be read" });
    expect(facts.rpo.content.text).to.equal("can't be told: the outputs of stack link can't be read");
    expect(facts.names.app).to.include({ site: "standby" });
    expect(facts.names.content, "nobody knows the primary's hosts").to.include({ site: "neither" });
    expect(facts.controller).to.include({ status: "settled" });
    expect(facts.dump).to.equal(null);
    expect(facts.rpo.database.text).to.include("there is no dump that can be loaded");
  });

  it("has the newest dump and what is under way also where the controller never said anything", async () => {
    await lay(standby.dumps, DUMP);
    const operator = { operation: "declare", by: "me@here", startedAt: "2026-11-21T13:00:00.000Z" };
    await using _lease = await takeLease(standby.control, operator, signal);
    const facts = await look(dr());
    expect(facts.controller).to.have.property("unknown").that.includes("it has never run");
    expect(facts.dump).to.include({ dump: "20251121T021500Z" });
    expect(facts.underWay).to.deep.equal(operator);
  });

  it("has what was left unfinished, and the drills, by the journals", async () => {
    const journals = new Journals(standby.control);
    const keep = (journal: Pick<Journal, "name" | "startedAt" | "status">) =>
      journals.write({ version: 1, workload: "shop", by: "me@here", steps: [], ...journal }, signal);
    await keep({ name: "drill", startedAt: "2025-03-01T09:00:00.000Z", status: "done" });
    await keep({ name: "declare", startedAt: "2026-03-01T09:00:00.000Z", status: "failed" });
    const facts = await look(dr());
    expect(facts.unfinished).to.deep.equal({
      name: "declare",
      startedAt: "2026-03-01T09:00:00.000Z",
      status: "failed",
    });
    const operator = { operation: "declare", by: "me@here", startedAt: "2026-03-01T09:05:00.000Z" };
    await using _lease = await takeLease(standby.control, operator, signal);
    expect((await look(dr())).unfinished, "somebody goes on with it").to.equal(undefined);
    expect(facts.drills).to.deep.include({ passedAt: "2025-03-01T09:00:00.000Z", stale: true });
  });

  it("has what the stack file plans beyond what is deployed", async () => {
    const facts = await gather(
      stacks([drOutputs({ strategy: "warm-standby", values: standby.values })]),
      { folder: PROJECT_FOLDER },
      signal,
    );
    expect(facts.next).to.deep.equal([
      "servers: 1 to 1 -> none",
      "database: running, reduced, follows primary -> stopped, full, follows dumps",
    ]);
    const missing = await gather(stacks([dr()]), { folder: "/nowhere" }, signal);
    expect(missing.next).to.have.property("unknown").that.includes("expected the stack file /nowhere/");
  });

  it("is nothing where not even dr can be read", async () => {
    expect((await rejection(look())).message).to.equal("the outputs of stack dr can't be read");
  });
});
