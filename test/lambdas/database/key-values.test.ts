import { expect } from "chai";
import fc from "fast-check";
import type { Column } from "../../../lambdas/database/columns.ts";
import { between, literalOf, orderOf, readable } from "../../../lambdas/database/key-values.ts";

const whole: Column = { name: "id", type: "bigint" };
const text: Column = { name: "na`me", type: "varchar", characterSet: "utf8mb4" };
const bytes: Column = { name: "uuid", type: "binary" };
const decimal: Column = { name: "price", type: "decimal" };
const hex = (value: string) => Buffer.from(value).toString("hex");

describe("a value of a key", () => {
  it("is split as a number, as letters, by counting, or not at all", () => {
    const of = (...types: string[]) => types.map((type) => orderOf({ name: "a", type }));
    expect(new Set(of("tinyint", "smallint", "mediumint", "int", "bigint"))).to.deep.equal(new Set(["whole"]));
    expect(new Set(of("char", "varchar", "binary", "varbinary"))).to.deep.equal(new Set(["letters"]));
    expect(new Set(of("decimal", "date", "datetime", "timestamp", "time", "year"))).to.deep.equal(new Set(["counted"]));
    expect(new Set(of("enum", "set", "float", "double", "bit", "json", "point"))).to.deep.equal(new Set([undefined]));
  });
  it("is read so that nothing of it is lost", () => {
    expect(readable(whole)).to.equal("CAST(`id` AS CHAR)");
    expect(readable(text)).to.equal("HEX(CAST(`na``me` AS BINARY))");
  });
  it("is written so that the server takes it for the same value, in the column's own characters", () => {
    expect(literalOf(whole, "-5")).to.equal("-5");
    expect(literalOf(text, "C3A9")).to.equal("_utf8mb4 X'C3A9'");
    expect(literalOf({ ...text, characterSet: "utf16" }, "00E9")).to.equal("_utf16 X'00E9'");
    expect(literalOf(bytes, "00FF")).to.equal("X'00FF'");
    expect(literalOf({ name: "at", type: "datetime" }, "2026-11-21 00:00:00.5")).to.equal("'2026-11-21 00:00:00.5'");
  });
  it("has a decimal exact: a text would be compared as a floating-point number", () => {
    expect(literalOf(decimal, "12345678901234567890.12")).to.equal("12345678901234567890.12");
  });
});

describe("a value between two of a key", () => {
  const numbers: [low: string, high: string, middle: string][] = [
    ["1", "2", "2"],
    ["1", "3", "2"],
    ["-9", "-8", "-8"],
    ["-10", "10", "0"],
    ["0", "18446744073709551615", "9223372036854775808"],
    ["-9223372036854775808", "9223372036854775807", "0"],
    ["00007", "00009", "8"],
  ];
  for (const [low, high, middle] of numbers) {
    it(`is ${middle} between ${low} and ${high}`, () => expect(between(whole, low, high)).to.equal(middle));
  }

  it("is more than the low one and no more than the high one, whatever numbers they are", () => {
    const number = fc.bigInt(-(2n ** 63n), 2n ** 64n);
    fc.assert(
      fc.property(number, number, (a, b) => {
        fc.pre(a !== b);
        const [low, high] = a < b ? [a, b] : [b, a];
        const middle = BigInt(between(whole, String(low), String(high)) ?? "none");
        expect(low < middle && middle <= high).to.equal(true);
        // It halves: both sides have as many numbers, but for one.
        const difference = high - middle - (middle - low);
        expect(difference >= -1n && difference <= 0n).to.equal(true);
      }),
      { numRuns: 1000 },
    );
  });

  const letters: [low: string, high: string, middle: string][] = [
    ["a", "c", "b"],
    ["order-1000", "order-9999", "order-5"],
    ["0000", "ffff", "K"],
  ];
  for (const [low, high, middle] of letters) {
    it(`begins with ${middle} between ${low} and ${high}, or close by`, () => {
      const found = Buffer.from(between(text, hex(low), hex(high)) ?? "", "hex").toString();
      expect(found > low && found < high, found).to.equal(true);
      expect(Math.abs(found.charCodeAt(middle.length - 1) - middle.charCodeAt(middle.length - 1))).to.be.at.most(8);
    });
  }

  it("is whole letters, and more than the low one where the bytes are the order", () => {
    const letter = fc.constantFrom(..."aAzZ09 ~-_/éè日本🙂🙃", "\t", "\0");
    const word = fc.array(letter, { maxLength: 6 }).map((all) => Buffer.from(all.join("")));
    fc.assert(
      fc.property(word, word, (a, b) => {
        const [low, high] = [a, b].sort(Buffer.compare) as [Buffer, Buffer];
        const found = between(text, low.toString("hex"), high.toString("hex"));
        if (found === undefined) return;
        const middle = Buffer.from(found, "hex");
        expect(Buffer.from(middle.toString()).equals(middle), "valid UTF-8").to.equal(true);
        expect(Buffer.compare(low, middle), "low < middle").to.equal(-1);
        expect(Buffer.compare(middle, Buffer.concat([high, Buffer.from(" ")])), "middle <= high").to.be.at.most(0);
      }),
      { numRuns: 3000 },
    );
  });
  it("is found by counting where letters are no ASCII, or where the characters have more bytes than one", () => {
    expect(between(text, hex("é"), hex("è"))).to.equal(undefined);
    expect(between({ ...text, characterSet: "utf16" }, "0061", "0062")).to.equal(undefined);
    expect(between({ ...text, characterSet: "gbk" }, "8141", "8161")).to.equal(undefined);
  });
  it("may be any bytes where the column has no characters", () => {
    expect(between({ name: "id", type: "binary" }, "00ff", "80ff")).to.equal("40ff");
    expect(between({ name: "id", type: "binary" }, "0000", "0001")).to.equal("000080");
  });

  const exact: [type: string, low: string, high: string, middle: string][] = [
    ["decimal", "1", "3", "2"],
    ["decimal", "-1.50", "-1.40", "-1.45"],
    ["decimal", "-0.05", "0.01", "-0.02"],
    ["decimal", "0.01", "0.02", "0.02"],
    ["date", "2026-01-01", "2026-01-03", "2026-01-02"],
    ["datetime", "2026-01-01 00:00:00.250000", "2026-01-01 02:00:00.000000", "2026-01-01 01:00:00"],
    ["timestamp", "2026-01-01 00:00:00", "2026-01-01 00:00:02", "2026-01-01 00:00:01"],
  ];
  for (const [type, low, high, middle] of exact) {
    it(`is ${middle} between ${low} and ${high}`, () => {
      expect(between({ name: "x", type }, low, high)).to.equal(middle);
    });
  }

  it("is found by counting where no calendar has the day", () => {
    expect(between({ name: "at", type: "date" }, "0000-00-00", "2026-01-01")).to.equal(undefined);
    expect(between({ name: "at", type: "time" }, "-01:00:00", "01:00:00")).to.equal(undefined);
  });
});
