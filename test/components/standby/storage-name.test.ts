import { expect } from "chai";
import fc from "fast-check";
import { storageAccountName } from "../../../components/standby/storage-name.ts";

describe("a storage account's name", () => {
  it("says what the account is for, and ends with what makes it unique", () => {
    expect(storageAccountName(["shop", "copies"], "a1b2c3d4")).to.equal("shopcopiesa1b2c3d4");
  });

  it("leaves out what Azure does not take", () => {
    expect(storageAccountName(["My-Shop_2", "übergröße"], "a1b2c3d4")).to.equal("myshop2bergrea1b2c3d4");
  });

  it("is cut where room ends, never in what makes it unique", () => {
    expect(storageAccountName(["a-very-long-workload", "copies"], "a1b2c3d4")).to.equal("averylongworkloaa1b2c3d4");
  });

  const anyWords = fc.array(fc.string({ unit: "grapheme" }));
  const anySuffix = fc.stringMatching(/^[a-z0-9]{3,24}$/);

  it("is always one that Azure takes", () => {
    fc.assert(
      fc.property(anyWords, anySuffix, (words, suffix) => {
        expect(storageAccountName(words, suffix)).to.match(/^[a-z0-9]{3,24}$/);
      }),
    );
  });

  it("is another for another suffix of the same length", () => {
    fc.assert(
      fc.property(
        anyWords,
        fc.stringMatching(/^[a-z0-9]{8}$/),
        fc.stringMatching(/^[a-z0-9]{8}$/),
        (words, one, other) => {
          fc.pre(one !== other);
          expect(storageAccountName(words, one)).to.not.equal(storageAccountName(words, other));
        },
      ),
    );
  });
});
