import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Trust } from "../../../components/replication/trust.ts";
import { expectHouseRules, expectProtected } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const roleArn = "arn:aws:iam::111122223333:role/shop-objects-role";

describe("Trust", () => {
  let resources: Registrations;
  let trust: Trust;

  before(async () => {
    ({ resources, result: trust } = await deploy(
      () =>
        new Trust("shop-trust", {
          roleArn: pulumi.output(roleArn),
          identityName: "shop-content-writer",
          resourceGroupName: "shop-standby",
        }),
    ));
  });

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-trust", "multicloud-dr:replication:Trust");
    expectProtected(resources, []);
  });

  it("has AWS issue identities, and one identity of Azure believe exactly one role of them", async () => {
    expect(resources.names).to.deep.equal(["shop-trust-credential", "shop-trust-issuer"]);
    expect(resources.named("shop-trust-credential").inputs).to.deep.equal({
      resourceGroupName: "shop-standby",
      resourceName: "shop-content-writer",
      federatedIdentityCredentialResourceName: "shop-trust",
      issuer: await settled(trust.issuer),
      subject: roleArn,
      audiences: ["api://AzureADTokenExchange"],
    });
  });

  it("takes the issuer that the account has already, and enables nothing", async () => {
    const issuer = "https://0a1b2c3d.tokens.sts.global.api.aws";
    const args = { roleArn, identityName: "shop-content-writer", resourceGroupName: "shop-standby", issuer };
    const { resources: adopted } = await deploy(() => new Trust("shop-trust", args));
    expect(adopted.names).to.deep.equal(["shop-trust-credential"]);
    expect(adopted.named("shop-trust-credential").inputs.issuer).to.equal(issuer);
  });

  it("tells the issuer, which is AWS's and https", async () => {
    expect(await settled(trust.issuer)).to.match(/^https:\/\/[0-9a-f-]{36}\.tokens\.sts\.global\.api\.aws$/);
  });
});
