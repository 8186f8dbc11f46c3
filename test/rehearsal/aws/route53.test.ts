import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { failure, useLocalAws } from "./local-aws.ts";

const ZONE = "aws:route53/zone:Zone";
const RECORD = "aws:route53/record:Record";
const VPC = "aws:ec2/vpc:Vpc";

describe("the local AWS's Route 53", () => {
  const aws = useLocalAws();
  const zoneCalled = async (name: string) => (await aws.deploy(ZONE, { name })).id;

  describe("a zone", () => {
    it("is made with name servers, takes a new comment in place, and is gone once it is deleted", async () => {
      const inputs = { name: "shop.example.com", comment: "a", tags: { Name: "a" } };
      const zone = await aws.deploy(ZONE, inputs);
      expect(zone.id).to.match(/^Z[A-Z0-9]+$/);
      expect(zone.properties).to.include({ zoneId: zone.id, arn: `arn:aws:route53:::hostedzone/${zone.id}` });
      expect(zone.properties.nameServers).to.have.length(4);
      expect(zone.properties.nameServers).to.include(zone.properties.primaryNameServer);
      expect(await zone.refresh()).to.deep.equal(inputs);

      await zone.update({ ...inputs, comment: "b", tags: { Other: "b" } });
      expect(await zone.refresh()).to.deep.equal({ ...inputs, comment: "b", tags: { Other: "b" } });

      await zone.delete();
      await zone.delete();
      expect(await zone.refresh()).to.equal(undefined);
    });

    it("may be private, for the VPCs that are given", async () => {
      const vpcs = [];
      for (const cidrBlock of ["10.1.0.0/16", "10.2.0.0/16"]) {
        vpcs.push({ vpcId: (await aws.deploy(VPC, { cidrBlock })).id, vpcRegion: "eu-central-1" });
      }
      const zone = await aws.deploy(ZONE, { name: "internal.example.com", vpcs });
      expect(await zone.refresh()).to.deep.equal({ name: "internal.example.com", vpcs });
      await zone.update({ name: "internal.example.com", vpcs: vpcs.slice(1) });
      expect(await zone.refresh()).to.deep.equal({ name: "internal.example.com", vpcs: vpcs.slice(1) });
    });

    it("is deleted with records in it only when it is told so", async () => {
      const zone = await aws.deploy(ZONE, { name: "full.example.com" });
      const record = { zoneId: zone.id, name: "www", type: "A", ttl: 60, records: ["192.0.2.1"] };
      await aws.deploy(RECORD, record);
      expect(await failure(zone.delete())).to.match(/HostedZoneNotEmpty/);
      await zone.update({ name: "full.example.com", forceDestroy: true });
      await zone.delete();
      expect(await zone.refresh()).to.equal(undefined);
    });

    const refused: [string, Properties, RegExp][] = [
      ["an empty label", { name: "shop..example.com" }, /is no domain name/],
      ["a label that is too long", { name: `${"a".repeat(64)}.com` }, /each label has 1 to 63/],
      ["a name that is too long", { name: Array(60).fill("label").join(".") }, /255 at most/],
      ["a VPC that is not there", { name: "a.com", vpcs: [{ vpcId: "vpc-0123" }] }, /there is no VPC "vpc-0123"/],
      ["a delegation set", { name: "a.com", delegationSetId: "N1" }, /does not carry this input out/],
    ];
    for (const [what, inputs, reason] of refused) {
      it(`refuses ${what}`, async () => {
        expect(await aws.refusals(ZONE, inputs)).to.match(reason);
      });
    }
  });

  describe("a record", () => {
    const weighted = (zoneId: string, setIdentifier: string, weight: number) => ({
      zoneId,
      name: "content.shop.example.com",
      type: "CNAME",
      ttl: 60,
      records: [`${setIdentifier}.example.net`],
      setIdentifier,
      weightedRoutingPolicies: [{ weight }],
    });

    it("shares its name with another one by weight, and weights change in place", async () => {
      const zoneId = await zoneCalled("shop.example.com");
      const primary = await aws.deploy(RECORD, weighted(zoneId, "primary", 100));
      const standby = await aws.deploy(RECORD, weighted(zoneId, "standby", 0));
      expect(primary.id).to.equal(`${zoneId}_content.shop.example.com_CNAME_primary`);
      expect(primary.properties.fqdn).to.equal("content.shop.example.com");
      expect(await standby.refresh()).to.deep.equal(weighted(zoneId, "standby", 0));

      await primary.update(weighted(zoneId, "primary", 0));
      await standby.update(weighted(zoneId, "standby", 255));
      expect(await primary.refresh()).to.deep.equal(weighted(zoneId, "primary", 0));
      expect(await standby.refresh()).to.deep.equal(weighted(zoneId, "standby", 255));

      await primary.delete();
      await primary.delete();
      expect(await primary.refresh()).to.equal(undefined);
      expect(await standby.refresh()).to.deep.equal(weighted(zoneId, "standby", 255));
    });

    it("becomes a weighted one in place", async () => {
      const zoneId = await zoneCalled("shop.example.com");
      const { setIdentifier: _, weightedRoutingPolicies: __, ...simple } = weighted(zoneId, "primary", 1);
      const record = await aws.deploy(RECORD, simple);
      await record.update(weighted(zoneId, "primary", 1));
      expect(await record.refresh()).to.deep.equal(weighted(zoneId, "primary", 1));
    });

    it("has a name with or without the zone's", async () => {
      const zoneId = await zoneCalled("shop.example.com");
      const inputs = { zoneId, name: "www", type: "TXT", ttl: 60, records: ["a text"] };
      const record = await aws.deploy(RECORD, inputs);
      expect(record.properties.fqdn).to.equal("www.shop.example.com");
      expect(await record.refresh()).to.deep.equal(inputs);
    });

    it("may be an alias", async () => {
      const zoneId = await zoneCalled("shop.example.com");
      const aliases = [{ name: "d111.cloudfront.net", zoneId: "Z2FDTNDATAQYW2", evaluateTargetHealth: false }];
      const inputs = { zoneId, name: "", type: "A", aliases };
      const record = await aws.deploy(RECORD, inputs);
      expect(record.properties.fqdn).to.equal("shop.example.com");
      expect(await record.refresh()).to.deep.equal(inputs);
      await record.delete();
      expect(await record.refresh()).to.equal(undefined);
    });

    describe("refuses", () => {
      let zoneId: string;
      before(async () => {
        zoneId = await zoneCalled("shop.example.com");
        await aws.deploy(RECORD, { zoneId, name: "plain", type: "CNAME", ttl: 60, records: ["a.example.net"] });
        await aws.deploy(RECORD, { zoneId, name: "address", type: "A", ttl: 60, records: ["192.0.2.1"] });
        await aws.deploy(RECORD, weighted(zoneId, "primary", 1));
      });

      const cname = { name: "www", type: "CNAME", ttl: 60, records: ["a.example.net"] };
      const weight = (value: number) => ({ setIdentifier: "one", weightedRoutingPolicies: [{ weight: value }] });
      const alias = { aliases: [{ name: "d111.cloudfront.net", zoneId: "Z2", evaluateTargetHealth: false }] };
      const refused: [string, Properties, RegExp][] = [
        ["an unknown type", { ...cname, type: "MB" }, /"MB" is no record type/],
        ["a CNAME at the zone's own name", { ...cname, name: "shop.example.com" }, /where a CNAME may not stand/],
        ["a CNAME with two values", { ...cname, records: ["a.net", "b.net"] }, /a CNAME has exactly one/],
        ["a CNAME to what is no name", { ...cname, records: ["a b"] }, /"a b" is no value of a CNAME/],
        ["an A record of a name", { ...cname, type: "A" }, /"a.example.net" is no value of a A/],
        ["an AAAA record of IPv4", { ...cname, type: "AAAA", records: ["192.0.2.1"] }, /is no value of a AAAA/],
        ["a value twice", { ...cname, type: "TXT", records: ["a", "a"] }, /a value stands twice/],
        ["a negative time to live", { ...cname, ttl: -1 }, /0 to 2147483647 seconds/],
        ["no time to live", { ...cname, ttl: undefined }, /ttl: missing beside records/],
        ["an alias with a time to live", { name: "x", type: "A", ttl: 60, ...alias }, /ttl: given beside aliases/],
        [
          "a weight without an identifier",
          { ...cname, ...weight(1), setIdentifier: undefined },
          /setIdentifier: missing/,
        ],
        ["a weight above 255", { ...cname, ...weight(256) }, /weight 256 is out of range: 0 to 255/],
        ["a weight below 0", { ...cname, ...weight(-1) }, /0 to 255/],
        [
          "two routing policies",
          { ...cname, ...weight(1), latencyRoutingPolicies: [{ region: "eu-central-1" }] },
          /one routing policy/,
        ],
        ["too long an identifier", { ...cname, ...weight(1), setIdentifier: "a".repeat(129) }, /1 to 128/],
        ["a zone that is not there", { ...cname, zoneId: "Z0123" }, /NoSuchHostedZone/],
        ["a name that only looks like the zone's", { ...cname, name: "myshop.example.com" }, /is not in the zone/],
        ["a name with an empty label", { ...cname, name: "www..shop.example.com" }, /is no domain name/],
        ["a record that stands already", { ...cname, name: "plain" }, /has this CNAME record already/],
        ["a weighted one beside a simple one", { ...cname, name: "plain", ...weight(1) }, /exclude each other/],
        ["a simple one beside a weighted one", { ...cname, name: "content" }, /has a routed CNAME record/],
        ["a CNAME beside an address", { ...cname, name: "address" }, /a CNAME stands alone/],
        ["an address beside a CNAME", { name: "plain", type: "A", ttl: 1, records: ["192.0.2.1"] }, /stands alone/],
        [
          "another routing policy beside a weighted one",
          { ...cname, name: "content", setIdentifier: "b", latencyRoutingPolicies: [{ region: "eu-central-1" }] },
          /records with another routing policy/,
        ],
      ];
      for (const [what, inputs, reason] of refused) {
        it(what, async () => {
          expect(await aws.refusals(RECORD, { zoneId, ...inputs })).to.match(reason);
        });
      }

      it("nothing about the record itself", async () => {
        expect(await aws.refusals(RECORD, weighted(zoneId, "primary", 2), weighted(zoneId, "primary", 1))).to.equal("");
      });
    });
  });
});
