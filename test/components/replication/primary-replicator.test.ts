import { expect } from "chai";
import { PrimaryReplicator } from "../../../components/replication/primary-replicator.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

describe("PrimaryReplicator", () => {
  let resources: Registrations;
  let replicator: PrimaryReplicator;

  before(async () => {
    ({ resources, result: replicator } = await deploy(
      () =>
        new PrimaryReplicator("shop-replicator", {
          host: "shop.c0ffee.eu-west-1.rds.amazonaws.com",
          port: 3306,
          vault: { resourceGroupName: "shop-standby", vaultName: "shop-a1b2c3d4" },
          tags: TAGS,
        }),
    ));
  });

  it("keeps the rules of the house, and protects nothing: its secrets are made anew at will", () => {
    expectHouseRules(resources, "shop-replicator", "multicloud-dr:replication:PrimaryReplicator");
    expectProtected(resources, []);
  });

  it("tells the standby's vault where the primary is, and as whom to follow it", async () => {
    const { inputs, secrets } = resources.named("shop-replicator-vault-secret");
    expect(inputs).to.include({
      resourceGroupName: "shop-standby",
      vaultName: "shop-a1b2c3d4",
      secretName: "primary-replicator",
    });
    const { value } = inputs.properties as { value: string };
    const told = JSON.parse(value);
    expect(told).to.include({
      host: "shop.c0ffee.eu-west-1.rds.amazonaws.com",
      port: 3306,
      username: "dr_replicator",
    });
    expect(told.password).to.have.length(32);
    expect(secrets).to.deep.equal(["properties"]);
    expect(await settled(replicator.vaultSecretId)).to.match(/\/vaults\/shop-a1b2c3d4\/secrets\/primary-replicator$/);
  });

  it("tells the primary's side the same user and password", async () => {
    const { inputs } = resources.named("shop-replicator-secret-value");
    const { value } = resources.named("shop-replicator-vault-secret").inputs.properties as { value: string };
    const { username, password } = JSON.parse(value);
    expect(JSON.parse(String(inputs.secretString))).to.deep.equal({ username, password });
    expect(await settled(replicator.secretArn)).to.equal(inputs.secretId);
  });
});
