import { expect } from "chai";
import fc from "fast-check";
import { copyTagsOf } from "../../../lambdas/secrets/copy-tags.ts";
import { decide } from "../../../lambdas/secrets/decision.ts";
import { compare } from "../../../lambdas/secrets/drift.ts";
import { copyNameOf } from "../../../lambdas/secrets/names.ts";
import { type Copy, REPLICATE_TAG, type SourceSecret } from "../../../lambdas/secrets/secret-state.ts";

const source = (more: Partial<SourceSecret> = {}): SourceSecret => ({
  ...{ name: "api", id: "AbCdEf", version: "v1", deleted: false },
  tags: { [REPLICATE_TAG]: "shop" },
  ...more,
});
const copyOf = (secret: SourceSecret, more: Partial<Copy> = {}): Copy => ({
  ...{ name: copyNameOf(secret.name), enabled: true, tags: copyTagsOf(secret) },
  ...more,
});
const action = (secret: SourceSecret | undefined, copy: Copy | undefined) => decide(secret, copy, "shop").action;

describe("what brings a copy to its source's state", () => {
  it("is a new version where there is none, or one of another version", () => {
    expect(action(source(), undefined)).to.equal("set");
    expect(action(source({ version: "v2" }), copyOf(source()))).to.equal("set");
    expect(action(source({ id: "ZzZzZz" }), copyOf(source()))).to.equal("set");
  });

  it("is nothing where the copy is of that version", () => {
    expect(action(source(), copyOf(source()))).to.equal("keep");
  });

  it("is a change of tags, or the right to read it again, without the value", () => {
    const tagged = source({ tags: { [REPLICATE_TAG]: "shop", Owner: "team" } });
    expect(decide(tagged, copyOf(source()), "shop")).to.deep.equal({ action: "change", tags: copyTagsOf(tagged) });
    expect(action(source(), copyOf(source(), { enabled: false }))).to.equal("change");
  });

  it("is that nobody reads it, once its source is deleted, gone, or may not cross any more", () => {
    const copy = copyOf(source());
    for (const gone of [
      undefined,
      source({ deleted: true }),
      source({ tags: {} }),
      source({ tags: { [REPLICATE_TAG]: "billing" } }),
      source({ tags: { [REPLICATE_TAG]: "true" } }),
      source({ version: undefined }),
    ]) {
      expect(action(gone, copy)).to.equal("disable");
      expect(action(gone, { ...copy, enabled: false })).to.equal("keep");
      expect(action(gone, undefined), "and nothing crosses").to.equal("keep");
    }
  });

  it("is nobody's to decide where somebody else wrote last", () => {
    const foreign = { name: "api", enabled: true, tags: { note: "rotated by hand" } };
    expect(action(source(), foreign)).to.equal("foreign");
    expect(action(undefined, foreign)).to.equal("keep");
  });
});

describe("a comparison of both sides", () => {
  it("names what is missing, stale, extra or somebody else's, with the versions' ids", () => {
    const sources = [
      source({ name: "missing" }),
      source({ name: "stale", version: "v2" }),
      source({ name: "agreeing" }),
      source({ name: "foreign" }),
      source({ name: "untagged", tags: {} }),
    ];
    const copies = [
      copyOf(source({ name: "stale" })),
      copyOf(source({ name: "agreeing" })),
      copyOf(source({ name: "extra" })),
      { name: "foreign", enabled: true, tags: {} },
      { name: "of-a-person", enabled: true, tags: {} },
    ];
    expect(compare(sources, copies, "shop")).to.deep.equal({
      secrets: 4,
      drift: [
        { secret: "extra", kind: "extra", copied: "v1" },
        { secret: "foreign", kind: "foreign", version: "v1" },
        { secret: "missing", kind: "missing", version: "v1" },
        { secret: "stale", kind: "stale", version: "v2", copied: "v1" },
      ],
    });
  });

  it("finds nothing exactly where nothing is to be done", () => {
    const secrets = fc.record({
      ...{ name: fc.constantFrom("a", "B", "b"), id: fc.constant("AbCdEf"), deleted: fc.boolean() },
      version: fc.constantFrom("v1", "v2", undefined),
      tags: fc.constantFrom({ [REPLICATE_TAG]: "shop" }, {}),
    }) as fc.Arbitrary<SourceSecret>;
    const copies = fc
      .tuple(secrets, fc.boolean(), fc.boolean())
      .map(([secret, enabled, ours]) => copyOf(secret, { enabled, ...(!ours && { tags: {} }) }));
    const distinct = <T extends { name: string }>(one: fc.Arbitrary<T>) =>
      fc.uniqueArray(one, { selector: ({ name }) => name });
    fc.assert(
      fc.property(distinct(secrets), distinct(copies), (sources, found) => {
        const { drift } = compare(sources, found, "shop");
        const due = ["a", "B", "b"].filter((name) => {
          const copy = found.find((each) => each.name === copyNameOf(name));
          return (
            action(
              sources.find((each) => each.name === name),
              copy,
            ) !== "keep"
          );
        });
        expect(drift.map(({ secret }) => secret)).to.have.members(due);
      }),
    );
  });
});
