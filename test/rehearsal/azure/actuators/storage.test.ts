import { expect } from "chai";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { ACCOUNT, ORDINARY_ACCOUNT, useLocalAzure } from "../../../support/local-azure.ts";

describe("the local Azure's storage account", () => {
  const azure = useLocalAzure();
  let resourceGroupName: string;
  before(async () => {
    resourceGroupName = await azure.group();
  });

  const account = (more: Properties = {}): Properties => ({
    resourceGroupName,
    accountName: "shopcopies",
    ...ORDINARY_ACCOUNT,
    ...more,
  });

  it("is made with its endpoints, changed and removed", async () => {
    const inputs = account({ accessTier: "Cool" });
    const made = await azure.deploy(ACCOUNT, inputs);
    expect(made.id).to.match(/\/providers\/Microsoft\.Storage\/storageAccounts\/shopcopies$/);
    expect(made.properties).to.deep.include({ primaryLocation: "westeurope", provisioningState: "Succeeded" });
    expect(made.properties).to.have.nested.property(
      "primaryEndpoints.blob",
      azure.local.blobs.endpointOf("shopcopies"),
    );
    expect(made.properties)
      .to.have.nested.property("primaryEndpoints.web")
      .that.matches(/^https:\/\/127\.0\.0\.1:\d+\/$/);
    expect(await made.refresh()).to.deep.equal(inputs);
    const { creationTime } = made.properties;
    const next = { ...inputs, accessTier: "Hot" };
    expect((await made.update(next)).creationTime).to.equal(creationTime);
    expect(await made.refresh()).to.deep.equal(next);
    await made.delete();
    await made.delete();
    expect(await made.refresh()).to.equal(undefined);
  });

  it("is made anew for what cannot change", async () => {
    const inputs = account({ accountName: "fixed" });
    const made = await azure.deploy(ACCOUNT, inputs);
    for (const change of [{ accountName: "other" }, { isHnsEnabled: true }, { location: "northeurope" }]) {
      expect(made.replacedBy({ ...inputs, ...change })).to.deep.equal(Object.keys(change));
    }
    expect(made.replacedBy({ ...inputs, accessTier: "Hot", tags: {} })).to.deep.equal([]);
  });

  it("has a name that nobody else in the world has", async () => {
    const inputs = account({ accountName: "onlyone" });
    await azure.deploy(ACCOUNT, inputs);
    const elsewhere = { ...inputs, resourceGroupName: await azure.group() };
    expect(await azure.refusals(ACCOUNT, elsewhere)).to.match(/^accountName: .*StorageAccountAlreadyTaken/);
    expect(await azure.refusals(ACCOUNT, inputs, inputs)).to.equal("");
  });

  const sku = (name: string) => ({ sku: { name } });
  const immutable = (immutabilityPolicy: object, enabled = true) => ({
    immutableStorageWithVersioning: { enabled, immutabilityPolicy },
  });
  const rules = (...addresses: string[]) => ({
    networkRuleSet: { ipRules: addresses.map((iPAddressOrRange) => ({ iPAddressOrRange })) },
  });

  const taken: [what: string, more: Properties][] = [
    ["premium block blobs", { kind: "BlockBlobStorage", ...sku("Premium_ZRS"), accessTier: "Premium" }],
    ["premium page blobs", { ...sku("Premium_LRS") }],
    ["files of the second version", { kind: "FileStorage", ...sku("StandardV2_ZRS") }],
    ["old blob storage", { kind: "BlobStorage", ...sku("Standard_GRS"), accessTier: "Hot" }],
    ["the cold tier", { accessTier: "Cold" }],
    [
      "SFTP and NFS on a hierarchical namespace",
      {
        isHnsEnabled: true,
        isSftpEnabled: true,
        enableNfsV3: true,
        enableHttpsTrafficOnly: false,
      },
    ],
    ["a default policy for every version", immutable({ immutabilityPeriodSinceCreationInDays: 30, state: "Unlocked" })],
    ["public addresses and ranges", rules("20.1.2.3", "20.1.2.0/30")],
  ];
  for (const [what, more] of taken) {
    it(`takes ${what}`, async () => {
      expect(await azure.refusals(ACCOUNT, account(more))).to.equal("");
    });
  }

  const policy = "immutableStorageWithVersioning\\.immutabilityPolicy";
  const refused: [what: string, more: Properties, reason: RegExp][] = [
    ["a name with capital letters", { accountName: "shopCopies" }, /^accountName: .*3 to 24/],
    ["a name with a hyphen", { accountName: "shop-copies" }, /^accountName: /],
    ["a name of 25 characters", { accountName: "a".repeat(25) }, /^accountName: /],
    ["a group that is not there", { resourceGroupName: "nowhere" }, /^resourceGroupName: .*ResourceGroupNotFound/],
    ["a SKU that is none", sku("Premium_GRS"), /^sku\.name: "Premium_GRS" is no SKU/],
    ["a kind that is none", { kind: "StorageV3" }, /^kind: "StorageV3" is no kind/],
    ["a SKU of files for blobs", sku("StandardV2_LRS"), /^sku\.name: .*for FileStorage only/],
    ["block blobs on a standard SKU", { kind: "BlockBlobStorage" }, /^kind: BlockBlobStorage needs a premium SKU/],
    ["files on a standard SKU", { kind: "FileStorage" }, /^kind: FileStorage needs a premium SKU/],
    ["old blob storage in several zones", { kind: "BlobStorage", accessTier: "Hot" }, /^kind: .*not zone-redundant/],
    ["old blob storage without a tier", { kind: "BlobStorage", ...sku("Standard_LRS") }, /^accessTier: no tier/],
    ["the archive tier as a default", { accessTier: "Archive" }, /^accessTier: .*no default tier/],
    [
      "a standard tier on a premium SKU",
      { ...sku("Premium_LRS"), accessTier: "Hot" },
      /^accessTier: .*standard accounts/,
    ],
    ["the premium tier on a standard SKU", { accessTier: "Premium" }, /^accessTier: .*premium accounts/],
    [
      "a hierarchical namespace on an old kind",
      { kind: "Storage", ...sku("Standard_LRS"), isHnsEnabled: true },
      /^isHnsEnabled: /,
    ],
    ["SFTP without a hierarchical namespace", { isSftpEnabled: true }, /^isSftpEnabled: SFTP needs isHnsEnabled/],
    [
      "NFS without a hierarchical namespace",
      { enableNfsV3: true, enableHttpsTrafficOnly: false },
      /^enableNfsV3: NFS 3\.0 needs isHnsEnabled/,
    ],
    ["NFS over HTTPS only", { enableNfsV3: true, isHnsEnabled: true }, /^enableHttpsTrafficOnly: /],
    [
      "immutability with a hierarchical namespace",
      { isHnsEnabled: true, immutableStorageWithVersioning: { enabled: true } },
      /^immutableStorageWithVersioning: .*hierarchical namespace/,
    ],
    [
      "a default policy that is not enabled",
      immutable({ immutabilityPeriodSinceCreationInDays: 1 }, false),
      new RegExp(`^${policy}: `),
    ],
    ...[0, 146_001, 1.5].map((days): [string, Properties, RegExp] => [
      `a default policy of ${days} days`,
      immutable({ immutabilityPeriodSinceCreationInDays: days }),
      new RegExp(`^${policy}\\.immutabilityPeriodSinceCreationInDays: ${days} days; expected 1 to 146000`),
    ]),
    ["a rule for no address", rules("office"), /^networkRuleSet\.ipRules: "office" is no IPv4 address/],
    ["a rule for a range of two addresses", rules("20.1.2.4/31"), /^networkRuleSet\.ipRules: .*as addresses/],
    ["a rule for private addresses", rules("10.1.0.0/16"), /^networkRuleSet\.ipRules: "10\.1\.0\.0\/16" is private/],
    [
      "more than 400 rules",
      rules(...Array.from({ length: 401 }, (_, i) => `20.1.${i >> 8}.${i & 255}`)),
      /^networkRuleSet\.ipRules: 401 rules; at most 400/,
    ],
  ];
  for (const [what, more, reason] of refused) {
    it(`refuses ${what}`, async () => {
      expect(await azure.refusals(ACCOUNT, account(more))).to.match(reason);
    });
  }
});
