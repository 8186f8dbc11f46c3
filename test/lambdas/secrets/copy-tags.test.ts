import { expect } from "chai";
import fc from "fast-check";
import { copyTagsOf, isSameVersion, originOf, versionOf } from "../../../lambdas/secrets/copy-tags.ts";
import { copyNameOf } from "../../../lambdas/secrets/names.ts";
import { REPLICATE_TAG, type SourceSecret } from "../../../lambdas/secrets/secret-state.ts";

const source = (more: Partial<SourceSecret> = {}): SourceSecret => ({
  name: "shop/api",
  id: "AbCdEf",
  version: "v1",
  tags: {},
  deleted: false,
  ...more,
});

const keys = fc.string({ unit: fc.constantFrom(..."abAB09 +-=._:/@"), minLength: 1, maxLength: 128 });

describe("the tags of a secret's copy", () => {
  it("say which version of which secret it is, and what the secret's tags say", () => {
    const tags = { Owner: "shop-team", [REPLICATE_TAG]: "shop", "aws:cloudformation:stack-name": "x" };
    expect(copyTagsOf(source({ tags }))).to.deep.equal({
      "source-name": "shop/api",
      "source-version": "v1",
      "source-id": "AbCdEf",
      Owner: "shop-team",
    });
  });

  it("have the rest of a long name in a second one", () => {
    const name = "n".repeat(500);
    const tags = copyTagsOf(source({ name }));
    expect(tags["source-name"]).to.have.length(256);
    expect(tags["source-name-2"]).to.have.length(244);
    expect(originOf({ name: copyNameOf(name), enabled: true, tags })).to.equal(name);
  });

  it("count what they have no room for, and what Azure takes in no name", () => {
    const many = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`t${String(index).padStart(2, "0")}`, "x"]),
    );
    const full = copyTagsOf(source({ tags: many }));
    expect(Object.keys(full)).to.have.length(15);
    expect(full).to.include({ t00: "x", t10: "x", "source-tags-left-out": "9" }).and.not.to.have.property("t11");
    const odd = copyTagsOf(source({ tags: { "a/b": "1", Owner: "one", owner: "two", "Source-Name": "mine", c: "3" } }));
    expect(odd).to.include({ Owner: "one", c: "3", "source-name": "shop/api", "source-tags-left-out": "3" });
    expect(odd).to.not.have.any.keys("a/b", "owner", "Source-Name");
  });

  it("are never more than a vault takes, and always tell the secret and its version", () => {
    const value = fc.string({ maxLength: 256 });
    fc.assert(
      fc.property(
        fc.dictionary(keys, value, { maxKeys: 50 }),
        fc.string({ unit: fc.constantFrom(..."aB/-"), minLength: 1, maxLength: 512 }),
        (tags, name) => {
          const secret = source({ name, tags });
          const made = copyTagsOf(secret);
          const names = Object.keys(made);
          expect(names.length).to.be.at.most(15);
          expect(new Set(names.map((each) => each.toLowerCase())).size, "in any case").to.equal(names.length);
          expect(Object.values(made).every((each) => each.length <= 256)).to.equal(true);
          expect(names.every((each) => !each.includes("/"))).to.equal(true);
          const copy = { name: copyNameOf(name), enabled: true, tags: made };
          expect(originOf(copy)).to.equal(name);
          expect(isSameVersion(copy, secret)).to.equal(true);
          expect(versionOf(copy)).to.equal("v1");
        },
      ),
    );
  });
});

describe("whose a copy is", () => {
  const copy = { name: copyNameOf("shop/api"), enabled: true };

  it("is nobody's of ours without our tags, or with those of another secret", () => {
    expect(originOf({ ...copy, tags: {} })).to.equal(undefined);
    expect(originOf({ ...copy, tags: { "source-name": "shop/api" } })).to.equal(undefined);
    expect(originOf({ ...copy, tags: copyTagsOf(source({ name: "other" })) })).to.equal(undefined);
    expect(originOf({ ...copy, tags: { "source-name": "no name!", "source-version": "v1" } })).to.equal(undefined);
  });

  it("is of another secret where that was made anew under the same name", () => {
    const tags = copyTagsOf(source());
    expect(isSameVersion({ ...copy, tags }, source({ id: "XyZxYz" }))).to.equal(false);
    expect(isSameVersion({ ...copy, tags }, source({ version: "v2" }))).to.equal(false);
  });
});
