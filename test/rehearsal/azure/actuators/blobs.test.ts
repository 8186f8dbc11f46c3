import { expect } from "chai";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import {
  ACCOUNT,
  CONTAINER,
  type Deployed,
  ORDINARY_ACCOUNT,
  SERVICE,
  useLocalAzure,
} from "../../../support/local-azure.ts";

const READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";

describe("the local Azure's blobs", () => {
  const azure = useLocalAzure();
  let resourceGroupName: string;
  before(async () => {
    resourceGroupName = await azure.group();
  });

  // There is room for so many accounts at once.
  const made: Deployed[] = [];
  afterEach(async () => {
    for (const account of made.splice(0)) await account.delete();
  });

  /** An account of its own, and what names it. */
  async function placeIn(settings: Properties = {}): Promise<Properties> {
    const place = { resourceGroupName, accountName: `a${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}` };
    made.push(await azure.deploy(ACCOUNT, { ...place, ...ORDINARY_ACCOUNT, ...settings }));
    return place;
  }

  describe("the settings of an account's blob service", () => {
    const service = (place: Properties, more: Properties = {}) => ({ ...place, blobServicesName: "default", ...more });

    it("are made, changed and removed, and the containers outlive them", async () => {
      const place = await placeIn();
      const inputs = service(place, { isVersioningEnabled: true, deleteRetentionPolicy: { enabled: true, days: 7 } });
      const made = await azure.deploy(SERVICE, inputs);
      const container = await azure.deploy(CONTAINER, { ...place, containerName: "content" });
      expect(await made.refresh()).to.deep.equal(inputs);
      const next = service(place, { deleteRetentionPolicy: { enabled: false } });
      await made.update(next);
      expect(await made.refresh()).to.deep.equal(next);
      await made.delete();
      expect(await made.refresh()).to.equal(undefined);
      expect(await container.refresh(), "the container is still there").to.not.equal(undefined);
    });

    const soft = (days: number) => ({ deleteRetentionPolicy: { enabled: true, days } });
    const restore = (days: number, more: Properties = {}) => ({
      isVersioningEnabled: true,
      changeFeed: { enabled: true },
      ...soft(7),
      restorePolicy: { enabled: true, days },
      ...more,
    });
    const source = /\(Point-in-time restore for block blobs\)/;

    const taken: [what: string, more: Properties, account?: Properties][] = [
      ["a year of soft delete", soft(365)],
      ["a policy that is off, whatever its days", { deleteRetentionPolicy: { enabled: false, days: 0 } }],
      ["point-in-time restore within soft delete", restore(6)],
      [
        "versioning where immutability needs it",
        { isVersioningEnabled: true },
        { immutableStorageWithVersioning: { enabled: true } },
      ],
    ];
    for (const [what, more, account] of taken) {
      it(`may have ${what}`, async () => {
        expect(await azure.refusals(SERVICE, service(await placeIn(account), more))).to.equal("");
      });
    }

    const refused: [what: string, more: Properties, reason: RegExp, account?: Properties][] = [
      ["without a name", { blobServicesName: undefined }, /^blobServicesName: no name is given: .*"default"/],
      ["with another name", { blobServicesName: "extra" }, /^blobServicesName: "extra" is no valid name: .*"default"/],
      ["of an account that is not there", { accountName: "nowhere" }, /^accountName: .*ParentResourceNotFound/],
      ["with 0 days of soft delete", soft(0), /^deleteRetentionPolicy\.days: 0 days/],
      ["with 366 days of soft delete", soft(366), /^deleteRetentionPolicy\.days: 366 days/],
      ["with days by halves", soft(1.5), /^deleteRetentionPolicy\.days: 1\.5 days/],
      [
        "with soft delete of containers without a number of days",
        { containerDeleteRetentionPolicy: { enabled: true } },
        /^containerDeleteRetentionPolicy\.days: no number of days/,
      ],
      [
        "with a change feed kept for 0 days",
        { changeFeed: { enabled: true, retentionInDays: 0 } },
        /^changeFeed\.retentionInDays: /,
      ],
      ["with six CORS rules", { cors: { corsRules: Array(6).fill({}) } }, /^cors\.corsRules: 6 rules; at most 5/],
      ["with restore as long as soft delete", restore(7), source],
      ["with restore of 0 days", restore(0), source],
      ["with restore and no versioning", restore(6, { isVersioningEnabled: false }), source],
      ["with restore and no change feed", restore(6, { changeFeed: undefined }), source],
      ["with restore and soft delete off", restore(6, { deleteRetentionPolicy: { enabled: false, days: 7 } }), source],
      [
        "with restore beside permanent deletes",
        restore(6, { deleteRetentionPolicy: { enabled: true, days: 7, allowPermanentDelete: true } }),
        /^restorePolicy: .*allowPermanentDelete/,
      ],
      [
        "with versions in a hierarchical namespace",
        { isVersioningEnabled: true },
        /^isVersioningEnabled: /,
        { isHnsEnabled: true },
      ],
      [
        "without the versioning that the account's immutability needs",
        {},
        /^isVersioningEnabled: .*needs versioning/,
        { immutableStorageWithVersioning: { enabled: true } },
      ],
    ];
    for (const [what, more, reason, account] of refused) {
      it(`are refused ${what}`, async () => {
        expect(await azure.refusals(SERVICE, service(await placeIn(account), more))).to.match(reason);
      });
    }
  });

  describe("a container", () => {
    it("is made and removed for real, and what is in it goes with it", async () => {
      const place = await placeIn();
      const inputs = { ...place, containerName: "content", publicAccess: "None" };
      const made = await azure.deploy(CONTAINER, inputs);
      expect(await made.refresh()).to.deep.equal(inputs);
      const principal = crypto.randomUUID();
      const account = String(place.accountName);
      await azure.assign(
        principal,
        azure.builtInRole(READER),
        azure.local.resources.id(`resourceGroups/${resourceGroupName}`),
      );
      const client = azure.containerAs(principal, account);
      expect(await client.exists()).to.equal(true);
      await made.delete();
      await made.delete();
      expect(await client.exists()).to.equal(false);
      expect(await made.refresh()).to.equal(undefined);
    });

    it("changes its metadata in place, and is made anew on another account or under another name", async () => {
      const inputs = { ...(await placeIn()), containerName: "content" };
      const made = await azure.deploy(CONTAINER, inputs);
      await made.update({ ...inputs, metadata: { purpose: "copies" } });
      expect(await made.refresh()).to.deep.equal({ ...inputs, metadata: { purpose: "copies" } });
      for (const property of ["containerName", "accountName", "resourceGroupName"]) {
        expect(made.replacedBy({ ...inputs, metadata: { purpose: "copies" }, [property]: "b" })).to.deep.equal([
          property,
        ]);
      }
    });

    const names: [name: string, taken: boolean][] = [
      ["abc", true],
      ["a-b-1", true],
      ["$web", true],
      ["$root", true],
      ["a".repeat(63), true],
      ["a".repeat(64), false],
      ["ab", false],
      ["Content", false],
      ["a--b", false],
      ["-ab", false],
      ["ab-", false],
      ["a.b.c", false],
      ["$logs", false],
      ["$blobchangefeed", false],
    ];
    for (const [containerName, taken] of names) {
      it(`${taken ? "takes" : "refuses"} the name "${containerName.slice(0, 16)}" of ${containerName.length} characters`, async () => {
        const refusals = await azure.refusals(CONTAINER, { ...(await placeIn()), containerName });
        if (taken) expect(refusals).to.equal("");
        else expect(refusals).to.match(/^containerName: .*3 to 63/);
      });
    }

    it("is refused in an account that is not there", async () => {
      const inputs = { resourceGroupName, accountName: "nowhere", containerName: "content" };
      expect(await azure.refusals(CONTAINER, inputs)).to.match(/^accountName: .*ParentResourceNotFound/);
    });

    it("is open to everybody only where the account allows it", async () => {
      const open = { containerName: "open", publicAccess: "Blob" };
      expect(await azure.refusals(CONTAINER, { ...(await placeIn()), ...open })).to.match(
        /^publicAccess: .*PublicAccessNotPermitted/,
      );
      const allowing = await placeIn({ allowBlobPublicAccess: true });
      expect(await azure.refusals(CONTAINER, { ...allowing, ...open })).to.equal("");
    });

    it("is refused as a website on an account that serves none", async () => {
      const place = await placeIn({ kind: "BlobStorage", sku: { name: "Standard_LRS" }, accessTier: "Hot" });
      expect(await azure.refusals(CONTAINER, { ...place, containerName: "$web" })).to.match(
        /^containerName: .*static website/i,
      );
    });

    it("keeps its versions unchangeable only where there are versions", async () => {
      const place = await placeIn();
      const inputs = { ...place, containerName: "kept", immutableStorageWithVersioning: { enabled: true } };
      expect(await azure.refusals(CONTAINER, inputs)).to.match(/^immutableStorageWithVersioning: .*no versioning/);
      await azure.deploy(SERVICE, { ...place, blobServicesName: "default", isVersioningEnabled: true });
      expect(await azure.refusals(CONTAINER, inputs)).to.equal("");
    });

    it("is refused with half of the settings of encryption, and with metadata that is no identifier", async () => {
      const place = { ...(await placeIn()), containerName: "content" };
      expect(await azure.refusals(CONTAINER, { ...place, defaultEncryptionScope: "a" })).to.match(
        /^defaultEncryptionScope: /,
      );
      const both = { ...place, defaultEncryptionScope: "a", denyEncryptionScopeOverride: true };
      expect(await azure.refusals(CONTAINER, both)).to.equal("");
      const refusals = await azure.refusals(CONTAINER, { ...place, metadata: { "x-amz-meta": "1", good_1: "1" } });
      expect(refusals).to.match(/^metadata: "x-amz-meta" is no C# identifier/);
    });
  });
});
