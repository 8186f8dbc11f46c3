import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { sparseFile, useDisks } from "../../support/disk-files.ts";
import { runScript } from "../../support/script.ts";

const MIB = 2 ** 20;

/** Carries the disk in a file to a blob that only counts. */
const CARRY = (path: string) => `
  import { open } from "node:fs/promises";
  import { setTimeout as delay } from "node:timers/promises";
  import { openDisk } from "./lambdas/images/open-disk.ts";
  const file = await open(${JSON.stringify(path)});
  const { size } = await file.stat();
  const rss = () => process.memoryUsage().rss;
  const start = rss();
  let peak = 0;
  const runs = [];
  const disk = await openDisk({
    name: ${JSON.stringify(path)},
    bytes: size,
    read: async (offset, length, room = Buffer.allocUnsafe(length)) => {
      await file.read(room, 0, length, offset);
      return room.subarray(0, length);
    },
  });
  const blob = {
    name: "disk.vhd",
    create: async () => {},
    write: async (offset, content) => {
      await delay(2);
      runs.push({ offset, length: content.length });
      peak = Math.max(peak, rss());
    },
    written: async (within) => runs
      .filter(({ offset }) => offset >= within.offset && offset < within.offset + within.length)
      .sort((one, other) => one.offset - other.offset),
  };
  const notes = { read: async () => undefined, write: async () => {} };
  const carried = await module.carry({ disk, source: "v1", blob, notes, made: new Date(), deadline: Infinity });
  console.log(JSON.stringify({ ...carried, grown: peak - start }));`;

describe("the memory that a disk takes", () => {
  const disks = useDisks();

  async function carried(path: string) {
    const { stdout, stderr, code } = await runScript("lambdas/images/carry.ts", CARRY(path), process.env);
    expect(code, stderr).to.equal(0);
    return JSON.parse(stdout) as { sent: number; diskBytes: number; grown: number };
  }

  it("is within 128 MiB for 20 GiB with a few MiB in them, and no more than these are sent", async () => {
    const raw = disks.path("large.raw");
    const parts = Array.from({ length: 16 }, (_, part): [number, Buffer] => [part * 1280 * MIB, randomBytes(MIB / 4)]);
    await sparseFile(raw, 20 * 1024 * MIB, parts);
    const vhd = await disks.vhd(raw, "large.vhd", "subformat=dynamic,force_size=on");
    const { sent, diskBytes, grown } = await carried(vhd);
    expect({ sent, diskBytes }).to.deep.equal({ sent: 4 * MIB, diskBytes: 20 * 1024 * MIB });
    expect(grown / MIB).to.be.below(128);
  });

  it("is within 128 MiB for half a GiB that was compressed", async () => {
    const raw = disks.path("text.raw");
    const part = Buffer.from(randomBytes(32 * MIB).toString("hex"), "latin1");
    await sparseFile(
      raw,
      512 * MIB,
      Array.from({ length: 8 }, (_, index): [number, Buffer] => [index * part.length, part]),
    );
    const { sent, grown } = await carried(await disks.vmdk(raw, "text.vmdk", "subformat=streamOptimized"));
    expect(sent).to.equal(512 * MIB);
    expect(grown / MIB).to.be.below(128);
  });

  it("is within 128 MiB for half a GiB that is full", async () => {
    const raw = disks.path("full.raw");
    const part = randomBytes(64 * MIB);
    await sparseFile(
      raw,
      512 * MIB,
      Array.from({ length: 8 }, (_, index): [number, Buffer] => [index * part.length, part]),
    );
    const { sent, grown } = await carried(raw);
    expect(sent).to.equal(512 * MIB);
    expect(grown / MIB).to.be.below(128);
  });
});
