import { expect } from "chai";
import { DatabaseWays } from "../../../components/vpn/database-ways.ts";
import type { Direction } from "../../../components/vpn/vpn-plan.ts";
import { expectHouseRules, TAGS } from "../../support/house-rules.ts";
import { deploy } from "../../support/mocks.ts";

async function deployWays(directions: Direction[]) {
  const args = {
    directions,
    serverSecurityGroupId: "sg-servers",
    databaseSecurityGroupId: "sg-database",
    databasePort: 3306,
    standbyDatabases: "10.32.64.0/20",
    standbyController: "10.32.80.0/20",
    tags: TAGS,
  };
  return (await deploy(() => new DatabaseWays("shop-ways", args))).resources;
}

/** Every rule, as "group way range:ports". */
async function rules(directions: Direction[]): Promise<string[]> {
  return (await deployWays(directions)).customs.map(({ type, inputs }) => {
    const way = type.includes("Egress") ? "to" : "from";
    expect(inputs.ipProtocol).to.equal("tcp");
    return `${inputs.securityGroupId} ${way} ${inputs.cidrIpv4}:${inputs.fromPort}-${inputs.toPort}`;
  });
}

describe("DatabaseWays", () => {
  it("keeps the rules of the house, in words that EC2 takes", async () => {
    const resources = await deployWays(["servers-to-standby", "standby-to-primary"]);
    expectHouseRules(resources, "shop-ways", "multicloud-dr:vpn:DatabaseWays");
    // "Security group rules", description.
    for (const { inputs } of resources.customs) expect(inputs.description).to.match(/^[\w .:/()#,@[\]+=&;{}!$*-]+$/);
  });

  it("lets the servers to the standby's database, at its port, and nothing else", async () => {
    expect(await rules(["servers-to-standby"])).to.deep.equal(["sg-servers to 10.32.64.0/20:3306-3306"]);
  });

  it("lets the standby's database and its controller to the primary's, where it follows", async () => {
    expect(await rules(["standby-to-primary"])).to.deep.equal([
      "sg-database from 10.32.64.0/20:3306-3306",
      "sg-database from 10.32.80.0/20:3306-3306",
    ]);
  });

  it("lets nothing through where nobody is to speak", async () => {
    expect(await rules([])).to.be.empty;
  });
});
