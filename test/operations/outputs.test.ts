import { expect } from "chai";
import { outputsOf, requireSameWorkload, textIn } from "../../operations/outputs.ts";

const SHOP = { workload: "shop", region: "eu-west-1" };
const BILLING = { workload: "billing", region: "eu-west-1" };

describe("outputs of a stack", () => {
  it("are the one workload's own, named or not", () => {
    for (const name of [undefined, "shop"]) {
      expect(outputsOf("prod", SHOP, name)).to.deep.equal({
        stack: "prod",
        workload: "shop",
        listed: false,
        values: SHOP,
      });
    }
  });

  it("are found by the workload's name where there are several", () => {
    const found = outputsOf("prod", { shop: SHOP, billing: BILLING }, "billing");
    expect(found).to.deep.equal({ stack: "prod", workload: "billing", listed: true, values: BILLING });
  });

  it("say which workloads there are when none is named, or one that is not there", () => {
    const both = { shop: SHOP, billing: BILLING };
    expect(() => outputsOf("prod", both)).to.throw("expected --workload with one of billing, shop, for stack prod");
    expect(() => outputsOf("prod", both, "shoe")).to.throw("expected one of stack prod, billing, shop, found shoe");
    expect(() => outputsOf("prod", SHOP, "shoe")).to.throw("expected one of stack prod, shop, found shoe");
  });

  it("say that the stack was never deployed when there are none", () => {
    expect(() => outputsOf("dr", {})).to.throw("found none; deploy it: `pulumi up --stack dr`");
  });

  it("say which one is missing, and that the stack is to be deployed as it is now", () => {
    const found = outputsOf("prod", SHOP);
    expect(textIn(found, "region")).to.equal("eu-west-1");
    expect(() => textIn(found, "contentBucketName")).to.throw(
      "stack prod has no output contentBucketName of workload shop",
    );
  });

  it("of two stacks go together when they are of one workload", () => {
    const [prod, dr] = [outputsOf("prod", SHOP), outputsOf("dr", BILLING)];
    requireSameWorkload(prod, outputsOf("dr", SHOP));
    expect(() => requireSameWorkload(prod, dr)).to.throw(
      "found shop in prod and billing in dr; name it with --workload",
    );
  });
});
