import { expect } from "chai";
import fc from "fast-check";
import { widthOf, wrap } from "../../../rehearsal/report-page/letters.ts";

/** Size at which a letter of ordinary width is one wide. */
const SIZE = 1 / 0.64;

describe("the width of a text", () => {
  it("grows with its letters and their size, and more with those that are broad", () => {
    expect(widthOf("servers", SIZE)).to.be.closeTo(7, 0.7);
    expect(widthOf("aaaa", 2 * SIZE)).to.be.closeTo(8, 1e-9);
    expect(widthOf("WWWW", SIZE)).to.be.closeTo(6.4, 1e-9);
    expect(widthOf("ABCD", SIZE)).to.be.closeTo(4.8, 1e-9);
    expect(widthOf("日本", SIZE)).to.be.closeTo(4, 1e-9);
    expect(widthOf("e\u0301", SIZE)).to.be.closeTo(1, 1e-9);
  });

  it("allows for fonts that draw the parts of a letter one by one", () => {
    expect(widthOf("👩‍👩‍👧", SIZE)).to.be.closeTo(6, 1e-9);
  });
});

describe("a text in lines", () => {
  it("breaks between words", () => {
    expect(wrap("the standby record is healthy", 12, SIZE)).to.deep.equal(["the standby", "record is", "healthy"]);
  });

  it("breaks within a word where that alone is wider than a line", () => {
    expect(wrap("a bcdefghij k", 4, SIZE)).to.deep.equal(["a", "bcde", "fghi", "j k"]);
  });

  it("keeps the parts of a time together", () => {
    const lines = wrap("it took 3 min 12 s or 1 h 5 min", 11, SIZE);
    expect(lines.map((line) => line.replaceAll("\u00a0", " "))).to.deep.equal([
      "it took",
      "3 min 12 s",
      "or",
      "1 h 5 min",
    ]);
  });

  it("has no line for no text", () => {
    expect(wrap("", 10, SIZE)).to.deep.equal([]);
    expect(wrap(" \n\t ", 10, SIZE)).to.deep.equal([]);
  });

  it("keeps every letter in its order, and is nowhere wider than asked, but for a single letter", () => {
    const text = fc
      .array(fc.string({ unit: "grapheme", maxLength: 30 }), { maxLength: 8 })
      .map((words) => words.join(" "));
    const plain = (given: string) => given.replace(/\s/g, "");
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (given, width) => {
        const lines = wrap(given, width, SIZE);
        expect(plain(lines.join(""))).to.equal(plain(given));
        for (const line of lines) {
          const letters = [...new Intl.Segmenter("en").segment(line)].length;
          if (letters > 1) expect(widthOf(line, SIZE), JSON.stringify(line)).to.be.at.most(width + 1e-9);
          expect(letters).to.be.above(0);
        }
      }),
    );
  });
});
