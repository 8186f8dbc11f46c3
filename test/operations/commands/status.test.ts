import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { status } from "../../../operations/commands/status.ts";
import { dispatch } from "../../../operations/dispatch.ts";
import { captured } from "../../support/captured.ts";
import { inEnvironment } from "../../support/environment.ts";
import { useFakeEngine } from "../../support/fake-engine.ts";
import { useLocalAzure } from "../../support/local-azure.ts";
import { lay, manifestOf } from "../database/dumps-on.ts";
import { operatorsStandby } from "../operators-standby.ts";
import { drOutputs } from "../sites-outputs.ts";

const DUMP = manifestOf("2025-11-21T02:15:00Z");

// On a day on which nothing of AWS answers, nor any site or server of names.
describe("npm run dr -- status", () => {
  const azure = useLocalAzure();
  const engine = useFakeEngine();

  inEnvironment(() => ({ ...azure.local.operatorEnvironment(), DNS_SERVERS: "127.0.0.1:1" }));

  before(async () => {
    const standby = await operatorsStandby(azure);
    await standby.say({ data: { loaded: DUMP.dump } });
    await lay(standby.dumps, DUMP);
    const nowhere = { markerEndpoint: "https://127.0.0.1:1/", appHost: "127.0.0.1", appName: "app.invalid:1" };
    const { values } = drOutputs({ values: { ...nowhere, ...standby.values } });
    engine.does(
      'case "$*" in',
      "  version*) echo v3.259.0 ;;",
      `  "stack output "*"--stack dr"*) echo '${JSON.stringify({ ...values, workload: "shop" })}' ;;`,
      '  *) echo "error: no such stack" >&2; exit 255 ;;',
      "esac",
    );
  });

  async function run(...args: string[]) {
    const { value: code, stdout, stderr } = await captured(() => dispatch([status], ["status", ...args]));
    return { code, stdout: stripVTControlCharacters(stdout), stderr: stripVTControlCharacters(stderr) };
  }

  it("tells all that Azure knows, what can't be told, and what is amiss", async () => {
    const { code, stdout, stderr } = await run();
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(stdout).to.match(
      /^shop at .*\n\nSites\n {2}primary {7}can't be told: the outputs of stack prod can't be read/,
    );
    expect(stdout).to.include("  newest dump   20251121T021500Z, ");
    expect(stdout).to.match(/\nProblems\n[\s\S]*markers[\s\S]*can't be looked at/);
  });

  it("fails with --strict as long as something is amiss", async () => {
    const { code, stderr } = await run("--strict");
    expect(code).to.equal(1);
    expect(stderr).to.match(/^Failed: \d+ things are amiss\n$/);
  });

  it("tells all of it as one object for machines", async () => {
    const { code, stdout } = await run("--json");
    expect(code).to.equal(0);
    const { workload, controller, dump, underWay, problems, previews } = JSON.parse(stdout);
    expect({ workload, underWay, previews }).to.deep.equal({ workload: "shop", underWay: null, previews: undefined });
    expect(controller).to.include({ status: "settled", detail: "all is well" });
    expect(dump).to.include({ dump: "20251121T021500Z" });
    expect(problems.map(({ subject }: { subject: string }) => subject)).to.include("sites");
  });

  it("tells with --preview what the engine would do, or why it can't", async () => {
    const unknown = { unknown: "error: no such stack" };
    expect(JSON.parse((await run("--preview", "--json")).stdout).previews).to.deep.equal({
      dr: unknown,
      traffic: unknown,
    });
  });

  it("fails where there is no such workload, and says which there are", async () => {
    const { code, stderr } = await run("--workload", "shoe");
    expect(code).to.equal(1);
    expect(stderr).to.include("expected one of stack dr, shop, found shoe");
  });
});
