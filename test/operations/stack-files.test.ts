import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { PROJECT_FOLDER, readStackSettings } from "../../operations/stack-files.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { CONFIG } from "../support/config.ts";

describe("readStackSettings", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stack-files-"));
    for (const name of ["Pulumi.yaml", "Pulumi.prod.yaml", "Pulumi.dr.yaml"]) {
      cpSync(join(PROJECT_FOLDER, name), join(folder, name));
    }
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  /** Adds lines to the configuration of a stack file. */
  function add(name: string, ...lines: string[]) {
    const path = join(folder, name);
    writeFileSync(path, `${readFileSync(path, "utf8")}${lines.map((line) => `  ${line}\n`).join("")}`);
  }

  for (const role of ["prod", "dr"] as const) {
    it(`reads the ${role} stack as the engine would hand it over`, () => {
      expect(readStackSettings(folder, role)).to.deep.equal(parseSettings(CONFIG[role], role).workloads);
    });
  }

  it("has the stack file have its way over the defaults", () => {
    add("Pulumi.prod.yaml", "multicloud-dr:natGateways: one", "multicloud-dr:serversMin: 5");
    expect(readStackSettings(folder, "prod")[0]).to.include({ natGateways: "one", serversMin: 5 });
  });

  it("reads several workloads", () => {
    const ownValues = "strategy: warm-standby, appName: billing.shop.example.com, contentName: files.shop.example.com";
    const path = join(folder, "Pulumi.dr.yaml");
    const text = readFileSync(path, "utf8").replace("  multicloud-dr:workload: shop\n", "");
    writeFileSync(path, text);
    add("Pulumi.dr.yaml", "multicloud-dr:workloads:", "  shop: {}", `  billing: { ${ownValues} }`);
    expect(readStackSettings(folder, "dr").map(({ workload, strategy }) => [workload, strategy])).to.deep.equal([
      ["shop", "pilot-light"],
      ["billing", "warm-standby"],
    ]);
  });

  it("leaves a secret closed, which no estimate needs", () => {
    add("Pulumi.dr.yaml", "multicloud-dr:databasePassword:", "  secure: AAABAExample");
    expect(readStackSettings(folder, "dr")[0]?.databasePassword).to.equal("");
  });

  it("reports everything that is wrong with the configuration, each with its mend", () => {
    add("Pulumi.dr.yaml", "multicloud-dr:strategie: warm-standby", "multicloud-dr:copyTier: Coool");
    expect(() => readStackSettings(folder, "dr"))
      .to.throw("2 problems in the configuration of stack dr")
      .with.property("message")
      .that.includes("pulumi config set --stack dr multicloud-dr:copyTier Cool")
      .and.includes("pulumi config rm --stack dr multicloud-dr:strategie");
  });

  it("says which file is not there, or no YAML, or no stack file", () => {
    expect(() => readStackSettings("/nowhere", "dr")).to.throw("expected the stack file /nowhere/Pulumi.yaml");
    writeFileSync(join(folder, "Pulumi.dr.yaml"), "config: {");
    expect(() => readStackSettings(folder, "dr")).to.throw(`expected YAML in ${folder}/Pulumi.dr.yaml`);
    writeFileSync(join(folder, "Pulumi.dr.yaml"), "just a text");
    expect(() => readStackSettings(folder, "dr")).to.throw("expected keys and values in");
  });
});
