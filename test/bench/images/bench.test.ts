import { expect } from "chai";
import { partsOf, renderImages } from "../../../bench/images/bench.ts";
import { disks, placeOf } from "../../../bench/images/disks.ts";

describe("the bench of images", () => {
  it("has a large disk with little on it and a half full one, and when it is quick only the first, smaller", () => {
    expect(partsOf(false)).to.deep.equal(["20GiB-64MiB", "1GiB-512MiB"]);
    expect(partsOf(true)).to.deep.equal(["4GiB-64MiB"]);
  });

  it("spreads its data over the disk, no two stretches in one place, on the blocks of a file system", () => {
    for (const workload of disks(false)) {
      const places = Array.from({ length: workload.stretches }, (_, stretch) => placeOf(workload, stretch));
      for (const [index, at] of places.entries()) {
        expect(at % 4096).to.equal(0);
        expect((places[index + 1] ?? workload.bytes) - at).to.be.at.least(2 ** 20 - 3 * 4096);
      }
    }
  });

  it("shows a line for each who carried a disk, and who could not", () => {
    const figures = { disk: "4GiB-64MiB", version: "1", seconds: 1.234, cpuSeconds: 0.5, peakBytes: 100 * 2 ** 20 };
    const shown = renderImages({
      disks: [{ ...figures, name: "ours", pageBytes: 65 * 2 ** 20 }],
      missing: { rclone: "it writes block blobs only" },
    });
    expect(shown).to.match(/4GiB-64MiB +ours +1\.23 +0\.5 +100 +65/);
    expect(shown).to.include("Not measured: rclone: it writes block blobs only");
  });
});
