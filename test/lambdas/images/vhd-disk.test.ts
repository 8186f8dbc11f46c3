import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import fc from "fast-check";
import { openDisk } from "../../../lambdas/images/open-disk.ts";
import { contentOf, memoryFile, rangedFile, refusalOf, sparseFile, useDisks } from "../../support/disk-files.ts";

const MIB = 2 ** 20;

describe("the file of a VHD", () => {
  const disks = useDisks();

  async function raw(name: string, bytes: number, parts: [number, Buffer][]): Promise<string> {
    const path = disks.path(name);
    await sparseFile(path, bytes, parts);
    return path;
  }

  for (const subformat of ["dynamic", "fixed"]) {
    it(`of qemu-img's, a ${subformat} VHD, holds what the raw disk holds`, async () => {
      const parts: [number, Buffer][] = [
        [0, randomBytes(512)],
        [3 * MIB + 4096, randomBytes(5 * MIB)],
        [20 * MIB - 512, randomBytes(512)],
      ];
      const path = await raw(`${subformat}.raw`, 20 * MIB, parts);
      const vhd = await disks.vhd(path, `${subformat}.vhd`, `subformat=${subformat},force_size=on`);
      const disk = await openDisk(await rangedFile(vhd));
      expect(disk.bytes).to.equal(20 * MIB);
      expect((await contentOf(disk)).equals(await readFile(path))).to.equal(true);
    });
  }

  it("has its empty blocks passed over, not read", async () => {
    const path = await raw("empty.raw", 2048 * MIB, [[1024 * MIB, randomBytes(4096)]]);
    const file = await rangedFile(await disks.vhd(path, "empty.vhd", "subformat=dynamic,force_size=on"));
    const disk = await openDisk(file);
    expect([...disk.pieces(0)]).to.deep.equal([{ offset: 1024 * MIB, length: 2 * MIB }]);
    await contentOf(disk);
    expect(file.readBytes).to.be.below(3 * MIB);
  });

  it("is gone on with from any of its pieces", async () => {
    const path = await raw("resume.raw", 40 * MIB, [
      [0, randomBytes(MIB)],
      [30 * MIB, randomBytes(MIB)],
    ]);
    const disk = await openDisk(await rangedFile(await disks.vhd(path, "resume.vhd", "subformat=dynamic")));
    const pieces = [...disk.pieces(0)];
    for (const [index, { offset, length }] of pieces.entries()) {
      expect([...disk.pieces(offset + length)]).to.deep.equal(pieces.slice(index + 1));
    }
  });

  it("has for zeros what its map says was never written, whatever stands there", async () => {
    const path = await raw("map.raw", 4 * MIB, [[0, Buffer.alloc(2 * MIB, "x")]]);
    const content = await readFile(await disks.vhd(path, "map.vhd", "subformat=dynamic,force_size=on"));
    const at = content.indexOf(Buffer.alloc(1024, "x"));
    // The map's sector is before the block: its second byte is of the sectors 8 to 15.
    content[at - 512 + 1] = 0b0111_1111;
    const disk = await openDisk(memoryFile(content));
    const found = await contentOf(disk);
    expect(found.subarray(8 * 512, 9 * 512).equals(Buffer.alloc(512))).to.equal(true);
    expect(found.subarray(9 * 512, 2 * MIB).equals(Buffer.alloc(2 * MIB - 9 * 512, "x"))).to.equal(true);
  });

  describe("is refused, with the reason,", () => {
    let whole: Buffer;
    before(async () => {
      const path = await raw("torn.raw", 16 * MIB, [
        [0, randomBytes(3 * MIB)],
        [9 * MIB, randomBytes(MIB)],
      ]);
      whole = await readFile(await disks.vhd(path, "torn.vhd", "subformat=dynamic,force_size=on"));
    });
    const changed = (change: (content: Buffer) => unknown) => {
      const content = Buffer.from(whole);
      change(content);
      return refusalOf(openDisk(memoryFile(content)));
    };

    it("wherever it was cut off", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.length - 1), async (bytes) => {
          const refusal = await refusalOf(openDisk(memoryFile(whole.subarray(0, bytes))));
          expect(refusal).to.match(/export again/);
        }),
        { numRuns: 50 },
      );
    });

    it("with a block table that points beyond its end", async () => {
      const table = Number(whole.readBigUInt64BE(512 + 16));
      expect(await changed((content) => content.writeUInt32BE(1_000_000, table))).to.match(/the file is cut off/);
    });

    it("with two blocks in the same place", async () => {
      const table = Number(whole.readBigUInt64BE(512 + 16));
      const refusal = await changed((content) => content.writeUInt32BE(content.readUInt32BE(table), table + 4));
      expect(refusal).to.match(/two blocks lie in the same place/);
    });

    it("with a header that is damaged", async () => {
      expect(await changed((content) => content.writeUInt8(1, 512 + 30))).to.match(/header .* checksum/);
      expect(await changed((content) => content.write("nonsense", 512))).to.match(/the file is damaged/);
    });

    it("when it holds only differences from another", async () => {
      const refusal = await changed((content) => {
        const footer = content.subarray(content.length - 512);
        footer.writeUInt32BE(4, 60);
        footer.writeUInt32BE(footer.readUInt32BE(64) - 1, 64);
      });
      expect(refusal).to.match(/only its differences/);
    });

    it("when a fixed one is longer or shorter than its footer says", async () => {
      const path = await raw("short.raw", 4 * MIB, []);
      const fixed = await readFile(await disks.vhd(path, "short.vhd", "subformat=fixed,force_size=on"));
      const refusal = await refusalOf(openDisk(memoryFile(fixed.subarray(MIB))));
      expect(refusal).to.match(/expected 4194816 bytes in memory.vhd, as its footer tells, found 3146240/);
    });

    it("when it is something else altogether", async () => {
      expect(await refusalOf(openDisk(memoryFile(Buffer.alloc(100))))).to.match(/found 100 bytes/);
      expect(await refusalOf(openDisk(memoryFile(randomBytes(4096))))).to.match(/no VHD/);
    });
  });
});
