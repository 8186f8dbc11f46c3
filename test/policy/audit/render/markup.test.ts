import { expect } from "chai";
import fc from "fast-check";
import { escaped } from "../../../../policy/audit/render/markup.ts";

describe("an escaped text", () => {
  it("shows as unreadable what is not for reading: controls, halves of letters, turns of direction", () => {
    expect(escaped("a\u0000b\u0007c\ud800d\u202ee\u2066f")).to.equal("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf");
  });

  it("keeps letters of every kind", () => {
    expect(escaped("Größe 日本語 👩‍👩‍👧 e\u0301")).to.equal("Größe 日本語 👩‍👩‍👧 e\u0301");
  });

  it("ends neither an element nor an attribute, and reads as it was", () => {
    const plain: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };
    const text = fc.string({ unit: fc.constantFrom(..."<>&\"'#;altgqmpuo39 ") });
    fc.assert(
      fc.property(text, (given) => {
        const safe = escaped(given);
        expect(safe).to.not.match(/[<>"']/);
        expect(safe.replace(/&\S+?;/g, (entity) => plain[entity] ?? "?")).to.equal(given);
      }),
    );
  });
});
