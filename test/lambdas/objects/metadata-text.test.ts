import { expect } from "chai";
import fc from "fast-check";
import { decodeName, decodeValue, encodeName, encodeValue } from "../../../lambdas/objects/metadata-text.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("_", "__", "a", "2d", "5f", "-", "A", "1", "dr_", "é", "🙂") }),
);

describe("a name in a blob's metadata", () => {
  for (const name of ["author", "content_id", "a1", "a_1_b", "d", "dr", "drx_y"]) {
    it(`stays when it is ${name}, an identifier in lower case`, () => {
      expect(encodeName(name)).to.equal(name);
      expect(decodeName(name)).to.equal(name);
    });
  }

  const encoded: [what: string, name: string, written: string][] = [
    ["a hyphen", "cache-id", "cache__2did"],
    ["capitals, which Azure compares as small letters", "Author", "__41uthor"],
    ["a letter that is not ASCII, by its bytes", "größe", "gr__c3__b6__c3__9fe"],
    ["a digit at the start, where no identifier has one", "1st", "__31st"],
    ["a dot and a space", "a.b c", "a__2eb__20c"],
    ["two underscores", "a__2d", "a__5f__5f2d"],
    ["an underscore that is not between letters or digits", "_a-_b_", "__5fa__2d__5fb__5f"],
    ["the replicator's own beginning", "dr_etag", "__64r_etag"],
    ["what would get that beginning", "dr-x", "__64r__2dx"],
    ["what JavaScript has a meaning for", "__proto__", "__5f__5fproto__5f__5f"],
    ["a name that parsers of XML refuse", "constructor", "__63onstructor"],
    ["another that they refuse", "prototype", "__70rototype"],
    ["nothing at all", "", "__"],
  ];
  for (const [what, name, written] of encoded) {
    it(`is written otherwise when it has ${what}`, () => {
      expect(encodeName(name)).to.equal(written);
      expect(decodeName(written)).to.equal(name);
    });
  }

  it("is always a C# identifier in lower case, and never one of the replicator's", () => {
    fc.assert(
      fc.property(anyText, (name) => {
        expect(encodeName(name))
          .to.match(/^[a-z_][a-z0-9_]*$/)
          .and.not.match(/^dr_/);
      }),
      { numRuns: 1000 },
    );
  });

  it("comes back as it was, so no two names share one", () => {
    fc.assert(
      fc.property(anyText, (name) => {
        expect(decodeName(encodeName(name))).to.equal(name);
      }),
      { numRuns: 1000 },
    );
  });

  for (const written of ["__zz", "a___2d", "__61", "a__5fb", "__ff", "_a", "Author", "dr_etag"]) {
    it(`stays ${written} when somebody else wrote it and no name is encoded so`, () => {
      expect(decodeName(written)).to.equal(written);
    });
  }
});

describe("a value in metadata", () => {
  for (const value of ["a", "a b", "a  b", "=?UTF-8?Q?=C3=BC?=", "+/=", "deflate:"]) {
    it(`stays when it is ${JSON.stringify(value)}, printable ASCII`, () => {
      expect(encodeValue(value)).to.equal(value);
      expect(decodeValue(value)).to.equal(value);
    });
  }

  const encoded: [what: string, value: string, written: string][] = [
    ["not ASCII", "ü", "=?UTF-8?B?w7w=?="],
    ["nothing, which Azure drops", "", "=?UTF-8?B??="],
    ["begun by a blank, which is cut off", " a", "=?UTF-8?B?IGE=?="],
    ["ended by a blank", "a ", "=?UTF-8?B?YSA=?="],
    ["of two lines", "a\nb", "=?UTF-8?B?YQpi?="],
    ["an encoded word itself", "=?UTF-8?B?w7w=?=", "=?UTF-8?B?PT9VVEYtOD9CP3c3dz0/PQ==?="],
  ];
  for (const [what, value, written] of encoded) {
    it(`is an encoded word when it is ${what}`, () => {
      expect(encodeValue(value)).to.equal(written);
      expect(decodeValue(written)).to.equal(value);
    });
  }

  it("is always one that a header takes as it is", () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(encodeValue(value)).to.match(/^[!-~]([ -~]*[!-~])?$/);
      }),
      { numRuns: 1000 },
    );
  });

  it("comes back as it was", () => {
    const anyValue = fc.oneof(
      anyText,
      anyText.map(encodeValue),
      fc.base64String().map((text) => `=?UTF-8?B?${text}?=`),
    );
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(decodeValue(encodeValue(value))).to.equal(value);
      }),
      { numRuns: 1000 },
    );
  });

  for (const written of ["=?UTF-8?B?/w==?=", "=?UTF-8?B?!?=", "=?ISO-8859-1?B?/A==?=", "=?UTF-8?B?w7w=?= x"]) {
    it(`stays ${written} when it is no encoded word of UTF-8`, () => {
      expect(decodeValue(written)).to.equal(written);
    });
  }
});
