import { expect } from "chai";
import { DeclarationMarker, type DeclarationMarkerArgs } from "../../../components/standby/declaration-marker.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

function deployMarker(args: Partial<DeclarationMarkerArgs> = {}) {
  const declaration = { markers: [], disaster: "none" as const, why: "", by: "" };
  const defaults = { resourceGroupName: "shop-standby", workload: "shop", ...declaration, tags: TAGS };
  return deploy(() => new DeclarationMarker("shop-marker", { ...defaults, ...args }));
}

describe("DeclarationMarker", () => {
  let resources: Registrations;
  let marker: DeclarationMarker;

  before(async () => {
    ({ resources, result: marker } = await deployMarker());
  });

  const account = () => resources.named("shop-marker-account").inputs;

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-marker", "multicloud-dr:standby:DeclarationMarker");
    expectProtected(resources, []);
  });

  it("is an empty website while nothing is declared", () => {
    expect(resources.names).to.deep.equal(["shop-marker-account", "shop-marker-suffix", "shop-marker-website"]);
    expect(resources.named("shop-marker-website").inputs).to.include({ accountName: account().accountName });
  });

  it("is in an account of its own, named after the workload, in three zones", () => {
    expect(account().accountName).to.match(/^shopmarker[a-z0-9]{8}$/);
    expect(account()).to.deep.include({ kind: "StorageV2", sku: { name: "Standard_ZRS" }, accessTier: "Hot" });
  });

  it("allows the account's key, which the provider writes with, and nothing else that is not needed", () => {
    expect(account()).to.include({
      allowSharedKeyAccess: true,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
    });
  });

  it("tells where the website is", async () => {
    expect(await settled(marker.webEndpoint)).to.equal(`https://${account().accountName}.z6.web.core.windows.net/`);
    expect(await settled(marker.accountId)).to.match(new RegExp(`/storageAccounts/${account().accountName}$`));
  });

  it("tells the container that the website is served from", async () => {
    const { accountName } = account();
    expect(await settled(marker.containerUrl)).to.equal(`https://${accountName}.blob.core.windows.net/$web`);
    const container = `/storageAccounts/${accountName}/blobServices/default/containers/$web`;
    expect((await settled(marker.containerId)).endsWith(container)).to.equal(true);
  });

  describe("with a declaration", () => {
    const declared = { disaster: "site", why: "AWS is down", by: "platform-team" } as const;
    let after: Registrations;

    before(async () => {
      ({ resources: after } = await deployMarker({ markers: ["database", "content", "site"], ...declared }));
    });

    it("has one file more for each switched name, and is the same otherwise", () => {
      const added = after.names.filter((name) => !resources.names.includes(name));
      expect(added).to.deep.equal(["shop-marker-content", "shop-marker-database", "shop-marker-site"]);
      for (const { name, inputs } of resources.customs) expect(after.named(name).inputs).to.deep.equal(inputs);
    });

    it("writes each into the website, as JSON", () => {
      for (const name of ["content", "database", "site"]) {
        expect(after.named(`shop-marker-${name}`).inputs).to.include({
          accountName: account().accountName,
          containerName: "$web",
          blobName: `declared/${name}.json`,
          contentType: "application/json",
        });
      }
    });

    it("says in each what is declared, why and by whom", async () => {
      const { source } = after.named("shop-marker-site").inputs as { source: { text: Promise<string> } };
      expect(JSON.parse(await source.text)).to.deep.equal({ declared: true, ...declared });
    });
  });

  it("writes only what is switched", async () => {
    const { resources: some } = await deployMarker({ markers: ["content"], disaster: "content" });
    expect(some.ofType("azure-native:storage:Blob").map(({ name }) => name)).to.deep.equal(["shop-marker-content"]);
  });
});
