import { randomBytes } from "node:crypto";
import { expect } from "chai";
import { openDisk } from "../../../lambdas/images/open-disk.ts";
import { contentOf, memoryFile, refusalOf } from "../../support/disk-files.ts";

const MIB = 2 ** 20;

describe("a disk's file", () => {
  it("may be raw, and end within a sector", async () => {
    const content = randomBytes(9 * MIB + 100);
    const disk = await openDisk(memoryFile(content, "memory.raw"));
    expect(disk.bytes).to.equal(9 * MIB + 512);
    expect((await contentOf(disk)).subarray(0, content.length).equals(content)).to.equal(true);
  });

  it("is of the kind that its ending tells, and of no other", async () => {
    const nothing = Buffer.alloc(4 * MIB);
    expect(await refusalOf(openDisk(memoryFile(nothing, "disk.vhd")))).to.match(/expected a VHD/);
    expect(await refusalOf(openDisk(memoryFile(nothing, "disk.vmdk")))).to.match(/expected a VMDK/);
    expect(await refusalOf(openDisk(memoryFile(nothing, "disk.qcow2")))).to.equal(
      "expected a file that ends with .vhd, .vmdk, .raw, found disk.qcow2",
    );
  });
});
