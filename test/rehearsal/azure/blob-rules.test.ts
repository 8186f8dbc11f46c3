import { expect } from "chai";
import fc from "fast-check";
import { Refused } from "../../../rehearsal/azure/blob-refusal.ts";
import { checkWrite } from "../../../rehearsal/azure/blob-rules.ts";

const NAME = "400 InvalidResourceName";

/** How a write of a blob is answered before anything is written. */
function outcome(blob: string, ...headers: string[]): string {
  try {
    const query = new URLSearchParams();
    checkWrite({ method: "PUT", container: "c", blob, query, onlyIfNew: false }, headers);
    return "taken";
  } catch (error) {
    const { status, code } = error as Refused;
    expect(error).to.be.instanceOf(Refused);
    return `${status} ${code}`;
  }
}

describe("what Azure refuses and Azurite does not", () => {
  const names: [what: string, name: string, expected: string][] = [
    ["an ordinary name", "folder/file.txt", "taken"],
    ["a name that ends with a slash", "folder/", "taken"],
    ["1024 characters", "ü".repeat(1024), "taken"],
    ["1025 characters", "a".repeat(1025), "400 OutOfRangeInput"],
    ["254 segments", "a/".repeat(253).concat("a"), "taken"],
    ["255 segments", "a/".repeat(254).concat("a"), NAME],
    ["a dot at the end", "file.", NAME],
    ["a dot at the end of a segment", "folder./file", NAME],
    ["a step up", "a/../b", NAME],
    ["a backslash", "a\\b", NAME],
    ["a control character", "a\u0007b", NAME],
    ["a C1 control character", "a\u0081b", NAME],
    ["a character of private use", "a\ue000b", NAME],
    ["no character at all", "a\ufffeb", NAME],
    ["letters of every script", "übergrößen-日本語-🙂", "taken"],
  ];
  for (const [what, name, expected] of names) {
    it(`${what}: ${expected}`, () => {
      expect(outcome(name.split("/").map(encodeURIComponent).join("/"))).to.equal(expected);
    });
  }

  it("what is no encoding: 400 InvalidUri", () => {
    expect(outcome("100%")).to.equal("400 InvalidUri");
  });

  const metadata: [name: string, value: string, expected: string][] = [
    ["dr_version", "1", "taken"],
    ["_x1", " blanks ", "taken"],
    ["Content-SHA256", "1", "400 InvalidMetadata"],
    ["1st", "1", "400 InvalidMetadata"],
    ["a.b", "1", "400 InvalidMetadata"],
    ["umlaut", "\u00fc", "400 InvalidMetadata"],
    ["", "1", "400 EmptyMetadataKey"],
  ];
  for (const [name, value, expected] of metadata) {
    it(`metadata ${JSON.stringify(name)} of ${JSON.stringify(value)}: ${expected}`, () => {
      expect(outcome("a", `X-Ms-Meta-${name}`, value)).to.equal(expected);
    });
  }

  it("metadata of more than 8 KiB, names and values together: 400 MetadataTooLarge", () => {
    expect(outcome("a", "x-ms-meta-ab", "x".repeat(8190))).to.equal("taken");
    expect(outcome("a", "x-ms-meta-ab", "x".repeat(8191))).to.equal("400 MetadataTooLarge");
    expect(outcome("a", "x-ms-meta-a", "x".repeat(5000), "x-ms-meta-b", "x".repeat(5000))).to.match(/MetadataTooLarge/);
  });

  const tags: [what: string, tags: string, expected: string][] = [
    ["a tag", "dr_gone=yes", "taken"],
    ["all that may be in one", "a%20b%2Bc-d.e%2Ff%3Ag%3Dh_i=1+2", "taken"],
    ["ten", Array.from({ length: 10 }, (_, index) => `t${index}=`).join("&"), "taken"],
    ["eleven", Array.from({ length: 11 }, (_, index) => `t${index}=`).join("&"), "400 TagsTooLarge"],
    ["a long name", `${"x".repeat(129)}=1`, "400 TagsTooLarge"],
    ["a long value", `x=${"1".repeat(257)}`, "400 TagsTooLarge"],
    ["no name", "=1", "400 EmptyTagName"],
    ["one twice", "a=1&a=2", "400 DuplicateTagNames"],
    ["an umlaut", "a=%C3%BC", "400 InvalidTag"],
    ["an at sign", "a=b%40c", "400 InvalidTag"],
  ];
  for (const [what, value, expected] of tags) {
    it(`tags with ${what}: ${expected}`, () => {
      expect(outcome("a", "x-ms-tags", value)).to.equal(expected);
    });
  }

  it("nothing of a request that only reads", () => {
    const query = new URLSearchParams();
    checkWrite({ method: "GET", container: "c", blob: "a.", query, onlyIfNew: false }, []);
  });

  it("takes every name of letters, digits and what stands between them", () => {
    const segment = fc.stringMatching(/^[a-z0-9 _+!-]{1,8}$/);
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 9 }), (segments) => {
        expect(outcome(segments.map(encodeURIComponent).join("/"))).to.equal("taken");
      }),
    );
  });
});
