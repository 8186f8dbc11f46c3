import { randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { carry, type Notes } from "../../../lambdas/images/carry.ts";
import type { Disk } from "../../../lambdas/images/disk.ts";
import { openDisk } from "../../../lambdas/images/open-disk.ts";
import type { PageBlob } from "../../../lambdas/images/page-blob.ts";
import { readFooter } from "../../../lambdas/images/vhd-footer.ts";
import { memoryFile, rangedFile, sparseFile, useDisks } from "../../support/disk-files.ts";
import { memoryNotes, usePageBlobs } from "../../support/page-blobs.ts";
import { rejection } from "../../support/rejection.ts";
import { until } from "../../support/until.ts";

const MIB = 2 ** 20;

describe("carrying a disk into a page blob", () => {
  const disks = useDisks();
  const blobs = usePageBlobs();
  const made = new Date("2026-11-30T00:00:00Z");

  const carried = (disk: Disk, blob: PageBlob, { source = "v1", deadline = Infinity } = {}) =>
    carry({ disk, blob, notes: notesOf(blob), source, made, deadline });

  const kept = new Map<PageBlob, Notes>();
  const notesOf = (blob: PageBlob): Notes => {
    const notes = kept.get(blob) ?? memoryNotes();
    kept.set(blob, notes);
    return notes;
  };

  /** A disk whose reading ends with the run's time after so many pieces. */
  const cutAfter = (disk: Disk, pieces: number): { disk: Disk; deadline: number } => {
    const deadline = performance.now() + 3_600_000;
    let left = pieces;
    return {
      deadline,
      disk: {
        ...disk,
        *pieces(from) {
          for (const piece of disk.pieces(from)) {
            if (left-- === 0) throw new Error("the function was ended");
            yield piece;
          }
        },
      },
    };
  };

  const dynamic = (raw: string) => disks.vhd(raw, "dynamic.vhd", "subformat=dynamic,force_size=on");
  const fixed = (raw: string) => disks.vhd(raw, "fixed.vhd", "subformat=fixed,force_size=on");
  const compressed = (raw: string) => disks.vmdk(raw, "compressed.vmdk", "subformat=streamOptimized");
  const itself = async (raw: string) => raw;
  for (const [kind, makeFrom] of Object.entries({
    ...{ "dynamic VHD": dynamic, "fixed VHD": fixed, "compressed VMDK": compressed, "raw disk": itself },
  })) {
    it(`makes of a ${kind} the fixed VHD that qemu-img finds the same as the disk, bit by bit`, async () => {
      const raw = disks.path(`${kind}.raw`);
      const parts: [number, Buffer][] = [
        [0, randomBytes(600)],
        [7 * MIB + 1024, randomBytes(3 * MIB)],
        [33 * MIB + 512 * 7, randomBytes(512)],
      ];
      // No whole MiB: Azure wants one.
      await sparseFile(raw, 33 * MIB + 4096, parts);
      const blob = blobs.blob();
      const done = await carried(await openDisk(await rangedFile(await makeFrom(raw))), blob);
      expect(done).to.deep.include({ whole: true, diskBytes: 34 * MIB, next: 33 * MIB + 4096 });
      const copy = disks.path(`${kind}-copy.vhd`);
      await blobs.download(blob, copy);
      const info = JSON.parse(await disks.tool.run("info", "--output=json", "-f", "vpc", copy));
      expect(info["virtual-size"]).to.equal(34 * MIB);
      const compared = await disks.tool.run("compare", "-f", "raw", "-F", "vpc", raw, copy);
      expect(compared).to.match(/Images are identical/);
      const content = await blobs.read(blob);
      expect(content).to.have.length(34 * MIB + 512);
      expect(readFooter(content.subarray(-512))).to.deep.include({ kind: "fixed", bytes: 34 * MIB });
    });
  }

  it("sends what the disk holds, and no empty page", async () => {
    const raw = disks.path("sparse.raw");
    await sparseFile(raw, 4096 * MIB, [
      [0, randomBytes(4096)],
      [2000 * MIB, randomBytes(MIB)],
      [4095 * MIB, randomBytes(4096)],
    ]);
    const vhd = await disks.vhd(raw, "sparse.vhd", "subformat=dynamic,force_size=on");
    const { sent } = await carried(await openDisk(await rangedFile(vhd)), blobs.blob());
    expect(sent).to.equal(MIB + 8192);
    expect(blobs.sent.reduce((sum, bytes) => sum + bytes, 0)).to.equal(MIB + 8192 + 512);
  });

  it("carries any small disk", async () => {
    const stretch = fc.tuple(fc.nat(6 * 2048), fc.uint8Array({ minLength: 1, maxLength: 3000 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(stretch, { maxLength: 6 }),
        fc.integer({ min: 1, max: 6 * 2048 }),
        async (parts, sectors) => {
          const content = Buffer.alloc(sectors * 512);
          for (const [sector, bytes] of parts)
            content.set(
              bytes.slice(0, Math.max(0, content.length - sector * 512)),
              Math.min(sector * 512, content.length),
            );
          const blob = blobs.blob();
          const { whole, diskBytes } = await carried(await openDisk(memoryFile(content, "memory.raw")), blob);
          expect(whole).to.equal(true);
          const copy = await blobs.read(blob);
          expect(copy.subarray(0, content.length).equals(content)).to.equal(true);
          expect(copy.subarray(content.length, diskBytes).every((byte) => byte === 0)).to.equal(true);
        },
      ),
      { numRuns: 15 },
    );
  });

  describe("that is cut short", () => {
    const PIECE = 64 * 1024;
    const content = randomBytes(100 * PIECE - ((100 * PIECE) % MIB));
    /** In pieces so small that many fit into a test. */
    const open = async (): Promise<Disk> => ({
      bytes: content.length,
      *pieces(from) {
        for (let offset = from; offset < content.length; offset += PIECE) yield { offset, length: PIECE };
      },
      read: async ({ offset, length }) => content.subarray(offset, offset + length),
    });
    const same = async (blob: PageBlob) => {
      const copy = await blobs.read(blob);
      return (
        copy.subarray(0, content.length).equals(content) && readFooter(copy.subarray(-512)).bytes === content.length
      );
    };
    const sentBytes = () => blobs.sent.reduce((sum, bytes) => sum + bytes, 0);

    it("by the deadline is gone on with where it was left", async () => {
      const blob = blobs.blob();
      const whole = await open();
      const deadline = performance.now() + 1500;
      const slow: Disk = {
        ...whole,
        read: async (piece) => {
          if (piece.offset >= 20 * PIECE) await until(() => performance.now() > deadline, "the deadline passes");
          return whole.read(piece);
        },
      };
      const first = await carried(slow, blob, { deadline });
      expect(first.whole).to.equal(false);
      expect(first.next).to.be.within(20 * PIECE, 30 * PIECE);
      blobs.sent = [];
      expect(await carried(whole, blob)).to.deep.include({ whole: true, sent: content.length });
      expect(sentBytes()).to.equal(content.length - first.next + 512);
      expect(await same(blob)).to.equal(true);
    });

    it("from outside begins at the last note, and comes to the same", async () => {
      const blob = blobs.blob();
      const whole = await open();
      const { disk, deadline } = cutAfter(whole, 85);
      expect((await rejection(carried(disk, blob, { deadline }))).message).to.equal("the function was ended");
      blobs.sent = [];
      expect(await carried(whole, blob)).to.deep.include({ whole: true, sent: content.length });
      expect(sentBytes()).to.equal(content.length - 64 * PIECE + 512);
      expect(await same(blob)).to.equal(true);
    });

    it("by the network is tried again page by page", async () => {
      let count = 0;
      blobs.choose = ({ path }) => {
        if (!path.includes("comp=page") || path.includes("pagelist")) return undefined;
        count += 1;
        if (count % 31 === 3) return { kind: "cut", when: "after" };
        return count % 29 === 2 ? { kind: "refused", status: 503, code: "ServerBusy" } : undefined;
      };
      const blob = blobs.blob();
      expect(await carried(await open(), blob)).to.deep.include({ whole: true });
      expect(await same(blob)).to.equal(true);
    });

    it("and whose source was written anew in between begins anew", async () => {
      const blob = blobs.blob();
      const { disk, deadline } = cutAfter(await open(), 20);
      await rejection(carried(disk, blob, { deadline, source: "v0" }));
      const other = Buffer.alloc(2 * MIB, "other");
      const done = await carried(await openDisk(memoryFile(other, "memory.raw")), blob, { source: "v1" });
      expect(done).to.deep.include({ whole: true, diskBytes: 2 * MIB });
      expect((await blobs.read(blob)).subarray(0, 2 * MIB).equals(other)).to.equal(true);
    });

    it("has no footer, so that nobody boots from it", async () => {
      const blob = blobs.blob();
      const { disk, deadline } = cutAfter(await open(), 20);
      await rejection(carried(disk, blob, { deadline }));
      expect((await blobs.read(blob)).subarray(-512).every((byte) => byte === 0)).to.equal(true);
    });
  });

  it("does nothing more once all is there", async () => {
    const blob = blobs.blob();
    const disk = await openDisk(memoryFile(randomBytes(MIB), "memory.raw"));
    const first = await carried(disk, blob);
    blobs.sent = [];
    expect(await carried(disk, blob)).to.deep.equal(first);
    expect(blobs.sent).to.deep.equal([]);
  });

  it("is not ended while somebody else writes into the blob, and then begins anew", async () => {
    const blob = blobs.blob();
    const disk = await openDisk(memoryFile(Buffer.concat([Buffer.alloc(MIB), randomBytes(MIB)]), "memory.raw"));
    const stray: Disk = {
      ...disk,
      read: async (piece) => {
        await blob.write(0, Buffer.alloc(512, "stray"));
        return disk.read(piece);
      },
    };
    const error = await rejection(carried(stray, blob));
    expect(error).to.have.property("name", "NotSameError");
    expect(error.message).to.match(/expected 1048576 bytes of pages .* found 1049088 in others/);
    expect(await carried(disk, blob)).to.deep.include({ whole: true });
    expect((await blobs.read(blob)).subarray(0, MIB).every((byte) => byte === 0)).to.equal(true);
  });
});
