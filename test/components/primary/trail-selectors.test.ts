import { expect } from "chai";
import { writesTo } from "../../../components/primary/trail-selectors.ts";

describe("what the trail writes down", () => {
  it("is every call that changes an object of the bucket, and no read", () => {
    expect(writesTo("arn:aws:s3:::shop-content").fieldSelectors).to.deep.equal([
      { field: "eventCategory", equals: ["Data"] },
      { field: "resources.type", equals: ["AWS::S3::Object"] },
      { field: "resources.ARN", startsWiths: ["arn:aws:s3:::shop-content/"] },
      { field: "readOnly", equals: ["false"] },
    ]);
  });
});
