import { expect } from "chai";
import { copiesKept } from "../../policy/copies-kept.ts";
import { judged, LATER, type Written } from "../support/judged.ts";
import { writtenStack } from "../support/written-stacks.ts";

const wrong = (resources: Written[], config: object = {}) => judged(copiesKept, resources, config).wrong;

/** The stacks that hold copies, with one resource changed. */
async function changed(role: "prod" | "dr" | "link", name: string, props: object | undefined): Promise<string[]> {
  const written = await writtenStack(role);
  if (!written.some((each) => each.name === name))
    throw new Error(`expected a resource ${name} in ${role}, found none`);
  const resources = written.flatMap((each) => {
    if (each.name !== name) return [each];
    return props === undefined ? [] : [{ ...each, props: { ...each.props, ...props } }];
  });
  return wrong(resources);
}

describe("policy copies-kept", () => {
  it("takes the copies as they come", async () => {
    for (const role of ["prod", "dr", "link"] as const) expect(wrong(await writtenStack(role)), role).to.be.empty;
  });

  const immutability = (days: number) => ({
    immutableStorageWithVersioning: {
      enabled: true,
      immutabilityPolicy: { immutabilityPeriodSinceCreationInDays: days, state: "Unlocked" },
    },
  });
  const everything = { id: "all", status: "Enabled", filter: {}, expiration: { days: 30 } };
  const mistakes: [
    what: string,
    role: "prod" | "dr" | "link",
    name: string,
    props: object | undefined,
    says: string,
  ][] = [
    ["content without versions", "prod", "shop-content-versioning", undefined, "shop-content-bucket has no BucketVer"],
    [
      "versions that are suspended",
      "prod",
      "shop-content-versioning",
      { versioningConfiguration: { status: "Suspended" } },
      'versioningConfiguration.status: "Enabled"',
    ],
    ["content without a lock", "prod", "shop-content-lock", undefined, "has no BucketObjectLockConfiguration"],
    [
      "a lock of a day",
      "prod",
      "shop-content-lock",
      { rule: { defaultRetention: { mode: "GOVERNANCE", days: 1 } } },
      "rule.defaultRetention.days: 7 or more",
    ],
    ["a lifecycle that empties the bucket", "prod", "shop-content-lifecycle", { rules: [everything] }, "rule all"],
    ["a bucket that goes with all in it", "prod", "shop-content-bucket", { forceDestroy: true }, "forceDestroy: false"],
    ["dumps without a lock", "link", "shop-dumps-lock", undefined, "shop-dumps-bucket has no BucketObjectLock"],
    ["a trail without a lock", "prod", "shop-trail-lock", undefined, "shop-trail-bucket has no BucketObjectLock"],
    ["a backup vault without a lock", "prod", "shop-backups-lock", undefined, "shop-backups-vault has no VaultLock"],
    ["a backup vault's lock of a day", "prod", "shop-backups-lock", { minRetentionDays: 1 }, "minRetentionDays: 7"],
    ["a database without backups", "prod", "shop-database-server", { backupRetentionPeriod: 0 }, "7 or more"],
    ["a database that leaves no snapshot", "prod", "shop-database-server", { skipFinalSnapshot: true }, "false"],
    ["copies that are not immutable", "dr", "shop-content-account", immutability(0), "InDays: 7 or more"],
    ["images without versions", "dr", "shop-images-service", { isVersioningEnabled: false }, "isVersioningEnabled"],
    ["dumps that are gone at once", "dr", "shop-dumps-service", { deleteRetentionPolicy: {} }, "deleteRetention"],
    ["copies whose service says nothing", "dr", "shop-content-service", undefined, "has no BlobServiceProperties"],
    [
      "a vault that can be purged",
      "dr",
      "shop-vault-vault",
      { properties: { enablePurgeProtection: false } },
      "enablePurgeProtection: true",
    ],
  ];
  for (const [what, role, name, props, says] of mistakes) {
    it(`stops ${what}`, async () => {
      expect((await changed(role, name, props)).join("\n")).to.include(says);
    });
  }

  it("asks for locks that nobody can lift, and for more days, where that is set", async () => {
    const firm = wrong(await writtenStack("prod"), { firm: true }).join("\n");
    expect(firm).to.include('rule.defaultRetention.mode: "COMPLIANCE"').and.to.include("changeableForDays: 3");
    expect(wrong(await writtenStack("dr"), { firm: true }).join()).to.include('immutabilityPolicy.state: "Locked"');
    expect(wrong(await writtenStack("prod"), { days: 31 }).join()).to.include("days: 31 or more");
  });

  it("leaves buckets that hold no copy alone", () => {
    expect(wrong([{ type: "aws:s3/bucket:Bucket", props: { bucket: "logs" }, within: ["primary:WebTier"] }])).to.be
      .empty;
  });

  it("says what it does not know yet", () => {
    const database: Written = {
      type: "aws:rds/instance:Instance",
      name: "shop-database",
      props: { backupRetentionPeriod: LATER, skipFinalSnapshot: false, deleteAutomatedBackups: false },
    };
    expect(judged(copiesKept, [database]).wrong).to.be.empty;
    expect(judged(copiesKept, [database]).advice.join()).to.include("shop-database: backupRetentionPeriod");
  });
});
