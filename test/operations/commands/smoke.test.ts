import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import type { Disaster } from "../../../components/standby/disaster.ts";
import { smoke } from "../../../operations/commands/smoke.ts";
import { dispatch } from "../../../operations/dispatch.ts";
import { captured } from "../../support/captured.ts";
import { useFakeEngine } from "../../support/fake-engine.ts";
import { drOutputs, prodOutputs } from "../sites-outputs.ts";

// Nobody answers at any of the sites' places: all that is looked at is who was asked.
const NOWHERE = {
  ...{ markerEndpoint: "https://127.0.0.1:1/", appHost: "127.0.0.1", contentHost: "127.0.0.1", region: "eu-west-1" },
  ...{ appName: "app.invalid:1", contentName: "content.invalid:1" },
};

describe("npm run dr -- smoke", () => {
  const engine = useFakeEngine();

  /** Has the engine know both stacks. */
  function deployed(disaster: Disaster): void {
    const prod = JSON.stringify({ ...prodOutputs(NOWHERE).values, workload: "shop" });
    const dr = JSON.stringify({ ...drOutputs({ disaster, values: NOWHERE }).values, workload: "shop" });
    engine.does(
      'case "$*" in',
      "  version*) echo v3.259.0 ;;",
      `  "stack output "*"--stack prod"*) echo '${prod}' ;;`,
      `  "stack output "*"--stack dr"*) echo '${dr}' ;;`,
      "esac",
    );
  }

  async function run(...args: string[]) {
    const { value: code, stdout, stderr } = await captured(() => dispatch([smoke], ["smoke", ...args]));
    return { code, stdout: stripVTControlCharacters(stdout), stderr: stripVTControlCharacters(stderr) };
  }

  it("fails where an answer is not good, and says how many", async () => {
    deployed("none");
    const { code, stdout, stderr } = await run("--site", "standby");
    expect(code).to.equal(1);
    expect(stdout).to.match(/^The standby of shop\n {2}FAIL {2}app /);
    expect(stderr).to.equal("Failed: 5 of 5 answers are not good: no user should be sent there yet\n");
  });

  it("asks the site that should serve, where none is named", async () => {
    const sites: unknown[] = [];
    for (const disaster of ["none", "content", "site"] as const) {
      deployed(disaster);
      sites.push(JSON.parse((await run("--json")).stdout).site);
    }
    expect(sites).to.deep.equal(["primary", "primary", "standby"]);
  });

  it("asks the site that is named, whatever should serve, and reads nothing of the other", async () => {
    engine.does(
      'case "$*" in',
      "  version*) echo v3.259.0 ;;",
      `  *"--stack prod"*) echo '${JSON.stringify({ ...prodOutputs(NOWHERE).values, workload: "shop" })}' ;;`,
      '  *) echo "error: no such stack" >&2; exit 1 ;;',
      "esac",
    );
    const { workload, site, asked } = JSON.parse((await run("--site", "primary", "--json")).stdout);
    expect({ workload, site }).to.deep.equal({ workload: "shop", site: "primary" });
    expect(asked.map(({ id, ok }: { id: string; ok: boolean }) => [id, ok])).to.deep.equal([
      ["app", false],
      ["content", false],
    ]);
    const { code, stderr } = await run();
    expect(code).to.equal(1);
    expect(stderr).to.include("the outputs of stack dr can't be read");
  });
});
