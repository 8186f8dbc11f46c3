import { BlobServiceClient } from "@azure/storage-blob";
import { expect } from "chai";
import {
  ACCOUNT,
  CONTAINER,
  type Deployed,
  GROUP,
  ORDINARY_ACCOUNT,
  useLocalAzure,
} from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";

const CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

/** More than there can be at once. */
const ROUNDS = 40;

describe("the room for storage accounts in the local Azure", () => {
  const azure = useLocalAzure();
  let resourceGroupName: string;
  before(async () => {
    resourceGroupName = await azure.group();
  });

  /** An account, and all that is in it as somebody sees it who may do everything there. */
  async function makeAccount(accountName: string): Promise<{ account: Deployed; client: BlobServiceClient }> {
    const account = await azure.deploy(ACCOUNT, { resourceGroupName, accountName, ...ORDINARY_ACCOUNT });
    const principal = crypto.randomUUID();
    await azure.assign(principal, azure.builtInRole(CONTRIBUTOR), account.id);
    const endpoint = azure.local.blobs.endpointOf(accountName);
    const options = { retryOptions: { maxTries: 1 } };
    return { account, client: new BlobServiceClient(endpoint, azure.credential(principal), options) };
  }

  async function containersOf(client: BlobServiceClient): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of client.listContainers()) names.push(name);
    return names;
  }

  it("is given back by an account that is deleted, and nothing of it is left there", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const accountName = `round${round}`;
      const { account, client } = await makeAccount(accountName);
      expect(await containersOf(client), `round ${round} begins empty`).to.deep.equal([]);
      await azure.deploy(CONTAINER, { resourceGroupName, accountName, containerName: "content" });
      await client.getContainerClient("content").getBlockBlobClient("left-behind").upload("x", 1);
      // One that the control plane knows nothing of.
      await client.createContainer("made-by-hand");
      expect(await containersOf(client)).to.have.members(["content", "made-by-hand"]);
      // Without its containers being deleted first: with the account goes all that is in it.
      await account.delete();
    }
  });

  it("is given back by all that is in a group that is deleted", async () => {
    const { account, group } = await azure.container();
    const name = String(account.properties.accountName);
    const id = azure.local.resources.id(`resourceGroups/${group}`);
    await azure.provider.delete(GROUP, { id, properties: {} });
    const { statusCode, code } = (await rejection(azure.containerAs("anybody", name).getProperties())) as Error & {
      statusCode?: number;
      code?: string;
    };
    expect({ statusCode, code }).to.deep.equal({ statusCode: 404, code: "ResourceNotFound" });
    expect(azure.local.remains().filter((each) => each.includes(`/${group}/`))).to.deep.equal([]);
    expect(await containersOf((await makeAccount(name)).client), "the name is free again").to.deep.equal([]);
  });

  it("is for a certain number of accounts at once, and the one too many is told so", async () => {
    const made: Deployed[] = [];
    const fill = async () => {
      for (let index = 0; index < ROUNDS; index++) made.push((await makeAccount(`filling${index}`)).account);
    };
    expect((await rejection(fill())).message).to.match(/no room for another storage account/);
    await made.pop()?.delete();
    made.push((await makeAccount("fitsagain")).account);
    for (const each of made) await each.delete();
  });
});
