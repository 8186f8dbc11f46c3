import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  dependenciesIn,
  installedVersion,
  judgePackages,
  judgePlugins,
} from "../../../operations/preflight/machine.ts";

const WANTED = { "@pulumi/azure-native": "3.28.0", "@pulumi/random": "4.21.2" };

describe("the packages of the project", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "packages-"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies: WANTED }));
    mkdirSync(join(folder, "node_modules/@pulumi/random"), { recursive: true });
    writeFileSync(join(folder, "node_modules/@pulumi/random/package.json"), '{"version":"4.21.2"}');
  });
  after(() => rmSync(folder, { recursive: true }));

  it("are those that package.json names, at the versions that are installed", () => {
    expect(dependenciesIn(folder)).to.deep.equal(WANTED);
    expect(installedVersion(folder, "@pulumi/random")).to.equal("4.21.2");
    expect(installedVersion(folder, "@pulumi/azure-native")).to.equal(undefined);
  });

  it("are well when all are here at these versions", () => {
    const installed = (name: string) => WANTED[name as keyof typeof WANTED];
    expect(judgePackages(WANTED, installed)).to.deep.equal({ status: "ok", found: "all 2 are installed" });
  });

  it("are wrong when one is missing, or of another version", () => {
    const installed = (name: string) => (name === "@pulumi/random" ? "4.21.1" : undefined);
    expect(judgePackages(WANTED, installed)).to.deep.equal({
      status: "fail",
      found: "2 of 2 are not: @pulumi/azure-native 3.28.0, found none; @pulumi/random 4.21.2, found 4.21.1",
      mend: "`npm ci`, while the registry can be reached",
    });
  });

  it("are named three at most", () => {
    const many = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, "1.0.0"]));
    const { found } = judgePackages(many, () => undefined);
    expect(found).to.equal("4 of 4 are not: a 1.0.0, found none; b 1.0.0, found none; c 1.0.0, found none");
  });
});

describe("the engine's providers", () => {
  const plugin = (name: string, version: string, kind: "resource" | "language" = "resource") => ({
    name,
    version,
    kind,
  });
  const both = [plugin("azure-native", "3.28.0"), plugin("random", "4.21.2")];

  it("are well when both are cached at the versions of their packages", () => {
    expect(judgePlugins(WANTED, [plugin("aws", "7.48.0"), ...both])).to.deep.equal({
      status: "ok",
      found: "azure-native and random are here",
    });
  });

  it("are wrong when one is missing, of another version, or no provider", () => {
    for (const cached of [[], [plugin("azure-native", "3.27.0")], [plugin("azure-native", "3.28.0", "language")]]) {
      expect(judgePlugins(WANTED, [...cached, plugin("random", "4.21.2")])).to.deep.equal({
        status: "fail",
        found: "not cached: azure-native",
        mend: "`pulumi plugin install resource azure-native 3.28.0`",
      });
    }
    expect(judgePlugins(WANTED, []).mend).to.equal(
      "`pulumi plugin install resource azure-native 3.28.0`, `pulumi plugin install resource random 4.21.2`",
    );
  });

  it("need not be cached where the engine is told to attach to them", () => {
    expect(judgePlugins(WANTED, [], "azure-native:4000,random:4001").status).to.equal("ok");
    expect(judgePlugins(WANTED, [], "azure-native-x:4000,random:4001").found).to.equal("not cached: azure-native");
  });
});
