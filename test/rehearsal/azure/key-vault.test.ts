import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { type Deployed, SECRET, useLocalAzure, VAULT } from "../../support/local-azure.ts";

const SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6";
const AUDIENCE = "https://vault.azure.net";

describe("a key vault of the local Azure", () => {
  const azure = useLocalAzure();
  let resourceGroupName: string;
  before(async () => {
    resourceGroupName = await azure.group();
  });

  const settings = (more: Properties = {}): Properties => ({
    tenantId: azure.local.resources.tenantId,
    sku: { family: "A", name: "standard" },
    enableRbacAuthorization: true,
    enablePurgeProtection: true,
    enableSoftDelete: true,
    softDeleteRetentionInDays: 90,
    ...more,
  });
  const newName = () => `v${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`;
  const vault = (vaultName: string, more: Properties = {}) => ({
    resourceGroupName,
    vaultName,
    properties: settings(more),
  });
  const secret = (vaultName: string, value: string, secretName = "database", more: Properties = {}) => ({
    resourceGroupName,
    vaultName,
    secretName,
    properties: { value, contentType: "application/json", ...more },
  });

  /** A vault of its own with one secret. */
  async function stocked(value = '{"username":"app"}'): Promise<{ name: string; vault: Deployed; secret: Deployed }> {
    const name = newName();
    const made = await azure.deploy(VAULT, vault(name));
    return { name, vault: made, secret: await azure.deploy(SECRET, secret(name, value)) };
  }

  const uriOf = ({ properties }: Deployed) => (properties.properties as { secretUri: string }).secretUri;

  async function get(url: string, principal?: string, audience = AUDIENCE): Promise<Response> {
    const token = principal && (await azure.local.authority.issue(principal, audience));
    return fetch(`${url}?api-version=7.4`, token ? { headers: { authorization: `Bearer ${token}` } } : {});
  }

  async function readerOf(scope: string): Promise<string> {
    const principal = crypto.randomUUID();
    await azure.assign(principal, azure.builtInRole(SECRETS_USER), scope);
    return principal;
  }

  describe("gives a secret", () => {
    it("to whom a role on the secret lets read it, and to nobody else", async () => {
      const { name, secret: made } = await stocked();
      const other = await azure.deploy(SECRET, secret(name, "other", "other"));
      const reader = await readerOf(made.id);
      const response = await get(uriOf(made), reader);
      expect(await response.json()).to.deep.include({ value: '{"username":"app"}', contentType: "application/json" });
      expect((await get(uriOf(other), reader)).status).to.equal(403);
      expect((await get(uriOf(made), crypto.randomUUID())).status).to.equal(403);
    });

    it("to whom a role on the vault lets read all of them", async () => {
      const { vault: made, secret: one } = await stocked();
      expect((await get(uriOf(one), await readerOf(made.id))).status).to.equal(200);
    });

    it("to nobody who does not say who is calling, and tells where to get a token for what", async () => {
      const { secret: made } = await stocked();
      const response = await get(uriOf(made));
      expect(response.status).to.equal(401);
      const challenge = response.headers.get("www-authenticate");
      expect(challenge).to.equal(
        `Bearer authorization="${azure.local.authority.url}/${azure.local.resources.tenantId}", resource="${AUDIENCE}"`,
      );
      expect((await get(uriOf(made), crypto.randomUUID(), "https://storage.azure.com")).status).to.equal(401);
    });

    it("in its newest version, and in any former one by its id", async () => {
      const { name, secret: made } = await stocked("one");
      const reader = await readerOf(made.id);
      const { secretUriWithVersion: former } = made.properties.properties as { secretUriWithVersion: string };
      await made.update(secret(name, "two"));
      const { secretUriWithVersion: latest } = made.properties.properties as { secretUriWithVersion: string };
      const read = async (url: string) => ((await (await get(url, reader)).json()) as { value: string }).value;
      expect(await read(uriOf(made))).to.equal("two");
      expect([await read(former), await read(latest)]).to.deep.equal(["one", "two"]);
      await made.update({ ...secret(name, "two"), tags: { a: "b" } });
      expect(made.properties).to.have.nested.property("properties.secretUriWithVersion", latest);
    });

    it("only while it is enabled, and only if there is one", async () => {
      const { name, vault: made, secret: one } = await stocked("one");
      const reader = await readerOf(made.id);
      expect((await get(`${uriOf(one)}s`, reader)).status).to.equal(404);
      await one.update(secret(name, "one", "database", { attributes: { enabled: false } }));
      expect((await get(uriOf(one), reader)).status).to.equal(403);
    });

    it("and nothing without a version of the interface, or by another operation", async () => {
      const { secret: made } = await stocked();
      const token = await azure.local.authority.issue(await readerOf(made.id), AUDIENCE);
      const headers = { authorization: `Bearer ${token}` };
      expect((await fetch(uriOf(made), { headers })).status).to.equal(400);
      expect((await fetch(`${uriOf(made)}?api-version=7.4`, { method: "POST", headers })).status).to.equal(501);
    });

    it("and never tells its value to the control plane", async () => {
      const { secret: made } = await stocked("hush");
      expect(JSON.stringify(azure.local.resources.get(made.id))).to.not.contain("hush");
    });
  });

  describe("that is deleted", () => {
    it("keeps its name from others, and is recovered with its secrets", async () => {
      const { name, vault: made, secret: one } = await stocked("kept");
      await made.delete();
      expect(azure.local.remains().filter((id) => id.startsWith(made.id))).to.deep.equal([]);
      expect(await azure.refusals(VAULT, vault(name))).to.match(/^vaultName: a deleted vault .*ConflictError/);
      const again = await azure.deploy(VAULT, vault(name, { createMode: "recover" }));
      const uri = `${(again.properties.properties as { vaultUri: string }).vaultUri}secrets/database`;
      const response = await get(uri, await readerOf(one.id.replace(/\/secrets\/.*/, "")));
      expect(await response.json()).to.deep.include({ value: "kept" });
    });

    it("keeps the name of a secret that was deleted before", async () => {
      const { name, vault: made, secret: one } = await stocked();
      const reader = await readerOf(made.id);
      await one.delete();
      expect((await get(uriOf(one), reader)).status).to.equal(404);
      const again = await azure.refusals(SECRET, secret(name, "x"));
      expect(again).to.match(/^secretName: a deleted secret "database" is still kept .*ObjectIsDeletedButRecoverable/);
    });
  });

  it("has a name that nobody else in the world has", async () => {
    const { name } = await stocked();
    const elsewhere = { ...vault(name), resourceGroupName: await azure.group() };
    expect(await azure.refusals(VAULT, elsewhere)).to.match(/^vaultName: .*VaultAlreadyExists/);
  });

  it("keeps its purge protection and its days for good", async () => {
    const { name } = await stocked();
    const was = vault(name);
    const without = vault(name, { enablePurgeProtection: undefined });
    expect(await azure.refusals(VAULT, without, was)).to.match(/^properties\.enablePurgeProtection: .*never/);
    const fewer = vault(name, { softDeleteRetentionInDays: 7 });
    expect(await azure.refusals(VAULT, fewer, was)).to.match(/^properties\.softDeleteRetentionInDays: 7, but it is 90/);
  });

  const refused: [what: string, inputs: () => Properties, reason: RegExp][] = [
    ["a name with two hyphens in a row", () => vault("a--b"), /^vaultName: "a--b" is no valid name/],
    ["a name that begins with a digit", () => vault("1abc"), /^vaultName: /],
    ["another tenant", () => vault("abc", { tenantId: "other" }), /^properties\.tenantId: other is not/],
    ["an unknown SKU", () => vault("abc", { sku: { family: "B", name: "x" } }), /^properties\.sku: /],
    ["too few days", () => vault("abc", { softDeleteRetentionInDays: 6 }), /6 days; expected 7 to 90/],
    ["soft delete off", () => vault("abc", { enableSoftDelete: false }), /^properties\.enableSoftDelete: /],
    ["purge protection off", () => vault("abc", { enablePurgeProtection: false }), /leave it out to have none/],
    ["neither roles nor policies", () => vault("abc", { enableRbacAuthorization: false }), /accessPolicies: none/],
  ];
  for (const [what, inputs, reason] of refused) {
    it(`is refused with ${what}`, async () => {
      expect(await azure.refusals(VAULT, inputs())).to.match(reason);
    });
  }

  it("takes secrets of 25 kB at most", async () => {
    const { name } = await stocked();
    const reason = await azure.refusals(SECRET, secret(name, "x".repeat(25_001), "long"));
    expect(reason).to.match(/^properties\.value: 25001 bytes; at most 25000/);
  });
});
