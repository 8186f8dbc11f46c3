import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expect } from "chai";
import fc from "fast-check";
import { openDisk } from "../../../lambdas/images/open-disk.ts";
import { contentOf, memoryFile, rangedFile, refusalOf, sparseFile, useDisks } from "../../support/disk-files.ts";

const MIB = 2 ** 20;
const SECTOR = 512;

/** Places in the header. */
const DESCRIPTION_AT = 28;
const DIRECTORY_AT = 56;

describe("the file of a VMDK", () => {
  const disks = useDisks();

  const open = (content: Buffer) => openDisk(memoryFile(content, "memory.vmdk"));

  async function raw(name: string, bytes: number, parts: [number, Buffer][]): Promise<string> {
    const path = disks.path(name);
    await sparseFile(path, bytes, parts);
    return path;
  }

  for (const subformat of ["streamOptimized", "monolithicSparse"]) {
    it(`of qemu-img's, ${subformat}, holds what the raw disk holds`, async () => {
      const parts: [number, Buffer][] = [
        [0, randomBytes(512)],
        [3 * MIB + 4096, randomBytes(5 * MIB)],
        // As what most disks hold, it becomes shorter.
        [12 * MIB, Buffer.alloc(2 * MIB, "all the same")],
        [50 * MIB + 4096 - 512, randomBytes(512)],
      ];
      const path = await raw(`${subformat}.raw`, 50 * MIB + 4096, parts);
      const vmdk = await disks.vmdk(path, `${subformat}.vmdk`, `subformat=${subformat}`);
      const disk = await openDisk(await rangedFile(vmdk));
      expect(disk.bytes).to.equal(50 * MIB + 4096);
      expect((await contentOf(disk)).equals(await readFile(path))).to.equal(true);
    });
  }

  it("has what was never written passed over, not read", async () => {
    const path = await raw("empty.raw", 2048 * MIB, [[1024 * MIB, randomBytes(4096)]]);
    const file = await rangedFile(await disks.vmdk(path, "empty.vmdk", "subformat=streamOptimized"));
    const disk = await openDisk(file);
    expect([...disk.pieces(0)]).to.deep.equal([{ offset: 1024 * MIB, length: MIB }]);
    await contentOf(disk);
    expect(file.readBytes).to.be.below(MIB);
  });

  it("is gone on with from any of its pieces", async () => {
    const path = await raw("resume.raw", 40 * MIB, [
      [0, randomBytes(MIB)],
      [30 * MIB, randomBytes(3 * MIB)],
    ]);
    const disk = await openDisk(await rangedFile(await disks.vmdk(path, "resume.vmdk", "subformat=streamOptimized")));
    const pieces = [...disk.pieces(0)];
    for (const [index, { offset, length }] of pieces.entries()) {
      expect([...disk.pieces(offset + length)]).to.deep.equal(pieces.slice(index + 1));
    }
  });

  describe("that was written from its beginning to its end", () => {
    /** As AWS writes it: the header in front does not know yet where the directory will be, the one at the end does. */
    function withFooter(content: Buffer): Buffer {
      const front = Buffer.from(content);
      front.writeBigUInt64LE(0xffff_ffff_ffff_ffffn, DIRECTORY_AT);
      const marker = Buffer.alloc(SECTOR);
      marker.writeUInt32LE(3, 12);
      return Buffer.concat([front, marker, content.subarray(0, SECTOR), Buffer.alloc(SECTOR)]);
    }
    let content: Buffer;
    let whole: Buffer;
    before(async () => {
      const path = await raw("stream.raw", 9 * MIB, [[MIB, randomBytes(5 * MIB)]]);
      content = await readFile(path);
      whole = withFooter(await readFile(await disks.vmdk(path, "stream.vmdk", "subformat=streamOptimized")));
    });

    it("is read by the header at its end", async () => {
      expect((await contentOf(await open(whole))).equals(content)).to.equal(true);
    });

    it("is refused wherever it was cut off, before anything of it is taken", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.length - 1), async (bytes) => {
          expect(await refusalOf(open(whole.subarray(0, bytes)))).to.match(/export again/);
        }),
        { numRuns: 50 },
      );
    });

    it("is refused when its end does not know either", async () => {
      const lost = Buffer.from(whole);
      lost.writeBigUInt64LE(0xffff_ffff_ffff_ffffn, whole.length - 2 * SECTOR + DIRECTORY_AT);
      expect(await refusalOf(open(lost))).to.match(/expected the end of memory.vmdk to say where its directory is/);
    });
  });

  describe("is refused, with the reason,", () => {
    let whole: Buffer;
    before(async () => {
      const path = await raw("torn.raw", 16 * MIB, [
        [0, randomBytes(3 * MIB)],
        [9 * MIB, randomBytes(MIB)],
      ]);
      whole = await readFile(await disks.vmdk(path, "torn.vmdk", "subformat=streamOptimized"));
    });
    const changed = (change: (content: Buffer) => unknown) => {
      const content = Buffer.from(whole);
      change(content);
      return refusalOf(open(content).then(contentOf));
    };
    const firstTable = () => {
      const directory = Number(whole.readBigUInt64LE(DIRECTORY_AT)) * SECTOR;
      return whole.readUInt32LE(directory) * SECTOR;
    };
    const firstGrain = () => whole.readUInt32LE(firstTable()) * SECTOR;

    it("with a grain beyond its end, or two in one place", async () => {
      expect(await changed((content) => content.writeUInt32LE(9_000_000, firstTable()))).to.match(
        /the file is cut off/,
      );
      const twice = await changed((content) => content.writeUInt32LE(firstGrain() / SECTOR, firstTable() + 4));
      expect(twice).to.match(/two grains lie in the same place/);
    });

    it("with a grain that is another one, longer than its room, or changed", async () => {
      expect(await changed((content) => content.writeUInt8(7, firstGrain()))).to.match(/found one of sector 7/);
      expect(await changed((content) => content.writeUInt32LE(10_000_000, firstGrain() + 8))).to.match(/have room/);
      const flipped = await changed((content) => {
        const at = firstGrain() + 5000;
        content.writeUInt8(content.readUInt8(at) ^ 1, at);
      });
      expect(flipped).to.match(/expected grain 0 of the VMDK .* export again/);
    });

    it("when it was carried as a text", async () => {
      expect(await changed((content) => content.write("\r\n", 73))).to.match(/carried as a text/);
    });

    it("when it holds only differences from another, or is one file of several", async () => {
      const described = (from: string, to: string) => (content: Buffer) => {
        const at = content.indexOf(from, Number(content.readBigUInt64LE(DESCRIPTION_AT)) * SECTOR);
        content.write(to.padEnd(from.length, "\n"), at, "latin1");
      };
      expect(await changed(described("parentCID=ffffffff", "parentCID=12345678"))).to.match(/only its differences/);
      const several = described('createType="streamOptimized"', 'createType="vmfs"');
      expect(await changed(several)).to.match(/found one of the kind vmfs/);
    });

    it("with numbers that no VMDK has", async () => {
      expect(await changed((content) => content.writeUInt32LE(9, 4))).to.match(/version 1 to 3, found 9/);
      expect(await changed((content) => content.writeUInt16LE(2, 77))).to.match(/deflate/);
      expect(await changed((content) => content.writeBigUInt64LE(3n, 20))).to.match(/grains of 1 to 4096 sectors/);
      expect(await changed((content) => content.writeBigUInt64LE(2n ** 40n, 12))).to.match(/at most 16777216 grains/);
    });
  });
});
