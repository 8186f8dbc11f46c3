import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { preflight } from "../../../operations/commands/preflight.ts";
import { dispatch } from "../../../operations/dispatch.ts";
import { dependenciesIn } from "../../../operations/preflight/machine.ts";
import type { Line } from "../../../operations/preflight/verdict.ts";
import { takeLease } from "../../../operations/runbook/operation-lease.ts";
import { PROJECT_FOLDER } from "../../../operations/stack-files.ts";
import { Endpoint } from "../../rehearsal/dns/endpoint.ts";
import { captured } from "../../support/captured.ts";
import { awsAt, inEnvironment } from "../../support/environment.ts";
import { useFakeEngine } from "../../support/fake-engine.ts";
import { useLocalAzure } from "../../support/local-azure.ts";
import { lay, manifestOf } from "../database/dumps-on.ts";
import { type OperatorsStandby, operatorsStandby } from "../operators-standby.ts";
import { drOutputs } from "../sites-outputs.ts";

const HOUR = 3_600_000;
const NAME = "database.shop.internal";
const STATE = {
  version: 3,
  deployment: {
    resources: [{ type: "pulumi:pulumi:Stack", urn: "urn:pulumi:dr::multicloud-dr::pulumi:pulumi:Stack::dr" }],
  },
};

describe("npm run dr -- preflight", () => {
  const azure = useLocalAzure();
  const engine = useFakeEngine();
  let folder: string;
  let markers: Endpoint;
  let standby: OperatorsStandby;
  const { signal } = new AbortController();

  inEnvironment(() => ({
    ...azure.local.operatorEnvironment(),
    // As on the day on which it matters: nothing of AWS answers.
    ...awsAt("http://127.0.0.1:1/"),
    PULUMI_DEBUG_PROVIDERS: "",
  }));

  before(async () => {
    const { certificate, key } = azure.certificate;
    markers = await new Endpoint({ certificate, key, names: ["127.0.0.1"], covers: () => true }).open();
    markers.status = 404;
  });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "preflight-"));
    standby = await operatorsStandby(azure);
    await standby.say();
    await lay(standby.dumps, manifestOf(new Date(Date.now() - 20 * HOUR).toISOString()));
    engineWith();
  });

  afterEach(() => rmSync(folder, { recursive: true }));
  after(() => markers[Symbol.asyncDispose]());

  /**
   * An engine that is as it should be, but for what a test changes.
   *
   * `others` are the outputs of prod and of traffic; null where it can't tell them.
   */
  function engineWith({
    url = "azblob://state?storage_account=shop",
    state = STATE as object,
    others = { databaseHostName: NAME, names: { database: NAME } } as object | null,
  } = {}): void {
    const { values } = drOutputs({
      values: {
        ...standby.values,
        markerEndpoint: `https://127.0.0.1:${markers.port}/`,
        resourceGroupId: azure.local.resources.id(""),
      },
    });
    const wanted = dependenciesIn(PROJECT_FOLDER);
    const plugins = ["azure-native", "random"].map((name) => {
      return { name, kind: "resource", version: wanted[`@pulumi/${name}`] };
    });
    const say = (value: object) => `echo '${JSON.stringify(value)}'`;
    engine.does(
      'case "$*" in',
      "  version*) echo v3.259.0 ;;",
      `  "stack output "*--stack\\ [pt]*) ${others ? say({ ...others, workload: "shop" }) : "exit 1"} ;;`,
      `  "stack output "*) ${say({ ...values, workload: "shop" })} ;;`,
      `  "stack export "*) ${say(state)} ;;`,
      `  "plugin ls "*) ${say(plugins)} ;;`,
      `  whoami*) ${say({ user: "me", url })} ;;`,
      "esac",
    );
  }

  async function run(...args: string[]) {
    const { value: code, stdout, stderr } = await captured(() => dispatch([preflight], ["preflight", ...args]));
    return { code, stdout: stripVTControlCharacters(stdout), stderr: stripVTControlCharacters(stderr) };
  }

  /** How each check went. */
  async function statuses(...args: string[]): Promise<Record<string, string>> {
    const { stdout } = await run("--json", ...args);
    return Object.fromEntries((JSON.parse(stdout).lines as Line[]).map(({ id, status }) => [id, status]));
  }

  it("finds that a declaration would go through, with nothing of AWS alive", async () => {
    const file = join(folder, "dr.json");
    const { code, stdout, stderr } = await run("--json", "--export", file);
    const { ready, lines }: { ready: boolean; lines: Line[] } = JSON.parse(stdout);
    expect({ code, ready, stderr }).to.deep.equal({ code: 0, ready: true, stderr: "" });
    expect(lines.filter(({ status }) => status !== "ok").map(({ id }) => id)).to.deep.equal(["secrets", "image"]);
    expect(JSON.parse(readFileSync(file, "utf8"))).to.deep.equal(STATE);
    expect(lines.find(({ id }) => id === "quota")?.found).to.match(
      /^(12 servers of Standard_D2[ad]?s_v5 take 24 more processors, free are 100 of 100 Standard D[AD]?Sv5 Family vCPUs(; |$)){3}/,
    );
  });

  it("prints a line for each check, and how to mend what is not as it should be", async () => {
    const { stdout } = await run();
    expect(stdout).to.match(/^ {2}ok {4}somebody is signed in to Azure here +Entra gives a token\n/);
    expect(stdout).to.match(
      /\n {2}warn {2}an export of dr's state is kept +none was named\n {8}mend: `npm run dr -- preflight --export/,
    );
    expect(existsSync(join(folder, "dr.json"))).to.equal(false);
  });

  it("fails where a declaration would not go through, and says of how many reasons", async () => {
    engineWith({ url: "s3://state", state: { version: 3, deployment: {} } });
    await using _lease = await takeLease(standby.control, { operation: "drill", by: "me", startedAt: "now" }, signal);
    const { code, stdout, stderr } = await run();
    expect(code).to.equal(1);
    expect(stderr).to.equal("Failed: a declaration would not go through from here: 3 of 18 failed\n");
    expect(stdout).to.include("in S3, s3://state: gone together with AWS");
    expect(stdout).to.include("nothing is deployed");
    expect(stdout).to.include("me is at `drill` since now");
  });

  it("says of all that waits for the engine only that, where there is none", async () => {
    rmSync(join(engine.folder, "pulumi"));
    const { code, stdout, stderr } = await run();
    expect({ code, stderr }).to.deep.equal({
      code: 1,
      stderr:
        "Failed: a declaration would not go through from here: 1 of 18 failed, and 14 can't be looked at before that is mended\n",
    });
    expect(stdout).to.match(
      /FAIL {2}the engine is installed +can't be looked at: expected the command pulumi on the PATH, found none\n +mend: install pulumi/,
    );
    expect(stdout).to.match(/\? {3}the controller is alive +not looked at: needs that the engine is installed\n/);
    expect(stdout.match(/ mend: /g), "the engine, and the export that nobody named").to.have.length(2);
  });

  it("says that the stack file is wrong once, and not that rights are missing", async () => {
    const files = join(folder, "files");
    mkdirSync(files);
    for (const name of ["Pulumi.yaml", "Pulumi.dr.yaml"]) cpSync(join(PROJECT_FOLDER, name), join(files, name));
    appendFileSync(join(files, "Pulumi.dr.yaml"), "  multicloud-dr:serversMax: many\n");
    expect(await statuses("--stack-files", files)).to.include({
      settings: "fail",
      image: "skip",
      quota: "skip",
      dump: "ok",
    });
  });

  it("warns where a declared database would move nobody, or that can't be told, and goes through all the same", async () => {
    engineWith({ others: {} });
    expect((await run()).stdout).to.match(
      /warn {2}the primary's servers would follow its database +no multicloud-dr:databaseHostName is set/,
    );
    engineWith({ others: null });
    expect((await run()).stdout).to.match(
      /warn {2}the primary's servers would follow its database +can't be told: the outputs of stack/,
    );
    expect((await run()).code).to.equal(0);
  });

  it("lets the newest dump be as old as it is told", async () => {
    expect(await statuses("--dump-age", "19.5")).to.include({ dump: "fail" });
    expect(await statuses()).to.include({ dump: "ok" });
  });

  it("says what Azure lets nobody see, and looks at the rest", async () => {
    await standby.control.delete();
    expect(await statuses()).to.include({ controller: "fail", dump: "ok", markers: "ok" });
  });
});

describe("npm run dr -- preflight --dump-age", () => {
  for (const hours of ["0", "-1", "a day", ""]) {
    it(`takes "${hours}" for no age of a dump, and looks at nothing`, async () => {
      const {
        value: code,
        stdout,
        stderr,
      } = await captured(() => dispatch([preflight], ["preflight", `--dump-age=${hours}`]));
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
      expect(stderr).to.include(`--dump-age: expected hours, found ${hours}\n`);
    });
  }
});
