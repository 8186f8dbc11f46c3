import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Change,
  ChangeResourceRecordSetsCommand,
  ChangeTagsForResourceCommand,
  CreateHealthCheckCommand,
  CreateHostedZoneCommand,
  DeleteHealthCheckCommand,
  GetHealthCheckCommand,
  GetHealthCheckStatusCommand,
  type HealthCheckConfig,
  type ResourceRecordSet,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { expect } from "chai";
import getPort from "get-port";
import { type AwsEndpoint, clientOptions } from "../../../rehearsal/aws/cloud.ts";
import { startMiniStack } from "../../../rehearsal/aws/ministack.ts";
import type { HealthChange } from "../../../rehearsal/dns/data-plane.ts";
import { LocalDns } from "../../../rehearsal/dns/local-dns.ts";
import { type Certificate, makeCertificate } from "../../../rehearsal/local/certificate.ts";
import { Clock } from "../../../rehearsal/local/clock.ts";
import { Names } from "../../../rehearsal/local/names.ts";
import type { Service } from "../../../rehearsal/local/service.ts";
import { findMiniStack } from "../../../rehearsal/tools/python.ts";
import { until } from "../../support/until.ts";
import { failure } from "../aws/local-aws.ts";
import { Endpoint } from "./endpoint.ts";

const REGION = "us-east-1";

/** An interval of 10 s is 200 ms, a time to live of 60 s is 1.2 s. */
const CLOCK = new Clock(50);

describe("the local Route 53, with an emulator as its control plane", () => {
  const names = new Names();
  const marker = new Endpoint();
  const standby = new Endpoint();
  const changes: HealthChange[] = [];
  let folder: string;
  let certificate: Certificate;
  let endpoint: AwsEndpoint;
  let emulator: Service;
  let route53: Route53Client;
  let dns: LocalDns;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "local-dns-"));
    certificate = await makeCertificate(folder);
    endpoint = {
      url: `https://127.0.0.1:${await getPort()}`,
      certificateFile: certificate.certificateFile,
      accountId: "111122223333",
      secretAccessKey: "local",
    };
    const python = await findMiniStack(() => {}, new AbortController().signal);
    const onDeath = (error: Error) => {
      throw error;
    };
    emulator = await startMiniStack({ python, folder, endpoint, certificate, environment: {}, onDeath });
    route53 = new Route53Client({ ...clientOptions(endpoint, REGION), maxAttempts: 1 });
    names.set("marker.example.net", 80, (await marker.open()).address);
    names.set("standby.example.net", 80, (await standby.open()).address);
    dns = await LocalDns.start({ route53: () => route53, names, clock: CLOCK, certificate, emulatorUrl: endpoint.url });
    dns.events.on("change", (change) => changes.push(change));
  });
  after(async () => {
    await dns?.[Symbol.asyncDispose]();
    await marker[Symbol.asyncDispose]();
    await standby[Symbol.asyncDispose]();
    await emulator?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The control plane as the stacks' programs reach it. */
  const front = () =>
    new Route53Client({ ...clientOptions({ ...endpoint, url: dns.statusUrl }, REGION), maxAttempts: 1 });

  async function createCheck(HealthCheckConfig: HealthCheckConfig): Promise<string> {
    const CallerReference = crypto.randomUUID();
    const { HealthCheck } = await front().send(new CreateHealthCheckCommand({ CallerReference, HealthCheckConfig }));
    return HealthCheck?.Id ?? "";
  }

  /** Creates a check with a name, and has it copied. */
  async function createNamed(Name: string, config: HealthCheckConfig): Promise<string> {
    const ResourceId = await createCheck(config);
    const AddTags = [{ Key: "Name", Value: Name }];
    await front().send(new ChangeTagsForResourceCommand({ ResourceType: "healthcheck", ResourceId, AddTags }));
    await dns.sync();
    return ResourceId;
  }

  async function createZone(Name: string, VPC?: { VPCId: string; VPCRegion: "eu-central-1" }): Promise<string> {
    const CallerReference = crypto.randomUUID();
    const { HostedZone } = await route53.send(new CreateHostedZoneCommand({ CallerReference, Name, VPC }));
    return HostedZone?.Id ?? "";
  }

  async function putRecord(HostedZoneId: string, Name: string, id: string, Weight: number, HealthCheckId?: string) {
    const ResourceRecords = [{ Value: `${id}.example.net` }];
    const set = {
      Name,
      Type: "CNAME",
      TTL: 60,
      SetIdentifier: id,
      Weight,
      HealthCheckId,
      ResourceRecords,
    } satisfies ResourceRecordSet;
    const Changes: Change[] = [{ Action: "UPSERT", ResourceRecordSet: set }];
    await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }));
  }

  const endpointCheck = (host: string, more: object = {}): HealthCheckConfig => ({
    Type: "HTTP_STR_MATCH",
    FullyQualifiedDomainName: host,
    RequestInterval: 10,
    FailureThreshold: 3,
    ...more,
  });
  const healthOf = (name: string) => [...dns.health().values()].find((check) => check.name === name)?.healthy;

  const idOf = (name: string) => [...dns.health().values()].find((check) => check.name === name)?.id;
  let markerCheck: string;

  it("has a new inverted check unhealthy, and an ordinary one healthy, until checkers know better, and tells of it", async () => {
    marker.body = "nothing";
    standby.body = "nothing";
    const inverted = { SearchString: '"declared":true', Inverted: true };
    markerCheck = await createNamed("marker", endpointCheck("marker.example.net", inverted));
    const ready = await createNamed("ready", endpointCheck("standby.example.net", { SearchString: "well" }));
    const of = (child: string): HealthCheckConfig => ({
      Type: "CALCULATED",
      HealthThreshold: 1,
      ChildHealthChecks: [child],
    });
    await createNamed("primary", of(markerCheck));
    await createNamed("standby", of(ready));
    await until(() => healthOf("primary") === true && healthOf("standby") === false, "all have settled");
    // What they were before is what they ceased to be.
    const told = changes.map(({ name, healthy }) => `${name} ${healthy}`);
    expect(told).to.have.members(["marker true", "primary true", "ready false", "standby false"]);
    expect(told.indexOf("primary true")).to.be.above(told.indexOf("marker true"));
    for (const { at } of changes) expect(Date.now() - at.getTime()).to.be.within(0, 60_000);
  });

  it("answers by the records of its zones", async () => {
    const [primary, standbyCheck] = ["primary", "standby"].map(idOf);
    const zone = await createZone("shop.example.com");
    await putRecord(zone, "app.shop.example.com", "primary", 100, primary);
    await putRecord(zone, "app.shop.example.com", "standby", 0, standbyCheck);
    await dns.sync();
    expect(await dns.resolver().resolve("app.shop.example.com")).to.deep.equal({
      target: "primary.example.net",
      ttl: 60,
    });
  });

  it("shows what the checkers of a check saw last, as the API does", async () => {
    const { HealthCheckObservations = [] } = await front().send(
      new GetHealthCheckStatusCommand({ HealthCheckId: markerCheck }),
    );
    expect(HealthCheckObservations).to.have.length(3);
    expect(HealthCheckObservations[0]?.StatusReport?.Status).to.match(
      /^Failure: HTTP Status Code 200, OK, search string/,
    );
    expect(HealthCheckObservations[0]?.StatusReport?.CheckedTime).to.be.instanceOf(Date);
  });

  it("has the status of a check at once that was made a moment ago, and passes everything else through", async () => {
    const id = await createCheck(endpointCheck("marker.example.net", { SearchString: "x", RequestInterval: 30 }));
    const { HealthCheckObservations } = await front().send(new GetHealthCheckStatusCommand({ HealthCheckId: id }));
    expect(HealthCheckObservations).to.be.an("array");
    const { HealthCheck } = await front().send(new GetHealthCheckCommand({ HealthCheckId: id }));
    expect(HealthCheck?.HealthCheckConfig?.SearchString).to.equal("x");
    await front().send(new DeleteHealthCheckCommand({ HealthCheckId: id }));
    await dns.sync();
    expect(dns.health().has(id)).to.equal(false);
  });

  it("refuses the status of a calculated check, and of one that is not there", async () => {
    const status = (HealthCheckId: string) => failure(front().send(new GetHealthCheckStatusCommand({ HealthCheckId })));
    expect(await status(idOf("primary") ?? "")).to.match(/^InvalidInput: .* is a calculated health check/);
    expect(await status(crypto.randomUUID())).to.match(/^NoSuchHealthCheck: /);
  });

  it("answers from private zones too, and from the one that fits most of the name", async () => {
    const internal = await createZone("internal.shop.example.com", { VPCId: "vpc-1", VPCRegion: "eu-central-1" });
    await putRecord(internal, "db.internal.shop.example.com", "database", 100);
    await dns.sync();
    const { target } = await dns.resolver().resolve("db.internal.shop.example.com");
    expect(target).to.equal("database.example.net");
    expect(await failure(dns.resolver().resolve("app.internal.shop.example.com"))).to.match(/NXDOMAIN/);
  });

  it("leads whoever asks by another way to a host, for as long as it is told to", async () => {
    const target = async () => (await dns.resolver().resolve("db.internal.shop.example.com")).target;
    const end = dns.detour("Database.example.net", "127.9.9.9");
    expect(await target()).to.equal("127.9.9.9");
    end();
    expect(await target()).to.equal("database.example.net");
  });

  it("goes on when the control plane is dead: answers, checks, and moves the users to the standby", async () => {
    const client = dns.resolver();
    expect((await client.resolve("app.shop.example.com")).target).to.equal("primary.example.net");
    await emulator.kill();
    expect(await failure(dns.sync())).to.match(/ECONNREFUSED|ECONNRESET|socket/i);
    expect(await failure(front().send(new GetHealthCheckStatusCommand({ HealthCheckId: markerCheck })))).to.match(
      /ServiceUnavailable: The control plane does not answer/,
    );

    marker.body = '{"declared":true}';
    await until(() => healthOf("primary") === false, "the primary is unhealthy");
    expect((await dns.resolver().resolve("app.shop.example.com")).target, "nobody before it is ready").to.equal(
      "primary.example.net",
    );
    standby.body = "well";
    const targetNow = async () => (await client.resolve("app.shop.example.com")).target;
    await until(async () => (await targetNow()) === "standby.example.net", "the client has moved");
  });
});
