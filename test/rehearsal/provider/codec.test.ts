import { expect } from "chai";
import fc from "fast-check";
import { fromStruct, hasUnknown, type Properties, toStruct, UNKNOWN } from "../../../rehearsal/provider/codec.ts";

/** What a program can hand over. `__proto__` is no name of a property anywhere. */
const json = fc.letrec<{ value: unknown; bag: Properties }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
    fc.string({ unit: "grapheme" }),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("bag"),
  ),
  bag: fc.dictionary(
    fc.string({ unit: "grapheme" }).filter((key) => key !== "__proto__"),
    tie("value"),
    { maxKeys: 4, noNullPrototype: true },
  ),
}));

describe("properties on the wire", () => {
  it("come out as they went in", () => {
    fc.assert(
      fc.property(json.bag, (properties) => {
        const bytes = toStruct(properties).serializeBinary();
        const Struct = toStruct({}).constructor as unknown as { deserializeBinary(bytes: Uint8Array): never };
        expect(fromStruct(Struct.deserializeBinary(bytes))).to.deep.equal(properties);
      }),
    );
  });

  it("leave out what is undefined, and keep its place in a list", () => {
    const properties = { a: undefined, b: { c: undefined, d: 1 }, e: [undefined, 2] };
    expect(fromStruct(toStruct(properties))).to.deep.equal({ b: { d: 1 }, e: [null, 2] });
  });

  it("are an empty bag where there is none", () => {
    expect(fromStruct(undefined)).to.deep.equal({});
  });
});

describe("a value that is not known yet", () => {
  it("is found however deep it lies", () => {
    for (const value of [UNKNOWN, [UNKNOWN], { a: UNKNOWN }, { a: [{ b: [1, UNKNOWN] }] }]) {
      expect(hasUnknown(value), JSON.stringify(value)).to.equal(true);
    }
  });

  it("is not seen in what is known, not even in a text that only has it in it", () => {
    fc.assert(fc.property(json.value, (value) => !hasUnknown(value)));
    expect(hasUnknown(`${UNKNOWN} and more`)).to.equal(false);
  });
});
