import type { ContainerClient, RestError } from "@azure/storage-blob";
import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { BLOB, CONTAINER_POLICY, type Deployed, LIFECYCLE, SERVICE, useLocalAzure } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";

const OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";

describe("immutability in the local Azure", () => {
  const azure = useLocalAzure();

  const versions = (state: string, more: Properties = {}) => ({
    immutableStorageWithVersioning: {
      enabled: true,
      immutabilityPolicy: { immutabilityPeriodSinceCreationInDays: 7, state, ...more },
    },
  });

  interface Place {
    account: Deployed;
    container: Deployed;
    client: ContainerClient;
    place: Properties;
  }

  /** A container with one blob, "kept", as somebody sees it who may do everything there. */
  async function kept(settings: Properties = {}): Promise<Place> {
    const { group, account, container } = await azure.container(settings);
    const accountName = String(account.properties.accountName);
    const principal = crypto.randomUUID();
    await azure.assign(principal, azure.builtInRole(OWNER), account.id);
    const client = azure.containerAs(principal, accountName);
    await client.getBlockBlobClient("kept").upload("one", 3);
    return { account, container, client, place: { resourceGroupName: group, accountName } };
  }

  async function refusal(call: Promise<unknown>): Promise<string> {
    const { statusCode, code } = (await rejection(call)) as RestError;
    return `${statusCode} ${code}`;
  }

  const PROTECTED = "409 BlobImmutableDueToPolicy";

  it("of versions keeps a blob and its metadata from everybody, and lets it be overwritten by another version", async () => {
    const { client } = await kept(versions("Unlocked"));
    const blob = client.getBlockBlobClient("kept");
    expect(await refusal(blob.delete())).to.equal(PROTECTED);
    expect(await refusal(blob.setMetadata({ a: "b" }))).to.equal(PROTECTED);
    await blob.upload("two", 3);
    expect((await blob.downloadToBuffer()).toString()).to.equal("two");
    expect(await refusal(client.delete())).to.equal("409 ContainerProtectedFromDeletion");
  });

  it("of versions says that a blob is not there rather than that it is protected", async () => {
    const { client } = await kept(versions("Unlocked"));
    expect(await refusal(client.getBlobClient("nothing").delete())).to.equal("404 BlobNotFound");
  });

  it("of versions adds to append blobs only where that is allowed", async () => {
    for (const [allowed, outcome] of [
      [false, PROTECTED],
      [true, "done"],
    ] as const) {
      const { client } = await kept(versions("Unlocked", { allowProtectedAppendWrites: allowed }));
      const log = client.getAppendBlobClient("log");
      await log.create();
      const added = log.appendBlock("line", 4).then(() => "done");
      expect(await (allowed ? added : refusal(added))).to.equal(outcome);
    }
  });

  it("that is disabled protects nothing", async () => {
    const { client } = await kept(versions("Disabled"));
    await client.getBlobClient("kept").delete();
  });

  it("of a container keeps every blob as it stands, and takes new ones", async () => {
    const { client, place } = await kept();
    const policy = { ...place, containerName: "content", immutabilityPolicyName: "default" };
    const made = await azure.deploy(CONTAINER_POLICY, { ...policy, immutabilityPeriodSinceCreationInDays: 7 });
    expect(made.properties.state).to.equal("Unlocked");
    const blob = client.getBlockBlobClient("kept");
    for (const call of [() => blob.upload("two", 3), () => blob.delete(), () => blob.createSnapshot()]) {
      expect(await refusal(call())).to.equal(PROTECTED);
    }
    await client.getBlockBlobClient("another").upload("new", 3);
    await made.delete();
    await blob.upload("two", 3);
  });

  it("keeps a container that is not empty from the control plane too; an empty one can go", async () => {
    const { container, client } = await kept(versions("Unlocked"));
    expect((await rejection(container.delete())).message).to.match(/not empty \(ContainerProtectedFromDeletion\)/);
    const { client: emptied, container: empty } = await kept();
    await emptied.getBlobClient("kept").delete();
    await empty.delete();
    expect(await refusal(emptied.getProperties())).to.match(/^404 /);
    expect((await client.getBlobClient("kept").downloadToBuffer()).toString()).to.equal("one");
  });

  it("keeps a blob that the program wrote, from the program too", async () => {
    const keyed = { ...versions("Unlocked"), allowSharedKeyAccess: true };
    const { place } = await kept(keyed);
    const made = await azure.deploy(BLOB, { ...place, containerName: "content", blobName: "written" });
    expect((await rejection(made.delete())).message).to.match(/kept by an immutability policy/);
  });

  it("keeps an account only when the policy is locked", async () => {
    const { account } = await kept(versions("Locked"));
    expect((await rejection(account.delete())).message).to.match(/under a locked immutability policy in content/);
    await (await kept(versions("Unlocked"))).account.delete();
  });

  describe("a policy of a container", () => {
    const policy = (more: Properties) => ({ immutabilityPolicyName: "default", ...more });
    const refused: [what: string, inputs: Properties, reason: RegExp][] = [
      ["another name", policy({ immutabilityPolicyName: "mine" }), /^immutabilityPolicyName: .*"default"/],
      ["no days", policy({ immutabilityPeriodSinceCreationInDays: 0 }), /0 days; expected 1 to 146000/],
      [
        "both kinds of appending",
        policy({ allowProtectedAppendWrites: true, allowProtectedAppendWritesAll: true }),
        /^allowProtectedAppendWrites: /,
      ],
    ];
    for (const [what, inputs, reason] of refused) {
      it(`is refused with ${what}`, async () => {
        expect(await azure.refusals(CONTAINER_POLICY, inputs)).to.match(reason);
      });
    }
  });

  describe("a lifecycle policy", () => {
    const rule = (more: object = {}) => ({
      name: "tier",
      type: "Lifecycle",
      definition: {
        actions: { version: { delete: { daysAfterCreationGreaterThan: 90 } } },
        filters: { blobTypes: ["blockBlob"] },
      },
      ...more,
    });
    const policy = (...rules: object[]) => ({ managementPolicyName: "default", policy: { rules } });

    it("is kept with its account", async () => {
      const { place } = await kept();
      await azure.deploy(SERVICE, { ...place, blobServicesName: "default", isVersioningEnabled: true });
      const inputs = { ...place, ...policy(rule()) };
      const made = await azure.deploy(LIFECYCLE, inputs);
      expect(await made.refresh()).to.deep.equal(inputs);
      await made.delete();
      expect(await made.refresh()).to.equal(undefined);
    });

    const tier = { baseBlob: { tierToCold: { daysAfterModificationGreaterThan: 30 } } };
    const refused: [what: string, inputs: Properties, reason: RegExp][] = [
      ["another name", { managementPolicyName: "mine" }, /^managementPolicyName: .*"default"/],
      ["no rule", policy(), /^policy\.rules: 0 rules; expected 1 to 100/],
      ["two rules of one name", policy(rule(), rule()), /^policy\.rules\[1\]\.name: "tier" is another rule's name/],
      ["a rule of another type", policy(rule({ type: "Other" })), /^policy\.rules\[0\]\.type: "Other" is no type/],
      [
        "a rule that does nothing",
        policy(rule({ definition: { filters: { blobTypes: ["blockBlob"] } } })),
        /does nothing/,
      ],
      ["a rule for no type of blob", policy(rule({ definition: { actions: tier } })), /^policy.*blobTypes: no type/],
      [
        "a tier for append blobs",
        policy(rule({ definition: { actions: tier, filters: { blobTypes: ["appendBlob"] } } })),
        /append blobs cannot change their tier/,
      ],
    ];
    for (const [what, inputs, reason] of refused) {
      it(`is refused with ${what}`, async () => {
        expect(await azure.refusals(LIFECYCLE, inputs)).to.match(reason);
      });
    }
  });
});
