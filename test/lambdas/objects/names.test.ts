import { expect } from "chai";
import fc from "fast-check";
import { blobNameOf, blobPrefixOf, keyOf } from "../../../lambdas/objects/names.ts";

describe("the name of the blob for a key", () => {
  const same = [
    "a.txt",
    "a/b/c",
    "/a",
    "a//b",
    ".hidden",
    "a/.hidden/b",
    "...a",
    "a ",
    " a",
    "a b+c%20d%5c",
    'it\'s "quoted"',
    "what?#yes&no=1;2,3:4@5$root*|<>^`{}~[]",
    "unicode/übergrößen-日本語-🙂.txt",
    "é",
    "e\u0301",
    `${"/".repeat(249)}a`,
  ];
  for (const key of same) {
    it(`is ${JSON.stringify(key.slice(0, 50))} itself`, () => {
      expect(blobNameOf(key)).to.equal(key);
      expect(keyOf(key)).to.equal(key);
    });
  }

  const changed: [what: string, key: string, name: string][] = [
    ["turns a backslash into a slash", "a\\b", "a⡜b"],
    ["drops a dot at the end", "a.", "a⠮"],
    ["drops the dots at the end", "a...", "a..⠮"],
    ["drops a dot before a slash", "a./b", "a⠮/b"],
    ["takes one dot for where it is", ".", "⠮"],
    ["takes two dots for one folder up", "a/../b", "a/.⠮/b"],
    ["may drop a slash at the end", "docs/", "docs⠯"],
    ["may drop the last of two slashes", "docs//", "docs/⠯"],
    ["may drop a slash alone", "/", "⠯"],
    ["refuses a line feed", "a\nb", "a⠊b"],
    ["refuses a zero", "\u0000", "⠀"],
    ["refuses DEL", "a\u007f", "a⡿"],
    ["refuses a C1 control character", "\u0085", "⣂⢅"],
    ["refuses what is of private use", "\uf8ff", "⣯⢣⢿"],
    ["refuses the replacement character", "\ufffd", "⣯⢿⢽"],
    ["refuses a non-character", "\uffff", "⣯⢿⢿"],
    ["refuses a non-character of another plane", "\u{1fffe}", "⣰⢟⢿⢾"],
    ["would mix up what is Braille already", "⠯", "⣢⢠⢯"],
    ["takes no more than 254 path segments", `${"a/".repeat(251)}b`, `${"a/".repeat(249)}a⠯a⠯b`],
  ];
  for (const [what, key, name] of changed) {
    it(`has Braille where Azure ${what}`, () => {
      expect(blobNameOf(key)).to.equal(name);
      expect(keyOf(name)).to.equal(key);
    });
  }

  it("is one that Azure takes as it is, whatever the key", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        const name = blobNameOf(key);
        expect(name.length, "characters").to.be.within(1, 1024);
        expect(name.split("/").length, "path segments").to.be.at.most(254);
        expect(name).to.not.match(/\\|\.(\/|$)|\/$/);
        expect(name).to.not.match(/[\p{Cc}\p{Co}\p{Noncharacter_Code_Point}\ufff0-\uffff]/u);
      }),
      { numRuns: 1000 },
    );
  });

  it("is never longer than the key has bytes, so 1024 of them always fit", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(blobNameOf(key).length).to.be.at.most(Buffer.byteLength(key));
      }),
      { numRuns: 1000 },
    );
    const longest = ["\\", "\u0085", "\uf8ff", "\u{10ffff}", "/", ".", "⠯"];
    for (const character of longest) {
      const key = character.repeat(1024 / Buffer.byteLength(character));
      expect(blobNameOf(key).length).to.be.at.most(1024);
      expect(keyOf(blobNameOf(key))).to.equal(key);
    }
  });

  it("tells the key again, so no two keys share a name", () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(keyOf(blobNameOf(key))).to.equal(key);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the key of a blob that is no copy", () => {
  for (const name of ["⡁⡂", "a⠯b", "docs/", "⣿", "a.", "⣯⢿", "x⠮y"]) {
    it(`is ${JSON.stringify(name)} as it stands, and gives another name`, () => {
      expect(keyOf(name)).to.equal(name);
      expect(blobNameOf(keyOf(name))).to.not.equal(name);
    });
  }

  it("is there for any name", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, minLength: 1 }), (name) => {
        const key = keyOf(name);
        expect(key === name || blobNameOf(key) === name).to.equal(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("the prefix of the blobs for a prefix of keys", () => {
  const prefixes: [prefix: string, name: string][] = [
    ["", ""],
    ["logs/2026", "logs/2026"],
    ["logs/", "logs"],
    ["logs/2026.", "logs/2026"],
    ["a..", "a."],
    ["a./", "a⠮"],
    ["a\\", "a⡜"],
    ["/", ""],
  ];
  for (const [prefix, name] of prefixes) {
    it(`is ${JSON.stringify(name)} for ${JSON.stringify(prefix)}`, () => {
      expect(blobPrefixOf(prefix)).to.equal(name);
    });
  }

  it("misses no key", () => {
    fc.assert(
      fc.property(anyKey, fc.nat(), (key, cut) => {
        const characters = [...key];
        const prefix = characters.slice(0, cut % (characters.length + 1)).join("");
        expect(blobNameOf(key).startsWith(blobPrefixOf(prefix))).to.equal(true);
      }),
      { numRuns: 2000 },
    );
  });
});

const awkward = ["/", ".", "\\", "\u0000", "\n", "\u007f", "\u0085", "\ue000", "\uf8ff", "\ufdd0", "\ufffd", "\uffff"];
const anyCharacter = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...awkward, "⠀", "⠮", "⠯", "⣯", "⢿", "⣿", "\u{1fffe}", "\u{f0000}", "-") },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 1 }) },
);
const anyKey = fc
  .oneof(
    fc.string({ unit: anyCharacter, minLength: 1 }),
    fc.string({ unit: anyCharacter, minLength: 200, maxLength: 1024, size: "max" }),
    fc.string({ unit: fc.constantFrom("/", "."), minLength: 240, maxLength: 1024, size: "max" }),
  )
  .map(firstKibibyte);

/** As much of a text as S3 takes for a key. */
function firstKibibyte(text: string): string {
  let bytes = 0;
  let key = "";
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > 1024) break;
    key += character;
  }
  return key;
}
