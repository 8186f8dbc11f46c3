import { expect } from "chai";
import { Permanent } from "../../../lambdas/objects/failure.ts";
import { namesIn, readHint, writeHint } from "../../../lambdas/secrets/hints.ts";

const ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/api-AbCdEf";
const event = (detail: object) =>
  JSON.stringify({ version: "0", source: "aws.secretsmanager", time: "2026-11-21T10:00:00Z", detail });

describe("the secrets that an event speaks of", () => {
  it("are named by Secrets Manager's own event", () => {
    const told = { name: "shop/api", labelUpdated: "AWSCURRENT", versionId: "v1" };
    expect(readHint(event(told))).to.deep.equal({ secrets: ["shop/api"], at: new Date("2026-11-21T10:00:00Z") });
  });

  it("are named somewhere in the record of a call, by CloudTrail", () => {
    const calls: [object, string[]][] = [
      [{ requestParameters: { secretId: "shop/api" }, responseElements: { arn: ARN } }, [ARN, "shop/api"]],
      [{ requestParameters: { secretId: ARN }, responseElements: { aRN: ARN } }, [ARN]],
      [{ requestParameters: { name: "shop/api", clientRequestToken: "x" }, responseElements: null }, ["shop/api"]],
      [{ additionalEventData: { SecretId: ARN }, requestParameters: null }, [ARN]],
    ];
    for (const [detail, secrets] of calls) expect(readHint(event(detail)).secrets).to.deep.equal(secrets);
  });

  it("is the one that a comparison wants looked at", () => {
    expect(readHint(writeHint("shop/api"))).to.deep.equal({ secrets: ["shop/api"] });
  });

  it("are none in another message, of which nothing is repeated", () => {
    for (const body of [
      "canary-1",
      '{"canary-1": 1}',
      event({ canary: "canary-1" }),
      JSON.stringify({ source: "aws.s3" }),
    ]) {
      expect(() => readHint(body))
        .to.throw(Permanent, /^expected an event/)
        .that.does.not.match(/canary/);
    }
  });
});

describe("the names that a secret may have had", () => {
  it("are the name itself, or an ARN's with and without its last six letters", () => {
    expect(namesIn("shop/api-AbCdEf")).to.deep.equal(["shop/api-AbCdEf"]);
    expect(namesIn(ARN)).to.deep.equal(["shop/api", "shop/api-AbCdEf"]);
    expect(namesIn("arn:aws:secretsmanager:eu-west-1:111122223333:secret:short")).to.deep.equal(["short"]);
  });
});
