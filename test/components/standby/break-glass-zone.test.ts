import { expect } from "chai";
import { BreakGlassZone, type BreakGlassZoneArgs } from "../../../components/standby/break-glass-zone.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const NAMES = {
  app: { name: "app.shop.example.com", host: "shop-app-a1b2c3d4.z01.azurefd.net", token: "_app0123456789abcdef" },
  content: {
    name: "content.shop.example.com",
    host: "shop-content-a1b2c3d4.z01.azurefd.net",
    token: "_content0123456789ab",
  },
};

function deployZone(args: Partial<BreakGlassZoneArgs> = {}) {
  const defaults = { resourceGroupName: "shop-standby", domain: "shop.example.com", names: NAMES, tags: TAGS };
  return deploy(() => new BreakGlassZone("shop-glass", { ...defaults, ...args }));
}

describe("BreakGlassZone", () => {
  let resources: Registrations;
  let glass: BreakGlassZone;

  before(async () => {
    ({ resources, result: glass } = await deployZone());
  });

  const inputsOf = (name: string) => resources.named(`shop-glass-${name}`).inputs;

  it("keeps the rules of the house, and protects the zone, whose name servers are written down elsewhere", async () => {
    expectHouseRules(resources, "shop-glass", "multicloud-dr:standby:BreakGlassZone");
    expectProtected(resources, ["shop-glass-zone"]);
    expectProtected((await deployZone({ protectData: false })).resources, []);
  });

  it("is a public zone of the workload's own domain, and nowhere in particular", () => {
    expect(inputsOf("zone")).to.include({
      resourceGroupName: "shop-standby",
      zoneName: "shop.example.com",
      zoneType: "Public",
      location: "global",
    });
  });

  it("has a record of each name and of its proof, and leaves the apex to Azure", () => {
    expect(resources.names).to.deep.equal(
      ["app", "app-proof", "content", "content-proof", "zone"].map((part) => `shop-glass-${part}`),
    );
    const records = resources.ofType("azure-native:dns:RecordSet");
    expect(records.map(({ inputs }) => inputs.relativeRecordSetName)).to.not.include("@");
    for (const { inputs } of records) {
      expect(inputs).to.include({ resourceGroupName: "shop-standby", zoneName: "shop.example.com" });
    }
  });

  for (const part of ["app", "content"] as const) {
    it(`leads the ${part}'s name to the standby's edge, and proves to it that the name is ours`, () => {
      expect(inputsOf(part)).to.deep.include({
        recordType: "CNAME",
        relativeRecordSetName: part,
        cnameRecord: { cname: NAMES[part].host },
      });
      expect(inputsOf(`${part}-proof`)).to.deep.include({
        recordType: "TXT",
        relativeRecordSetName: `_dnsauth.${part}`,
        txtRecords: [{ value: [NAMES[part].token] }],
      });
    });
  }

  it("can be changed by hand within a minute", () => {
    for (const { inputs } of resources.ofType("azure-native:dns:RecordSet")) expect(inputs.ttl).to.equal(60);
  });

  it("takes names of several labels, in the domain that it is given", async () => {
    const names = { ...NAMES, app: { ...NAMES.app, name: "www.eu.shop.example.com" } };
    const { resources: other } = await deployZone({ domain: "example.com", names });
    expect(other.named("shop-glass-app").inputs.relativeRecordSetName).to.equal("www.eu.shop");
    expect(other.named("shop-glass-app-proof").inputs.relativeRecordSetName).to.equal("_dnsauth.www.eu.shop");
    expect(other.named("shop-glass-zone").inputs.zoneName).to.equal("example.com");
  });

  it("refuses a name outside of its domain", async () => {
    const names = { ...NAMES, app: { ...NAMES.app, name: "app.example.org" } };
    const failure = await deployZone({ names }).catch((error: Error) => error.message);
    expect(failure).to.match(/expected a name inside the zone shop\.example\.com, found app\.example\.org/);
  });

  it("tells what the domain is to be delegated to", async () => {
    const servers = await settled(glass.nameServers);
    expect(servers).to.have.lengthOf(4);
    for (const server of servers) expect(server).to.match(/^ns\d-\d\d\.azure-dns\.(com|net|org|info)\.$/);
    expect(resources.named("shop-glass-app").dependencies).to.include("shop-glass-zone");
  });
});
