import { readFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { cloudConfig, SITE_DOCUMENT_PATH, type SiteDocument } from "../../../components/site-document.ts";
import { makeCertificate } from "../../../rehearsal/local/certificate.ts";
import { applyUserData } from "../../../rehearsal/local/cloud-init.ts";
import { Fleet } from "../../../rehearsal/local/machines.ts";
import { fetchThrough, Names } from "../../../rehearsal/local/names.ts";
import { rejection } from "../../support/rejection.ts";
import { until } from "../../support/until.ts";

const SITE: SiteDocument = {
  workload: "shop",
  site: "primary",
  appName: "app.example.com",
  port: 8080,
  healthPath: "/healthz",
  content: { kind: "s3", bucket: "content", region: "eu-central-1" },
};

describe("local machines", () => {
  let folder: string;
  let fleet: Fleet;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "machines-"));
    fleet = new Fleet(folder);
  });
  afterEach(async () => {
    await fleet[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  // Nobody answers there, so no machine is well; but each answers.
  const environment = { AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
  const plan = (site: Partial<SiteDocument> = {}) => ({ userData: cloudConfig({ ...SITE, ...site }), environment });
  const ids = () => fleet.targets().map(({ id }) => id);
  const healthOf = async (index: number) => {
    const { host, port } = fleet.targets()[index] ?? { host: "", port: 0 };
    const answer = await fetch(`http://${host}:${port}/healthz`);
    return { code: answer.status, ...((await answer.json()) as { workload: string }) };
  };

  it("run the app, each at an address of its own and the port that its user data says", async () => {
    await fleet.bringTo(["a", "b"], plan());
    const [a, b] = fleet.targets();
    expect([a?.port, b?.port]).to.deep.equal([8080, 8080]);
    expect(a?.host)
      .to.match(/^127\./)
      .and.not.equal(b?.host);
    expect(await healthOf(0)).to.include({ code: 503, workload: "shop" });
  });

  it("end TLS with a certificate for the app's name, where somebody vouches for it", async () => {
    const authority = await makeCertificate(folder);
    await fleet.bringTo(["a"], { ...plan({ appName: "shop.example.com" }), authority });
    const [{ host, port } = { host: "", port: 0 }] = fleet.targets();
    const names = new Names();
    names.set("a", 443, { host, port });
    const ask = fetchThrough(names, authority.certificate);
    expect((await ask("https://shop.example.com/healthz", { at: "a" })).status).to.equal(503);
    expect((await rejection(ask("https://a/healthz"))).message).to.match(/not match certificate/);
  });

  it("become as many as they shall be; those that stay are left alone", async () => {
    await fleet.bringTo(["a", "b"], plan());
    const [{ pid } = { pid: 0 }] = fleet.machines();
    await fleet.bringTo(["a", "c"], plan({ workload: "other" }));
    expect([ids(), fleet.machines()[0]?.pid]).to.deep.equal([["a", "c"], pid]);
    expect([(await healthOf(0)).workload, (await healthOf(1)).workload]).to.deep.equal(["shop", "other"]);
    await fleet.bringTo([], plan());
    expect(ids()).to.deep.equal([]);
  });

  it("are started again when they die, at the same address", async () => {
    await fleet.bringTo(["a"], plan());
    const [machine] = fleet.machines();
    const { target, pid } = machine ?? {};
    process.kill(Number(pid), "SIGKILL");
    await until(() => machine?.restarts === 1 && machine.pid !== pid, "it was started again");
    expect(machine?.target).to.equal(target);
    expect((await healthOf(0)).code).to.equal(503);
  });

  it("that don't come up leave the fleet as it was, and say why", async () => {
    await fleet.bringTo(["a"], plan());
    const error = await rejection(fleet.bringTo(["b"], plan({ healthPath: "" })));
    expect(error.message).to.match(/the site document .* lacks healthPath/);
    const broken = {
      userData: plan().userData,
      environment: { TLS_CERTIFICATE_FILE: "/nowhere", TLS_KEY_FILE: "/nowhere" },
    };
    expect((await rejection(fleet.bringTo(["b", "c"], broken))).message).to.match(/The app on the machine .* ENOENT/s);
    expect(ids()).to.deep.equal(["a"]);
  });

  describe("take their user data as cloud-init does", () => {
    it("writes the files that it asks for, and stays on the machine's own disk", async () => {
      await applyUserData(cloudConfig(SITE), folder);
      expect(JSON.parse(readFileSync(join(folder, SITE_DOCUMENT_PATH), "utf8"))).to.deep.equal(SITE);
      const files = [{ path: "/a/../../../b", content: "c", permissions: "0600" }];
      await applyUserData(`#cloud-config\n${JSON.stringify({ write_files: files })}`, folder);
      expect((await stat(join(folder, "b"))).mode & 0o777).to.equal(0o600);
    });

    it("refuses what is no cloud-config, and what it does not carry out", async () => {
      expect((await rejection(applyUserData("#!/bin/sh\n", folder))).message).to.match(/is no cloud-config: .*bin\/sh/);
      const more = "#cloud-config\nruncmd: [reboot]\n";
      expect((await rejection(applyUserData(more, folder))).message).to.match(/nothing else: runcmd/);
      await applyUserData("#cloud-config\n", folder);
    });
  });
});
