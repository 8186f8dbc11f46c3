import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { useLocalAws } from "./local-aws.ts";

const VPC = "aws:ec2/vpc:Vpc";
const GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const SUBNET = "aws:ec2/subnet:Subnet";
const TABLE = "aws:ec2/routeTable:RouteTable";
const ROUTE = "aws:ec2/route:Route";
const ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation";

const ZONE = "eu-central-1a";

describe("the local AWS's routes", () => {
  const aws = useLocalAws();
  const vpcIn = async (cidrBlock: string) => (await aws.deploy(VPC, { cidrBlock })).id;

  describe("routes", () => {
    it("lead from a table's subnets to the internet", async () => {
      const vpcId = await vpcIn("10.28.0.0/16");
      const subnetId = (await aws.deploy(SUBNET, { vpcId, cidrBlock: "10.28.1.0/24", availabilityZone: ZONE })).id;
      const gatewayId = (await aws.deploy(GATEWAY, { vpcId })).id;

      const table = await aws.deploy(TABLE, { vpcId, tags: { Name: "a" } });
      const routeTableId = table.id;
      expect(table.properties.arn).to.match(/:route-table\/rtb-\w+$/);
      expect(await table.refresh()).to.deep.equal({ vpcId, tags: { Name: "a" } });
      await table.update({ vpcId, tags: { Name: "b" } });
      expect(await table.refresh()).to.deep.equal({ vpcId, tags: { Name: "b" } });

      const toInternet = { routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId };
      const route = await aws.deploy(ROUTE, toInternet);
      expect(route.id).to.equal(`r-${routeTableId}1080289494`);
      expect(await route.refresh()).to.deep.equal(toInternet);

      const association = await aws.deploy(ASSOCIATION, { routeTableId, subnetId });
      expect(association.id).to.match(/^rtbassoc-/);
      expect(await association.refresh()).to.deep.equal({ routeTableId, subnetId });

      for (const each of [association, route, table]) {
        await each.delete();
        expect(await each.refresh()).to.equal(undefined);
        await each.delete();
      }
    });

    it("change their target in place", async () => {
      const vpcId = await vpcIn("10.29.0.0/16");
      const routeTableId = (await aws.deploy(TABLE, { vpcId })).id;
      const gatewayId = (await aws.deploy(GATEWAY, { vpcId })).id;
      const route = await aws.deploy(ROUTE, { routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId });
      const next = { routeTableId, destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-0123" };
      await route.update(next);
      expect(await route.refresh()).to.deep.equal(next);
    });

    it("move to another table in place", async () => {
      const vpcId = await vpcIn("10.30.0.0/16");
      const subnetId = (await aws.deploy(SUBNET, { vpcId, cidrBlock: "10.30.1.0/24", availabilityZone: ZONE })).id;
      const [one, other] = [await aws.deploy(TABLE, { vpcId }), await aws.deploy(TABLE, { vpcId })];
      const association = await aws.deploy(ASSOCIATION, { routeTableId: one.id, subnetId });
      await association.update({ routeTableId: other.id, subnetId });
      expect(await association.refresh()).to.deep.equal({ routeTableId: other.id, subnetId });
    });

    describe("refuse", () => {
      let ids: Record<"vpcId" | "routeTableId" | "gatewayId" | "subnetId" | "strangerId", string>;
      before(async () => {
        const vpcId = await vpcIn("10.31.0.0/16");
        const routeTableId = (await aws.deploy(TABLE, { vpcId })).id;
        const gatewayId = (await aws.deploy(GATEWAY, { vpcId })).id;
        const subnet = { vpcId, cidrBlock: "10.31.1.0/24", availabilityZone: ZONE };
        const subnetId = (await aws.deploy(SUBNET, subnet)).id;
        const otherVpc = await vpcIn("10.32.0.0/16");
        const stranger = { vpcId: otherVpc, cidrBlock: "10.32.1.0/24", availabilityZone: ZONE };
        const strangerId = (await aws.deploy(SUBNET, stranger)).id;
        await aws.deploy(ROUTE, { routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId });
        await aws.deploy(ASSOCIATION, { routeTableId, subnetId });
        ids = { vpcId, routeTableId, gatewayId, subnetId, strangerId };
      });

      const refused: [string, string, () => Properties, RegExp][] = [
        ["a table in a VPC that is not there", TABLE, () => ({ vpcId: "vpc-0123" }), /there is no VPC/],
        [
          "routes inside the table",
          TABLE,
          () => ({ vpcId: ids.vpcId, routes: [{ cidrBlock: "0.0.0.0/0" }] }),
          /make each route an aws.ec2.Route/,
        ],
        [
          "a destination that is no range",
          ROUTE,
          () => ({ routeTableId: ids.routeTableId, destinationCidrBlock: "0.0.0.0", gatewayId: ids.gatewayId }),
          /"0.0.0.0" is no IPv4 range/,
        ],
        [
          "two destinations",
          ROUTE,
          () => ({
            routeTableId: ids.routeTableId,
            destinationCidrBlock: "1.0.0.0/8",
            destinationIpv6CidrBlock: "::/0",
          }),
          /a route has one destination/,
        ],
        [
          "two targets",
          ROUTE,
          () => ({ destinationCidrBlock: "1.0.0.0/8", gatewayId: ids.gatewayId, natGatewayId: "nat-1" }),
          /a route has one target/,
        ],
        [
          "a gateway that is not there",
          ROUTE,
          () => ({ routeTableId: ids.routeTableId, destinationCidrBlock: "1.0.0.0/8", gatewayId: "igw-0123" }),
          /there is no internet gateway "igw-0123"/,
        ],
        [
          "a table that is not there",
          ROUTE,
          () => ({ routeTableId: "rtb-0123", destinationCidrBlock: "1.0.0.0/8", gatewayId: ids.gatewayId }),
          /there is no route table "rtb-0123"/,
        ],
        [
          "a second route to one destination",
          ROUTE,
          () => ({ routeTableId: ids.routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId: ids.gatewayId }),
          /RouteAlreadyExists/,
        ],
        [
          "an association with subnet and gateway",
          ASSOCIATION,
          () => ({ routeTableId: ids.routeTableId, subnetId: ids.subnetId, gatewayId: ids.gatewayId }),
          /given beside gatewayId/,
        ],
        [
          "an association with a table that is not there",
          ASSOCIATION,
          () => ({ routeTableId: "rtb-0123", subnetId: ids.strangerId }),
          /there is no route table/,
        ],
        [
          "an association with a subnet that is not there",
          ASSOCIATION,
          () => ({ routeTableId: ids.routeTableId, subnetId: "subnet-0123" }),
          /there is no subnet/,
        ],
        [
          "an association across VPCs",
          ASSOCIATION,
          () => ({ routeTableId: ids.routeTableId, subnetId: ids.strangerId }),
          /both must be in one VPC/,
        ],
        [
          "a second association of a subnet",
          ASSOCIATION,
          () => ({ routeTableId: ids.routeTableId, subnetId: ids.subnetId }),
          /Resource.AlreadyAssociated/,
        ],
      ];
      for (const [what, token, inputs, reason] of refused) {
        it(what, async () => {
          expect(await aws.refusals(token, inputs())).to.match(reason);
        });
      }
    });
  });
});
