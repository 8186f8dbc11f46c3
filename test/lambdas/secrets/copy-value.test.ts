import { expect } from "chai";
import fc from "fast-check";
import { Permanent } from "../../../lambdas/objects/failure.ts";
import { BASE64, copyValueOf, LONGEST_VALUE } from "../../../lambdas/secrets/copy-value.ts";

describe("the value of a secret's copy", () => {
  it("is the text, with what it is", () => {
    expect(copyValueOf({ text: "hush" })).to.deep.equal({ value: "hush", contentType: "text/plain" });
    expect(copyValueOf({ text: '{"a": 1}' })).to.deep.equal({ value: '{"a": 1}', contentType: "application/json" });
    expect(copyValueOf({ text: "{a" })).to.deep.equal({ value: "{a", contentType: "text/plain" });
    expect(copyValueOf({ text: "12" })).to.deep.equal({ value: "12", contentType: "text/plain" });
  });

  it("is base64 of binary data, which gives back every byte", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (binary) => {
        const { value, contentType } = copyValueOf({ binary });
        expect(contentType).to.equal(BASE64);
        expect([...Buffer.from(value, "base64")]).to.deep.equal([...binary]);
      }),
    );
  });

  it("ends at what a vault takes, counted in bytes and as base64", () => {
    expect(copyValueOf({ text: "x".repeat(LONGEST_VALUE) }).value).to.have.length(LONGEST_VALUE);
    expect(copyValueOf({ binary: Buffer.alloc(18_750) }).value).to.have.length(LONGEST_VALUE);
    expect(() => copyValueOf({ text: "ä".repeat(LONGEST_VALUE / 2 + 1) })).to.throw(
      Permanent,
      /^the secret has 25002 bytes/,
    );
    expect(() => copyValueOf({ binary: Buffer.alloc(18_751) })).to.throw(
      Permanent,
      "the secret has 18751 bytes, which are 25004 as base64, and a vault takes 25000: divide it into several, or keep it " +
        "elsewhere and take its tag away; its former copy stays",
    );
  });

  it("is in no refusal", () => {
    const canary = "canary-7f3a";
    const text = canary.repeat(3000);
    expect(() => copyValueOf({ text }))
      .to.throw(Permanent)
      .that.does.not.include({ message: canary });
    try {
      copyValueOf({ text });
    } catch (error) {
      expect(JSON.stringify([(error as Error).message, (error as Error).stack, error])).not.to.include(canary);
    }
  });
});
