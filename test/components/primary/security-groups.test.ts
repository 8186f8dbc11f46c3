import { expect } from "chai";
import { accessRules } from "../../../components/primary/access-rules.ts";
import { SecurityGroups, type SecurityGroupsArgs } from "../../../components/primary/security-groups.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const VPC_ID = "vpc-0123456789abcdef0";

function deployGroups(args: Partial<SecurityGroupsArgs> = {}) {
  return deploy(() => new SecurityGroups("shop-access", { vpcId: VPC_ID, appPort: 8080, tags: TAGS, ...args }));
}

describe("SecurityGroups", () => {
  let resources: Registrations;
  let groups: SecurityGroups;

  before(async () => {
    ({ resources, result: groups } = await deployGroups());
  });

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-access", "multicloud-dr:primary:SecurityGroups");
    expectProtected(resources, []);
  });

  it("has a group in the VPC for the load balancer, the servers and the database, and tells their ids", async () => {
    const ids = await settled(groups.ids);
    const made = resources.ofType(GROUP);
    expect(made.map(({ name }) => name)).to.have.members([
      "shop-access-load-balancer",
      "shop-access-servers",
      "shop-access-database",
    ]);
    for (const { inputs } of made) expect(inputs).to.include({ vpcId: VPC_ID });
    expect(new Set(Object.values(ids)).size).to.equal(3);
    expect(resources.named("shop-access-database-from-servers").inputs).to.include({
      securityGroupId: ids.database,
      referencedSecurityGroupId: ids.servers,
    });
  });

  it("lets no rule stand inside a group, where it would fight with those beside it", () => {
    for (const { inputs } of resources.ofType(GROUP)) expect(inputs).to.not.have.any.keys("ingress", "egress");
  });

  it("makes each rule of the table, and no other", async () => {
    const ids = await settled(groups.ids);
    const rules = accessRules(8080, 3306);
    expect([...resources.ofType(INGRESS), ...resources.ofType(EGRESS)]).to.have.length(rules.length);
    for (const { name, of, direction, peer, port, description } of rules) {
      const { type, inputs } = resources.named(`shop-access-${name}`);
      const { tags, ...made } = inputs;
      expect(type).to.equal(direction === "in" ? INGRESS : EGRESS);
      expect(made).to.deep.equal({
        securityGroupId: ids[of],
        ...(peer === "internet" ? { cidrIpv4: "0.0.0.0/0" } : { referencedSecurityGroupId: ids[peer] }),
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        description,
      });
    }
  });

  it("opens the ports that it is told; the database's is MySQL's by default", async () => {
    const { resources: other } = await deployGroups({ appPort: 9000, databasePort: 3307 });
    expect(other.named("shop-access-load-balancer-to-servers").inputs).to.include({ fromPort: 9000, toPort: 9000 });
    expect(other.named("shop-access-database-from-servers").inputs).to.include({ fromPort: 3307, toPort: 3307 });
    expect(resources.named("shop-access-database-from-servers").inputs).to.include({ fromPort: 3306, toPort: 3306 });
  });

  it("names everything in the console after its logical name", () => {
    for (const { name, inputs } of resources.customs) expect(inputs.tags).to.include({ Name: name });
  });
});
