import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Trust } from "../../../components/replication/trust.ts";
import { expectHouseRules, expectProtected } from "../../support/house-rules.ts";
import { deploy, type Registrations } from "../../support/mocks.ts";

const roleArn = "arn:aws:iam::111122223333:role/shop-objects-role";
const issuer = "https://0a1b2c3d.tokens.sts.global.api.aws";

describe("Trust", () => {
  let resources: Registrations;

  before(async () => {
    ({ resources } = await deploy(
      () =>
        new Trust("shop-trust", {
          roleArn: pulumi.output(roleArn),
          identityName: "shop-content-writer",
          resourceGroupName: "shop-standby",
          issuer,
        }),
    ));
  });

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-trust", "multicloud-dr:replication:Trust");
    expectProtected(resources, []);
  });

  it("has one identity of Azure believe exactly one role of one AWS account", () => {
    expect(resources.names).to.deep.equal(["shop-trust-credential"]);
    expect(resources.named("shop-trust-credential").inputs).to.deep.equal({
      resourceGroupName: "shop-standby",
      resourceName: "shop-content-writer",
      federatedIdentityCredentialResourceName: "shop-trust",
      issuer,
      subject: roleArn,
      audiences: ["api://AzureADTokenExchange"],
    });
  });
});
