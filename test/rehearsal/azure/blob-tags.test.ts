import type { ContainerClient, RestError } from "@azure/storage-blob";
import { expect } from "chai";
import { PUBLIC_READING, READ_BLOBS } from "../../../components/standby/public-reading.ts";
import { ASSIGNMENT, type Deployed, ROLE, SERVICE, useLocalAzure } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";

const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

describe("index tags of blobs in the local Azure", () => {
  const azure = useLocalAzure();
  let group: string;
  let account: string;
  let container: Deployed;

  before(async () => {
    const made = await azure.container();
    group = made.group;
    account = String(made.account.properties.accountName);
    container = made.container;
    const inputs = { resourceGroupName: group, accountName: account, blobServicesName: "default" };
    await azure.deploy(SERVICE, { ...inputs, isVersioningEnabled: true });
  });

  /** The container as somebody sees it who may do this to blobs. */
  async function may(dataActions: string[], condition?: string): Promise<ContainerClient> {
    const scope = azure.local.resources.id(`resourceGroups/${group}`);
    const roleName = crypto.randomUUID();
    const role = await azure.deploy(ROLE, {
      roleName,
      scope,
      assignableScopes: [scope],
      permissions: [{ actions: [], dataActions: dataActions.map((action) => `${BLOBS}/${action}`) }],
    });
    const principalId = crypto.randomUUID();
    await azure.deploy(ASSIGNMENT, {
      principalId,
      principalType: "ServicePrincipal",
      roleDefinitionId: role.id,
      scope: container.id,
      ...(condition === undefined ? {} : { condition, conditionVersion: "2.0" }),
    });
    return azure.containerAs(principalId, account);
  }

  const refusal = async (call: Promise<unknown>) => {
    const { statusCode, code } = (await rejection(call)) as RestError;
    return `${statusCode} ${code}`;
  };

  it("are set along with a blob by who may write tags too", async () => {
    const writer = await may(["read", "write", "add/action", "tags/write"]);
    const blob = writer.getBlockBlobClient("tagged");
    await blob.upload("", 0, { tags: { dr_gone: "yes" } });
    const block = Buffer.from("1").toString("base64");
    await blob.stageBlock(block, "x", 1);
    await blob.commitBlockList([block], { tags: { dr_gone: "no" } });
    expect((await blob.getProperties()).tagCount).to.equal(1);
    expect(await refusal(blob.getTags()), "to read them is another right").to.equal(
      "403 AuthorizationPermissionMismatch",
    );
  });

  it("are refused, and the blob with them, where only blobs may be written", async () => {
    const writer = await may(["read", "write", "add/action"]);
    const blob = writer.getBlockBlobClient("refused");
    expect(await refusal(blob.upload("", 0, { tags: { a: "b" } }))).to.equal("403 AuthorizationPermissionMismatch");
    expect(await blob.exists()).to.equal(false);
    await blob.upload("", 0);
  });

  it("of a blob whose source is gone hide it from who reads for everybody, until it is written again", async () => {
    const writer = await may(["read", "write", "add/action", "tags/write"]);
    const visitor = await may([READ_BLOBS.slice(BLOBS.length + 1)], PUBLIC_READING);
    const blob = writer.getBlockBlobClient("hidden");
    const seen = visitor.getBlobClient("hidden");
    const { versionId = "" } = await blob.upload("text", 4);
    expect((await seen.downloadToBuffer()).toString()).to.equal("text");
    await blob.upload("", 0, { tags: { dr_gone: "yes" } });
    const hidden = "403 AuthorizationPermissionMismatch";
    expect(await refusal(seen.download())).to.equal(hidden);
    expect(await refusal(seen.getProperties())).to.match(/^403 /);
    expect(await refusal(seen.withVersion(versionId).download()), "nor what it was").to.equal(hidden);
    expect((await blob.withVersion(versionId).downloadToBuffer()).toString(), "its keeper").to.equal("text");
    await blob.upload("back", 4, { tags: { dr_gone: "no" } });
    expect((await seen.downloadToBuffer()).toString()).to.equal("back");
    await blob.upload("again", 5);
    expect((await seen.downloadToBuffer()).toString()).to.equal("again");
    expect(await refusal(visitor.getBlobClient("nothing").download())).to.equal("404 BlobNotFound");
  });
});
