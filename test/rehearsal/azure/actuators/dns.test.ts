import { expect } from "chai";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { PUBLIC_ZONE, RECORD_SET, useLocalAzure } from "../../../support/local-azure.ts";

describe("the local Azure's public DNS", () => {
  const azure = useLocalAzure();
  let resourceGroupName: string;
  beforeEach(async () => {
    resourceGroupName = await azure.group();
  });

  const zone = (more: Properties = {}): Properties => ({
    resourceGroupName,
    zoneName: "shop.example.com",
    location: "global",
    zoneType: "Public",
    ...more,
  });
  const record = (more: Properties = {}): Properties => ({
    resourceGroupName,
    zoneName: "shop.example.com",
    recordType: "CNAME",
    relativeRecordSetName: "app",
    ttl: 60,
    cnameRecord: { cname: "shop-app-a1b2c3d4.z01.azurefd.net" },
    ...more,
  });
  const text = (more: Properties = {}): Properties =>
    record({ recordType: "TXT", cnameRecord: undefined, txtRecords: [{ value: ["_token"] }], ...more });

  it("gives every zone four name servers, and zones of one name different ones", async () => {
    const one = await azure.deploy(PUBLIC_ZONE, zone());
    const two = await azure.deploy(PUBLIC_ZONE, zone({ resourceGroupName: await azure.group() }));
    expect(one.id).to.match(/\/resourceGroups\/[^/]+\/providers\/Microsoft\.Network\/dnsZones\/shop\.example\.com$/);
    const servers = one.properties.nameServers as string[];
    expect(servers).to.have.lengthOf(4);
    for (const server of servers) expect(server).to.match(/^ns\d-\d\d\.azure-dns\.(com|net|org|info)\.$/);
    expect(two.properties.nameServers).to.not.include.members(servers);
    const changed = await one.update(zone({ tags: { a: "b" } }));
    expect(changed.nameServers, "for good").to.deep.equal(servers);
  });

  it("has zones of one name in different groups only", async () => {
    await azure.deploy(PUBLIC_ZONE, zone());
    expect(await azure.refusals(PUBLIC_ZONE, zone())).to.match(/^zoneName: .* exists already/);
  });

  it("has record sets in a zone, by type and name, which go with it", async () => {
    const made = await azure.deploy(PUBLIC_ZONE, zone());
    const app = await azure.deploy(RECORD_SET, record());
    expect(app.id).to.equal(`${made.id}/CNAME/app`);
    expect(app.properties.fqdn).to.equal("app.shop.example.com.");
    await app.update(record({ cnameRecord: { cname: "shop-a1b2c3d4.westeurope.cloudapp.azure.com" } }));
    expect(app.replacedBy(text())).to.include("recordType");
    expect(await azure.refusals(RECORD_SET, record())).to.match(/^relativeRecordSetName: .* exists already/);
    await made.delete();
    expect(await app.refresh()).to.equal(undefined);
  });

  it("has no record set without its zone", async () => {
    expect(await azure.refusals(RECORD_SET, record())).to.match(/^zoneName: .*ParentResourceNotFound/);
  });

  it("leaves a CNAME alone with its name, whichever came first", async () => {
    await azure.deploy(PUBLIC_ZONE, zone());
    const proof = await azure.deploy(RECORD_SET, text());
    expect(await azure.refusals(RECORD_SET, record())).to.match(/type TXT has the name app already.*Conflict/);
    await proof.delete();
    await azure.deploy(RECORD_SET, record());
    expect(await azure.refusals(RECORD_SET, text())).to.match(/type CNAME has the name app already.*Conflict/);
    await azure.deploy(RECORD_SET, text({ relativeRecordSetName: "_dnsauth.app" }));
  });

  const refused: [what: string, token: string, inputs: () => Properties, reason: RegExp][] = [
    [
      "a zone in a region",
      PUBLIC_ZONE,
      () => zone({ location: "westeurope" }),
      /^location: found westeurope; expected/,
    ],
    ["a zone without a place", PUBLIC_ZONE, () => zone({ location: undefined }), /^location: .*expected "global"/],
    ["a private zone", PUBLIC_ZONE, () => zone({ zoneType: "Private" }), /^zoneType: /],
    ["a zone of one label", PUBLIC_ZONE, () => zone({ zoneName: "com" }), /^zoneName: "com" is no valid name/],
    ["a zone with a dot behind", PUBLIC_ZONE, () => zone({ zoneName: "example.com." }), /^zoneName: /],
    ["a CNAME at the apex", RECORD_SET, () => record({ relativeRecordSetName: "@" }), /the apex has NS and SOA/],
    [
      "the apex' name servers",
      RECORD_SET,
      () => record({ relativeRecordSetName: "@", recordType: "NS", cnameRecord: undefined }),
      /NS set from Azure/,
    ],
    [
      "a SOA",
      RECORD_SET,
      () => record({ recordType: "SOA", cnameRecord: undefined }),
      /^recordType: "SOA"; expected A,/,
    ],
    [
      "a name with the zone in it",
      RECORD_SET,
      () => record({ relativeRecordSetName: "app.shop.example.com" }),
      /would be app\.shop\.example\.com\.shop\.example\.com/,
    ],
    [
      "a name with a dot behind",
      RECORD_SET,
      () => record({ relativeRecordSetName: "app.example.org." }),
      /^relativeRecordSetName: "app\.example\.org\." is no valid name: .*relative to the zone/,
    ],
    ["a TTL of nothing", RECORD_SET, () => record({ ttl: 0 }), /^ttl: 0 seconds; expected 1 to 2147483647/],
    ["a TTL of more than 31 bits", RECORD_SET, () => record({ ttl: 2 ** 31 }), /^ttl: 2147483648 seconds/],
    ["a URL in place of a host", RECORD_SET, () => record({ cnameRecord: { cname: "https://a.b/" } }), /is invalid/],
    [
      "records of another type than its own",
      RECORD_SET,
      () => text({ recordType: "CNAME" }),
      /^txtRecords: records of the type TXT in a set of the type CNAME/,
    ],
    [
      "a text of 256 characters",
      RECORD_SET,
      () => text({ txtRecords: [{ value: ["a".repeat(256)] }] }),
      /^txtRecords: a string of 256 characters/,
    ],
    [
      "21 texts",
      RECORD_SET,
      () => text({ txtRecords: Array.from({ length: 21 }, () => ({ value: ["a"] })) }),
      /^txtRecords: 21 records/,
    ],
  ];
  for (const [what, token, inputs, reason] of refused) {
    it(`refuses ${what}`, async () => {
      if (token === RECORD_SET) await azure.deploy(PUBLIC_ZONE, zone());
      expect(await azure.refusals(token, inputs())).to.match(reason);
    });
  }
});
