import { crc32 } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { RowEncoder } from "../../../lambdas/database/row-encoder.ts";

type Row = (Buffer | null)[];

const encoded = (rows: Row[], columns = rows[0]?.length ?? 1) => {
  const blocks: Buffer[] = [];
  const encoder = new RowEncoder(columns, (block) => blocks.push(block));
  for (const row of rows) {
    const packet = packetOf(row);
    // Other packets stand before and behind it in the same bytes.
    const around = Buffer.concat([Buffer.from("\t\\x"), packet, Buffer.from("\0\n")]);
    encoder.add(around, 3, 3 + packet.length);
  }
  encoder.end();
  return { lines: Buffer.concat(blocks), blocks, rows: encoder.rows, checksum: encoder.checksum };
};
const lineOf = (...row: (string | null)[]) =>
  encoded([row.map((value) => (value === null ? null : Buffer.from(value)))]).lines.toString("latin1");

describe("a row as a line for LOAD DATA", () => {
  const examples: [what: string, row: (string | null)[], line: string][] = [
    ["is its columns with tabs between", ["1", "two", "3.0"], "1\ttwo\t3.0\n"],
    ["has \\N for NULL", ["1", null, null], "1\t\\N\t\\N\n"],
    ["has nothing for an empty text", ["", "a", ""], "\ta\t\n"],
    ["is empty for one empty text", [""], "\n"],
    ["does not mix up NULL with the text that looks like it", ["\\N", "NULL"], "\\\\N\tNULL\n"],
    ["escapes what ends columns and lines", ["a\tb", "c\nd"], "a\\tb\tc\\nd\n"],
    ["escapes backslashes and zeros", ["\\", "\0"], "\\\\\t\\0\n"],
    ["leaves all else as it is", ["\r\b\x1a\"',", "ü🙂"], `\r\b\x1a"',\t${Buffer.from("ü🙂").toString("latin1")}\n`],
  ];
  for (const [what, row, line] of examples) {
    it(what, () => expect(lineOf(...row)).to.equal(line));
  }

  it("is read again as the very same bytes, whatever is in them", () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        expect(decoded(encoded(rows).lines)).to.deep.equal(rows);
      }),
      { numRuns: 500 },
    );
  });

  for (const length of [0, 1, 249, 250, 251, 252, 253, 65_535, 65_536, 65_537]) {
    it(`may have a column of ${length} bytes`, () => {
      for (const byte of [0x61, 0xfe, 0xff]) {
        const row = [Buffer.from("before"), Buffer.alloc(length, byte), null, Buffer.from("behind")];
        expect(decoded(encoded([row, row]).lines)).to.deep.equal([row, row]);
      }
    });
  }

  for (const length of [2 ** 18 - 1, 2 ** 18, 2 ** 24 - 1, 2 ** 24, 2 ** 24 + 1]) {
    it(`may have a column of ${length} bytes, larger than a block`, () => {
      const short = [Buffer.from("short"), null];
      const long = [Buffer.alloc(length, "all\nbytes\\"), Buffer.from("behind")];
      const { lines } = encoded([short, long, short]);
      const [first, second, third, ...more] = decoded(lines);
      expect([first, third, more]).to.deep.equal([short, short, []]);
      expect(second?.[0]?.equals(long[0] as Buffer)).to.equal(true);
      expect(second?.[1]).to.deep.equal(long[1]);
    });
  }

  it("comes in blocks that nobody writes into any more", () => {
    const rows = Array.from({ length: 40_000 }, (_, at) => [Buffer.from(`row ${at} of many`), null]);
    const { blocks, lines } = encoded(rows);
    expect(blocks.length).to.be.within(2, 6);
    expect(decoded(lines)).to.deep.equal(rows);
  });
  it("is none of no rows", () => {
    expect(encoded([])).to.deep.equal({ lines: Buffer.alloc(0), blocks: [], rows: 0, checksum: "0" });
  });
});

describe("the checksum of rows", () => {
  it("is the sum of the CRC-32 of each one's bytes, with tabs between and a mark for NULL", () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const { checksum, rows: count } = encoded(rows);
        expect(checksum).to.equal(String(rows.reduce((sum, row) => sum + BigInt(crc32(plain(row))), 0n)));
        expect(count).to.equal(rows.length);
      }),
      { numRuns: 300 },
    );
  });
  it("is the same whatever their order", () => {
    fc.assert(
      fc.property(
        anyRows.chain((rows) =>
          fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length })),
        ),
        ([rows, shuffled]) => {
          expect(encoded(shuffled).checksum).to.equal(encoded(rows).checksum);
        },
      ),
    );
  });
  it("is that of both parts together", () => {
    fc.assert(
      fc.property(anyRows, fc.nat(), (rows, cut) => {
        const at = cut % (rows.length + 1);
        const sum = [rows.slice(0, at), rows.slice(at)].reduce(
          (total, part) => total + BigInt(encoded(part, 3).checksum),
          0n,
        );
        expect(
          encoded(
            rows.map((row) => row),
            rows[0]?.length,
          ).checksum === String(sum) || rows[0]?.length !== 3,
        ).to.equal(true);
      }),
    );
  });
  it("tells NULL from an empty text, and one column's end from the next one's begin", () => {
    const of = (...row: (string | null)[]) =>
      encoded([row.map((value) => value && Buffer.from(value)) as Row]).checksum;
    expect(encoded([[null]]).checksum).to.not.equal(encoded([[Buffer.alloc(0)]]).checksum);
    expect(of("ab", "c")).to.not.equal(of("a", "bc"));
    expect(of("a", "b")).to.not.equal(of("b", "a"));
  });
  it("stays exact beyond 2^53", () => {
    const packet = packetOf([Buffer.from("ab")]);
    const encoder = new RowEncoder(1, () => {});
    const count = 4_000_000;
    for (let row = 0; row < count; row++) encoder.add(packet, 0, packet.length);
    const sum = BigInt(crc32(Buffer.from("ab"))) * BigInt(count);
    expect(sum > 2n ** 53n, "a sum beyond 2^53").to.equal(true);
    expect(encoder.checksum).to.equal(String(sum));
  });
});

const awkward = fc.constantFrom(
  0x00,
  0x08,
  0x09,
  0x0a,
  0x0d,
  0x1a,
  0x22,
  0x27,
  0x2c,
  0x4e,
  0x5c,
  0x5c,
  0x6e,
  0xfb,
  0xff,
);
const bytes = fc
  .array(fc.oneof(awkward, fc.nat(255)), { size: "medium", maxLength: 300 })
  .map((all) => Buffer.from(all));
const anyRows = fc.integer({ min: 1, max: 6 }).chain((columns) =>
  fc.array(fc.array(fc.option(bytes, { freq: 4 }), { minLength: columns, maxLength: columns }), {
    minLength: 1,
    maxLength: 6,
  }),
);

/** A row as MySQL's text protocol has it. */
function packetOf(row: Row): Buffer {
  return Buffer.concat(
    row.flatMap((value) => (value === null ? [Buffer.from([0xfb])] : [lengthOf(value.length), value])),
  );
}

function lengthOf(length: number): Buffer {
  if (length < 251) return Buffer.from([length]);
  const bytes = length < 2 ** 16 ? 2 : length < 2 ** 24 ? 3 : 8;
  const buffer = Buffer.alloc(9);
  buffer[0] = bytes === 8 ? 0xfe : 0xfa + bytes;
  buffer.writeUIntLE(length, 1, Math.min(bytes, 6));
  return buffer.subarray(0, 1 + bytes);
}

/** The bytes of a row of which its checksum is. */
function plain(row: Row): Buffer {
  return Buffer.concat(
    row.flatMap((value, at) => [...(at > 0 ? [Buffer.from("\t")] : []), value ?? Buffer.from([0xff, 0x4e])]),
  );
}

/** Lines as LOAD DATA reads them ("Field and Line Handling"): tab, newline and the backslash before them have a meaning. */
function decoded(lines: Buffer): Row[] {
  const rows: Row[] = [];
  const meant = new Map([..."0bnrtZ"].map((letter, at) => [letter.charCodeAt(0), "\0\b\n\r\t\x1a".charCodeAt(at)]));
  let row: Row = [];
  let value: number[] = [];
  let isNull = false;
  const finish = () => {
    row.push(isNull ? null : Buffer.from(value));
    value = [];
    isNull = false;
  };
  for (let at = 0; at < lines.length; at++) {
    const byte = lines[at] as number;
    if (byte === 0x5c) {
      const next = lines[++at] as number;
      if (next === 0x4e && value.length === 0) isNull = true;
      else value.push(meant.get(next) ?? next);
    } else if (byte === 0x09) finish();
    else if (byte === 0x0a) {
      finish();
      rows.push(row);
      row = [];
    } else value.push(byte);
  }
  expect([row, value], "nothing behind the last line").to.deep.equal([[], []]);
  return rows;
}
