import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { type Fetch, fetchThrough } from "../../../rehearsal/local/names.ts";
import { AUTOSCALE, type Deployed, SCALE_SET, useLocalAzure } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";
import { APP_NAME, type Ground, layGround } from "./web-tier.ts";

describe("the servers of the local Azure", () => {
  const azure = useLocalAzure();
  let ground: Ground;
  let host: string;
  let fetch: Fetch;
  const made: Deployed[] = [];

  before(async () => {
    ground = await layGround(azure);
    host = (ground.address.properties.dnsSettings as { fqdn: string }).fqdn;
  });
  afterEach(async () => {
    for (const each of made.splice(0).reverse()) await each.delete();
  });

  async function deploy(token: string, inputs: object): Promise<Deployed> {
    const deployed = await azure.deploy(token, { ...inputs });
    made.push(deployed);
    return deployed;
  }

  /** As users do who are led past the edge: the servers' own certificate is for the app's name. */
  async function ask(path: string): Promise<string> {
    fetch = fetchThrough(azure.names, azure.certificate.certificate);
    const response = await fetch(`https://${APP_NAME}${path}`, { at: host });
    return `${response.status} ${await response.text()}`;
  }

  /** Asks until the answer is as it should be; a probe may take its time. */
  async function becomes(path: string, expected: RegExp): Promise<void> {
    let answer = "";
    for (let tries = 0; tries < 100 && !expected.test(answer); tries++) {
      answer = await ask(path).catch((error: Error) => error.message);
      await delay(100);
    }
    expect(answer).to.match(expected);
  }

  const machines = (scaleSet: Deployed) => azure.local.scaleSets.machinesOf(scaleSet.id);
  const idsOf = (scaleSet: Deployed) => machines(scaleSet).map(({ target }) => target.id);

  it("answer at the public address over TLS of their own, and read the content as their identity", async () => {
    const servers = await deploy(SCALE_SET, ground.servers(1));
    expect(machines(servers).length).to.equal(1);
    // It has no database, and says so: the balancer sends nobody there.
    const { host: address, port } = machines(servers)[0]?.target ?? { host: "", port: 0 };
    expect(port).to.equal(8443);
    const item = await fetchAt(address, port, "/content/index.html");
    expect(item).to.equal("200 welcome");
    expect(await fetchAt(address, port, "/healthz")).to.match(/^503 .*"database":"this site has no database"/);
    await becomes("/content/index.html", /socket|ECONNRESET|disconnected/);
  });

  it("take users while their probe is answered well, at the port that the rule says", async () => {
    await ground.balancer.update({ ...ground.balanced(true), probes: [tcpProbe], loadBalancingRules: [rule()] });
    await deploy(SCALE_SET, ground.servers(2));
    await becomes("/content/index.html", /^200 welcome/);
    await ground.balancer.update(ground.balanced(false));
    expect((await rejection(ask("/"))).message).to.match(/nobody answers at .*:443/);
    await ground.balancer.update({ ...ground.balanced(true), probes: [tcpProbe], loadBalancingRules: [rule()] });
    await becomes("/content/index.html", /^200 welcome/);
    await ground.balancer.update(ground.balanced(true));
  });

  it("are as many as the capacity says; those that stay are the same", async () => {
    const servers = await deploy(SCALE_SET, ground.servers(0));
    expect(idsOf(servers)).to.deep.equal([]);
    await servers.update(ground.servers(1));
    const [first] = idsOf(servers);
    expect(first).to.match(/^app_[0-9a-f]{8}$/);
    await servers.update(ground.servers(2));
    expect(idsOf(servers)[0]).to.equal(first);
    await servers.update(ground.servers(1));
    expect(idsOf(servers)).to.deep.equal([first]);
    const [machine] = machines(servers);
    await servers.delete();
    expect(machines(servers)).to.deep.equal([]);
    expect(await fetchAt(String(machine?.target.host), 8443, "/").catch(() => "gone")).to.equal("gone");
  });

  it("keep what they booted with when the model changes, unless the policy renews them", async () => {
    const inputs = ground.servers(1);
    const servers = await deploy(SCALE_SET, inputs);
    const before = idsOf(servers);
    const changed = (mode: string, note: string) => ({
      ...inputs,
      upgradePolicy: { mode },
      virtualMachineProfile: { ...(inputs.virtualMachineProfile as object), userData: noted(inputs, note) },
    });
    await servers.update(changed("Manual", "one"));
    expect(idsOf(servers)).to.deep.equal(before);
    await servers.update(changed("Automatic", "two"));
    expect(idsOf(servers)).to.have.length(1).and.not.deep.equal(before);
  });

  it("are never fewer than autoscale allows, nor more", async () => {
    const servers = await deploy(SCALE_SET, ground.servers(1));
    const bounds = (minimum: string, maximum: string) => ({
      resourceGroupName: ground.group,
      autoscaleSettingName: "app",
      targetResourceUri: servers.id,
      enabled: true,
      profiles: [{ name: "always", capacity: { minimum, maximum, default: minimum }, rules: [] }],
    });
    const setting = await deploy(AUTOSCALE, bounds("2", "3"));
    expect(idsOf(servers)).to.have.length(2);
    await servers.update(ground.servers(0));
    expect(idsOf(servers)).to.have.length(2);
    await setting.update({ ...bounds("2", "3"), enabled: false });
    await servers.update(ground.servers(1));
    expect(idsOf(servers)).to.have.length(1);
  });

  it("stay where autoscale is taken away after their capacity: it had brought them back", async () => {
    const servers = await deploy(SCALE_SET, ground.servers(1));
    const setting = await azure.deploy(AUTOSCALE, {
      resourceGroupName: ground.group,
      autoscaleSettingName: "app",
      targetResourceUri: servers.id,
      enabled: true,
      profiles: [{ name: "always", capacity: { minimum: "1", maximum: "1", default: "1" }, rules: [] }],
    });
    await servers.update(ground.servers(0));
    await setting.delete();
    expect(idsOf(servers)).to.have.length(1);
    await servers.update(ground.servers(0));
    expect(idsOf(servers)).to.deep.equal([]);
  });

  it("are not there when one does not come up, and the reason is told", async () => {
    const inputs = ground.servers(1);
    const profile = {
      ...(inputs.virtualMachineProfile as object),
      userData: Buffer.from("#!/bin/sh").toString("base64"),
    };
    const call = azure.deploy(SCALE_SET, { ...inputs, virtualMachineProfile: profile });
    expect((await rejection(call)).message).to.match(/the user data is no cloud-config/);
    expect(azure.local.remains().filter((id) => id.includes("/virtualMachineScaleSets/"))).to.deep.equal([]);
  });

  const tcpProbe = { name: "health", protocol: "Tcp", port: 8443, intervalInSeconds: 5 };
  const rule = () => (ground.balanced(true).loadBalancingRules as object[])[0];

  async function fetchAt(address: string, port: number, path: string): Promise<string> {
    azure.names.set("a-server", 443, { host: address, port });
    const asServer = fetchThrough(azure.names, azure.certificate.certificate);
    const response = await asServer(`https://${APP_NAME}${path}`, { at: "a-server" }).finally(() =>
      azure.names.delete("a-server", 443),
    );
    return `${response.status} ${await response.text()}`;
  }
});

/** The user data of a scale set with a comment at its end. */
function noted(inputs: object, note: string): string {
  const { userData } = (inputs as { virtualMachineProfile: { userData: string } }).virtualMachineProfile;
  return Buffer.from(`${Buffer.from(userData, "base64")}# ${note}\n`).toString("base64");
}
