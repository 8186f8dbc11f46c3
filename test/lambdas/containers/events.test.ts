import { expect } from "chai";
import fc from "fast-check";
import { askFor, readHint } from "../../../lambdas/containers/events.ts";
import { Permanent } from "../../../lambdas/objects/failure.ts";

const DIGEST = `sha256:${"7f".repeat(32)}`;

/** As the user guide shows it ("Amazon ECR events and EventBridge"). */
const push = (detail: object) =>
  JSON.stringify({
    version: "0",
    id: "13cde686-328b-6117-af20-0e5566167482",
    "detail-type": "ECR Image Action",
    source: "aws.ecr",
    account: "123456789012",
    time: "2026-11-16T01:54:34Z",
    region: "eu-west-1",
    resources: [],
    detail: {
      result: "SUCCESS",
      "action-type": "PUSH",
      "repository-name": "shop/web",
      "image-digest": DIGEST,
      ...detail,
    },
  });

describe("a message of the queue says what to look at", () => {
  const at = new Date("2026-11-16T01:54:34Z");

  it("a tag that was pushed, and when", () => {
    expect(readHint(push({ "image-tag": "latest" }))).to.deep.equal({
      repository: "shop/web",
      reference: "latest",
      at,
    });
  });

  it("a digest, where what was pushed has no tag", () => {
    for (const detail of [{}, { "image-tag": "" }]) {
      expect(readHint(push(detail))).to.deep.equal({ repository: "shop/web", reference: DIGEST, at });
    }
  });

  it("a tag that a sweep asks for", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/), (tag) => {
        expect(readHint(askFor("shop/web", tag))).to.deep.equal({
          repository: "shop/web",
          reference: tag,
          at: undefined,
        });
      }),
    );
  });

  it("or nothing of an image, which no other try mends", () => {
    const others = [
      "",
      "{}",
      "[]",
      '{"source":"aws.s3"}',
      push({ "image-digest": "latest" }),
      push({ "image-tag": "a/b" }),
    ];
    for (const body of [...others, push({ "image-digest": undefined })]) {
      expect(() => readHint(body), body).to.throw(Permanent, /^expected/);
    }
  });
});
