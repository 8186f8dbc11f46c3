import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { planBackups } from "../../../components/primary/backup-plan.ts";
import { BackupVault, type BackupVaultArgs } from "../../../components/primary/backup-vault.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { arn } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const RESOURCES = [arn("rds", "db:shop-database"), "arn:aws:s3:::shop-content-1a2b3c4"];

const ARGS: BackupVaultArgs = {
  minRetentionDays: 35,
  resourceArns: RESOURCES.map((each) => pulumi.output(each)),
  tags: TAGS,
};

function deployVault(args: Partial<BackupVaultArgs> = {}) {
  return deploy(() => new BackupVault("shop-backups", { ...ARGS, ...args }));
}

describe("BackupVault", () => {
  let resources: Registrations;
  let vaultName: string;
  const inputsOf = (suffix: string) => resources.named(`shop-backups-${suffix}`).inputs;

  before(async () => {
    const { resources: made, result } = await deployVault();
    resources = made;
    vaultName = await settled(result.vaultName);
  });

  it("keeps the rules of the house", () => {
    expectHouseRules(resources, "shop-backups", "multicloud-dr:primary:BackupVault");
  });

  it("has a lock that an administrator may loosen, by default", () => {
    expect(inputsOf("lock")).to.deep.equal({ backupVaultName: vaultName, minRetentionDays: 35 });
  });

  it("has a lock that nobody may loosen after the days of grace, when it is told so", async () => {
    const { resources: strict } = await deployVault({ lockGraceDays: 3, maxRetentionDays: 400 });
    expect(strict.named("shop-backups-lock").inputs).to.deep.include({
      minRetentionDays: 35,
      maxRetentionDays: 400,
      changeableForDays: 3,
    });
  });

  it("is encrypted with the key that AWS keeps for it", () => {
    expect(inputsOf("vault")).to.not.have.property("kmsKeyArn");
  });

  it("takes the planned backups of exactly what it is given", async () => {
    for (const minRetentionDays of [14, 35]) {
      const { resources: kept } = await deployVault({ minRetentionDays });
      const targetVaultName = vaultName;
      expect(kept.named("shop-backups-plan").inputs.rules).to.deep.equal(
        planBackups(minRetentionDays).map((rule) => ({ ...rule, targetVaultName })),
      );
    }
    expect(inputsOf("selection").resources).to.deep.equal(RESOURCES);
    expect(inputsOf("selection").planId).to.match(/^shop-backups-plan-/);
  });

  it("works as a role that AWS Backup alone may take on, with the rights to back up and none to restore", () => {
    const { Statement } = inputsOf("role").assumeRolePolicy as { Statement: { Principal: unknown }[] };
    expect(Statement.map(({ Principal }) => Principal)).to.deep.equal([{ Service: "backup.amazonaws.com" }]);
    expect(inputsOf("selection").iamRoleArn).to.match(/^arn:aws:iam::111122223333:role\/shop-backups-role-/);
    const rights = resources.ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment");
    expect(rights.map(({ inputs }) => inputs.policyArn)).to.have.members([
      "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
      "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup",
    ]);
  });

  it("takes no backup before the lock and the rights stand", () => {
    expect(resources.named("shop-backups-selection").dependencies).to.include.members([
      "shop-backups-lock",
      "shop-backups-backup-rights",
      "shop-backups-s3-backup-rights",
    ]);
  });

  it("protects the vault by default, and leaves its lock on it", () => {
    const named = (kept: "protect" | "retainOnDelete") =>
      resources.customs.filter((each) => each[kept]).map(({ name }) => name);
    expect(named("protect")).to.deep.equal(["shop-backups-vault"]);
    expect(named("retainOnDelete")).to.deep.equal(["shop-backups-vault", "shop-backups-lock"]);
    expect(inputsOf("vault").forceDestroy).to.equal(false);
  });

  it("protects nothing, and takes its backups along, once protectData is false", async () => {
    const { resources: unprotected } = await deployVault({ protectData: false });
    expectProtected(unprotected, []);
    expect(unprotected.named("shop-backups-vault").inputs.forceDestroy).to.equal(true);
  });
});
