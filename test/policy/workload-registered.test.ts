import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect } from "chai";
import { PROJECT_FOLDER } from "../../operations/stack-files.ts";
import { workloadRegistered } from "../../policy/workload-registered.ts";
import { judged, LATER, type Written } from "../support/judged.ts";
import { writtenStack } from "../support/written-stacks.ts";

describe("policy workload-registered", () => {
  const folder = mkdtempSync(join(tmpdir(), "workloads-"));
  after(() => rm(folder, { recursive: true }));

  /** A list of workloads, as a policy is told where it is. */
  function list(text: string): string {
    const file = join(folder, "workloads.yaml");
    writeFileSync(file, text);
    return relative(PROJECT_FOLDER, file);
  }
  const ofTier = (tier: number) => list(`version: 1\nworkloads:\n  shop: { tier: ${tier}, standby: azure }\n`);

  const group = (Strategy: unknown): Written => ({
    type: "azure-native:resources:ResourceGroup",
    name: "shop-standby",
    props: { tags: { Workload: "shop", Strategy } },
  });
  const said = (strategy: unknown, tier: number, config: object = {}) =>
    judged(workloadRegistered, [group(strategy)], { registry: ofTier(tier), ...config });

  it("takes the stacks as they come", async () => {
    for (const role of ["prod", "dr", "link", "traffic"] as const) {
      expect(judged(workloadRegistered, await writtenStack(role)), role).to.deep.equal({ wrong: [], advice: [] });
    }
  });

  it("stops a workload that is in no list, once", () => {
    const of = (Workload: string): Written => ({ type: "aws:s3/bucket:Bucket", props: { tags: { Workload } } });
    const { wrong } = judged(workloadRegistered, [of("shop"), of("billing"), of("billing")]);
    expect(wrong).to.have.length(1);
    expect(wrong[0]).to.include("workload billing, which is in no list; write billing: { tier: 2");
  });

  it("stops a strategy that loses more than the tier may", () => {
    expect(said("pilot-light", 1).wrong.join()).to.include(
      "tier 1 may lose 1 h and be gone 2 h; write strategy: warm-standby or active-active, and databaseReplication: live",
    );
    for (const strategy of ["backup-restore", "pilot-light", "warm-standby", "active-active"]) {
      expect(said(strategy, 2).wrong, strategy).to.be.empty;
      expect(said(strategy, 3).wrong, strategy).to.be.empty;
    }
  });

  it("stops a warm standby of the first tier whose database follows by the night", () => {
    expect(said("warm-standby", 1).wrong.join()).to.include("follows nightly");
  });

  it("says what it does not know: how the database follows, or the strategy", () => {
    const warm = said("warm-standby", 1, { folder: "docs" });
    expect(warm.wrong).to.be.empty;
    expect(warm.advice.join()).to.include("how the database follows, for Pulumi.link.yaml does not say");
    expect(said("backup-restore", 1, { folder: "docs" }).wrong, "wrong whatever follows").to.have.length(1);
    expect(said(LATER, 1).advice.join()).to.include("shop-standby: tag Strategy");
  });

  it("stops everything where the list is wrong, and says where", () => {
    const registry = list("version: 1\nworkloads:\n  shop: { tier: 7, standby: azure }\n");
    const { wrong } = judged(workloadRegistered, [group("pilot-light")], { registry });
    expect(wrong.join()).to.include("is wrong at workloads.shop.tier: expected a tier: 1, 2, 3");
    expect(judged(workloadRegistered, [group("pilot-light")], { registry: "none.yaml" }).wrong.join()).to.include(
      "none.yaml cannot be read",
    );
  });
});
