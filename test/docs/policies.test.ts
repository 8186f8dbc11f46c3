import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { STRATEGIES } from "../../components/standby/standby-plan.ts";
import { PROJECT_FOLDER } from "../../operations/stack-files.ts";
import { catalogue, renderCatalogue } from "../../policy/catalogue.ts";
import { isWithinTier, promise, TIERS } from "../../policy/kit/tiers.ts";
import { POLICIES } from "../../policy/policies.ts";

const PAGE = readFileSync(join(PROJECT_FOLDER, "docs/policies.md"), "utf8");

describe("the page of policies", () => {
  it("lists them as they are: write what this expects between its marks", async () => {
    const [, listed = ""] = /<!-- policies:begin [^\n]*-->\n([\s\S]*?)\n<!-- policies:end -->/.exec(PAGE) ?? [];
    expect(listed.trim()).to.equal(renderCatalogue(await catalogue(POLICIES)));
  });

  it("says of each the severity that it reports", async () => {
    for (const { name, severity } of await catalogue(POLICIES)) {
      const own: { severity?: string } | undefined = POLICIES.find((policy) => policy.name === name);
      expect(own?.severity ?? severity, name).to.equal(severity);
    }
  });

  it("knows every policy that stands in a file of its own, each with a test beside it", async () => {
    const files = await Array.fromAsync(glob("*.ts", { cwd: join(PROJECT_FOLDER, "policy") }));
    const listed = new Set((await catalogue(POLICIES)).map(({ file }) => file));
    const others = files.filter((file) => !listed.has(file)).sort();
    expect(others).to.deep.equal(["catalogue.ts", "pack.ts", "policies.ts", "reasons.ts"]);
    const tests = await Array.fromAsync(glob("*.test.ts", { cwd: join(PROJECT_FOLDER, "test/policy") }));
    for (const file of listed) expect(tests).to.include(file.replace(".ts", ".test.ts"));
  });

  it("tells of each tier which strategies keep to it", () => {
    const keeping = (tier: number, live: boolean) =>
      STRATEGIES.filter((strategy) =>
        isWithinTier(promise(strategy, live), TIERS[tier] ?? { lossHours: 0, goneHours: 0 }),
      );
    expect(keeping(1, true)).to.deep.equal(["warm-standby", "active-active"]);
    for (const [tier, strategies] of [
      [1, []],
      [2, STRATEGIES],
      [3, STRATEGIES],
    ] as const) {
      expect(keeping(tier, false), `tier ${tier}`).to.deep.equal(strategies);
    }
  });

  it("has a configuration that sets what can be set", () => {
    const [, example = ""] = /```json\n([\s\S]*?)```/.exec(PAGE) ?? [];
    for (const [name, set] of Object.entries(parse(example) as Record<string, string | object>)) {
      const policy = POLICIES.find((each) => each.name === name);
      if (!policy) throw new Error(`expected a policy ${name}, found none`);
      if (typeof set === "string") continue;
      const known = Object.keys("configSchema" in policy ? (policy.configSchema?.properties ?? {}) : {});
      expect(["enforcementLevel", ...known]).to.include.members(Object.keys(set));
    }
  });
});
