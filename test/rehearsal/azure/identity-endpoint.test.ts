import { ManagedIdentityCredential } from "@azure/identity";
import { expect } from "chai";
import { STORAGE_AUDIENCE } from "../../../rehearsal/azure/blob-service.ts";
import { MANAGEMENT_AUDIENCE } from "../../../rehearsal/azure/resource-manager-endpoint.ts";
import { type Deployed, IDENTITY, useLocalAzure } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";

describe("the local managed identities", () => {
  const azure = useLocalAzure();
  let group: string;
  let own: Deployed;
  let foreign: Deployed;
  const clientId = ({ properties }: Deployed) => String(properties.clientId);

  before(async () => {
    group = await azure.group();
    own = await azure.deploy(IDENTITY, { resourceGroupName: group, resourceName: "own" });
    foreign = await azure.deploy(IDENTITY, { resourceGroupName: group, resourceName: "foreign" });
  });

  afterEach(() => {
    delete process.env.IDENTITY_ENDPOINT;
    delete process.env.IDENTITY_HEADER;
  });

  /** Azure's own credential in a process that has the identities. */
  function credential(id: string, held: string[]): ManagedIdentityCredential {
    Object.assign(process.env, azure.local.identities.environmentFor(held));
    return new ManagedIdentityCredential({ clientId: id, retryOptions: { maxRetries: 0 } });
  }

  for (const audience of [MANAGEMENT_AUDIENCE, STORAGE_AUDIENCE]) {
    it(`sign in to ${audience} with Azure's own SDK`, async () => {
      const { token, expiresOnTimestamp } = await credential(clientId(own), [own.id]).getToken(`${audience}/.default`);
      expect(await azure.local.authority.principalOf(token, audience)).to.equal(own.properties.principalId);
      expect(expiresOnTimestamp - Date.now()).to.be.within(3_500_000, 3_610_000);
    });
  }

  it("are only those that the process has", async () => {
    const { message } = await rejection(
      credential(clientId(foreign), [own.id]).getToken(`${MANAGEMENT_AUDIENCE}/.default`),
    );
    expect(message).to.match(/No User Assigned or Delegated Managed Identity found/);
  });

  it("give no token any longer once they are gone", async () => {
    const short = await azure.deploy(IDENTITY, { resourceGroupName: group, resourceName: "short" });
    const held = credential(clientId(short), [short.id]);
    await short.delete();
    await rejection(held.getToken(`${MANAGEMENT_AUDIENCE}/.default`));
  });

  const refused: [what: string, status: number, change: (query: URLSearchParams, headers: Headers) => void][] = [
    ["without the secret header", 401, (_query, headers) => headers.delete("x-identity-header")],
    ["with another secret", 401, (_query, headers) => headers.set("x-identity-header", crypto.randomUUID())],
    ["without a resource", 400, (query) => query.delete("resource")],
    ["with another version of the API", 400, (query) => query.set("api-version", "2017-09-01")],
    ["without saying which identity", 400, (query) => query.delete("client_id")],
  ];
  for (const [what, status, change] of refused) {
    it(`refuse who asks ${what}`, async () => {
      const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = azure.local.identities.environmentFor([own.id]);
      const query = new URLSearchParams({
        "api-version": "2019-08-01",
        resource: MANAGEMENT_AUDIENCE,
        client_id: clientId(own),
      });
      const headers = new Headers({ "x-identity-header": IDENTITY_HEADER });
      const ask = async () => (await fetch(`${IDENTITY_ENDPOINT}?${query}`, { headers })).status;
      expect(await ask()).to.equal(200);
      change(query, headers);
      expect(await ask()).to.equal(status);
    });
  }
});
