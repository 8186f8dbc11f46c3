import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { loginSecret, newPassword } from "../../components/login-secret.ts";
import { expectProtected, expectTags, TAGS } from "../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../support/mocks.ts";

function deployLogin(protect: boolean, generation = 1) {
  return deploy(() => {
    const parent = new pulumi.ComponentResource("test:index:Parent", "shop-parent");
    const password = newPassword("shop", generation, parent);
    const after = new pulumi.ComponentResource("test:index:Server", "shop-server");
    const description = "A user";
    return loginSecret("shop", { description, username: "reader", password, protect, tags: TAGS }, parent, [after]);
  });
}

describe("the secret of a login", () => {
  let resources: Registrations;
  let arn: pulumi.Output<string>;

  before(async () => {
    ({ resources, result: arn } = await deployLogin(true));
  });

  it("has a password of letters and digits, as long as MySQL takes one from a follower", () => {
    const { length, special, minLower, minUpper, minNumeric } = resources.named("shop-password").inputs;
    expect({ length, special }).to.deep.equal({ length: 32, special: false });
    expect([minLower, minUpper, minNumeric]).to.deep.equal([1, 1, 1]);
  });

  it("has user and password in it, which nobody reads in the state", () => {
    const { inputs, secrets } = resources.named("shop-secret-value");
    expect(JSON.parse(String(inputs.secretString))).to.have.all.keys("username", "password");
    expect(JSON.parse(String(inputs.secretString)).username).to.equal("reader");
    expect(secrets).to.deep.equal(["secretString"]);
  });

  it("tells its ARN once there is something in it", async () => {
    expect(await settled(arn)).to.equal(resources.named("shop-secret-value").inputs.secretId);
  });

  it("is tagged, and says what it is for", () => {
    expectTags(resources, TAGS);
    expect(resources.named("shop-secret").inputs.description).to.equal("A user");
  });

  it("is protected by itself, but never what is in it, which another password replaces", () => {
    expectProtected(resources, ["shop-secret"]);
    expect(resources.named("shop-secret").inputs.recoveryWindowInDays).to.equal(30);
  });

  it("goes at once where nothing protects it", async () => {
    const { resources: free } = await deployLogin(false);
    expectProtected(free, []);
    expect(free.named("shop-secret").inputs.recoveryWindowInDays).to.equal(0);
  });

  it("has another password for another number", async () => {
    const { resources: next } = await deployLogin(true, 7);
    expect(next.named("shop-password").inputs.keepers).to.deep.equal({ generation: "7" });
  });
});
