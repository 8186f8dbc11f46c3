import { expect } from "chai";
import { runScript } from "../../support/script.ts";

const MIB = 1024 * 1024;
const KEYS = 100_000;

/** With so little for what lasts, garbage is not taken for growth; a set of all keys would not fit. */
const NODE_OPTIONS = "--max-old-space-size=32";

/** Compares sides that are made up as they are listed, page by page; every thousandth copy is missing. */
const COMPARE = `
  const modified = new Date("2026-11-21T10:00:00Z");
  const state = (key) => ({ key, etag: "a".repeat(31) + (key.length % 10), version: "1", bytes: 16384, modified,
    headers: {}, metadata: {}, tags: {}, gone: false });
  const copyOf = (key) => ({ ...state(key), etag: "0x8DC0", record: state(key) });
  const keyOf = (index) => "media/" + String(index).padStart(9, "0") + "/original picture.jpg";
  const missing = (key) => Number(key.slice(6, 15)) % 1000 === 0;
  async function* pages(size, entry) {
    for (let from = 0; from < ${KEYS}; from += size) {
      await new Promise((resolve) => setImmediate(resolve));
      const page = Array.from({ length: size }, (_, index) => entry(keyOf(from + index)));
      yield* page.filter((each) => each !== undefined);
    }
  }
  const source = { list: () => pages(1000, state), look: async (key) => state(key) };
  const copy = (key) => (missing(key) ? undefined : copyOf(key));
  const copies = { list: () => pages(5000, copy), look: async (key) => copy(key) };
  let peak = 0;
  const progress = [];
  const begun = performance.now();
  const comparison = await module.compare(source, copies, {
    onProgress: (keys) => {
      progress.push(keys);
      peak = Math.max(peak, process.memoryUsage().rss);
    },
  });
  console.log(JSON.stringify({ comparison, peak, steps: progress.length, seconds: (performance.now() - begun) / 1000 }));`;

describe("the comparison of 100,000 keys", () => {
  it("takes less than 256 MiB for the whole process, and tells how far it is", async () => {
    const { stdout, stderr, code } = await runScript("lambdas/objects/reconcile.ts", COMPARE, {
      ...process.env,
      NODE_OPTIONS,
    });
    expect(code, stderr).to.equal(0);
    const { comparison, peak, steps, seconds } = JSON.parse(stdout);
    expect(comparison).to.deep.include({ keys: KEYS, agreeing: KEYS - 100, missing: 100, different: 0, extra: 0 });
    expect(peak / MIB).to.be.below(256);
    expect(steps).to.equal(KEYS / 1000);
    console.log(`      ${KEYS} keys were compared in ${seconds.toFixed(1)} s, in ${Math.round(peak / MIB)} MiB`);
  });
});
