import { expect } from "chai";
import fc from "fast-check";
import { covers, namesAction, overlaps } from "../../../../policy/audit/iam/patterns.ts";

const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 5 });
/** Every text of up to four letters: enough to tell patterns of five apart in what these tests ask. */
const TEXTS = [""].concat(
  ...[1, 2, 3, 4].map((length) =>
    Array.from({ length: 3 ** length }, (_, number) =>
      Array.from({ length }, (_, place) => "abc"[Math.floor(number / 3 ** place) % 3]).join(""),
    ),
  ),
);
const matches = (one: string, text: string) =>
  new RegExp(`^${one.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(text);

describe("patterns of policies", () => {
  it("overlap where some text matches both", () => {
    expect(overlaps("arn:aws:s3:::shop-*", "arn:aws:s3:::*-content/*")).to.equal(true);
    expect(overlaps("arn:aws:s3:::shop-*", "arn:aws:s3:::other/*")).to.equal(false);
    expect(overlaps("", "*")).to.equal(true);
    expect(overlaps("", "?")).to.equal(false);
  });

  it("cover where all that matches one matches the other", () => {
    expect(covers("arn:aws:s3:::shop/*", "arn:aws:s3:::shop/a/*")).to.equal(true);
    expect(covers("arn:aws:s3:::shop/a/*", "arn:aws:s3:::shop/*")).to.equal(false);
    expect(covers("*", "*")).to.equal(true);
    expect(covers("?", "*")).to.equal(false);
  });

  it("overlap exactly when a text can be found, whichever stands first", () => {
    fc.assert(
      fc.property(pattern, pattern, (one, other) => {
        const found = TEXTS.some((text) => matches(one, text) && matches(other, text));
        if (found) expect(overlaps(one, other)).to.equal(true);
        expect(overlaps(one, other)).to.equal(overlaps(other, one));
      }),
    );
  });

  it("never cover what has a text that they do not match", () => {
    fc.assert(
      fc.property(pattern, pattern, (whole, part) => {
        if (!covers(whole, part)) return;
        for (const text of TEXTS) if (matches(part, text)) expect(matches(whole, text), text).to.equal(true);
        expect(overlaps(whole, part)).to.equal(true);
      }),
    );
  });

  it("name actions whatever their capitals", () => {
    expect(namesAction("S3:delete*", "s3:DeleteObjectVersion")).to.equal(true);
    expect(namesAction("s3:Get*", "s3:DeleteObjectVersion")).to.equal(false);
  });
});
