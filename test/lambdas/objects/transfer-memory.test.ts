import { expect } from "chai";
import { runScript } from "../../support/script.ts";

const MIB = 1024 * 1024;

/** Carries an object of so many MiB that is made up as it is read, to a target that only counts. */
const CARRY = (mebibytes: number) => `
  import { Readable } from "node:stream";
  import { setTimeout as delay } from "node:timers/promises";
  import { Budget } from "./lambdas/objects/budget.ts";
  const bytes = ${mebibytes * MIB};
  const rss = () => process.memoryUsage().rss;
  const start = rss();
  let peak = 0;
  let written = 0;
  const chunk = Buffer.alloc(65536, "content");
  function* content() {
    for (let left = bytes; left > 0; left -= chunk.length) yield chunk;
  }
  const parts = {
    there: new Map(),
    write: async (number, part) => {
      await delay(5);
      written += part.length;
      peak = Math.max(peak, rss());
    },
    commit: async () => {},
  };
  await module.carryParts({
    source: { openAt: async () => Readable.from(content()) },
    target: { partBytes: () => ${8 * MIB}, parts: async () => parts },
    key: "large.bin",
    state: { bytes },
    description: {},
    expected: "nothing",
    budget: new Budget(${48 * MIB}),
    deadline: Infinity,
    mayWrite: async () => {},
  });
  console.log(JSON.stringify({ written, grown: peak - start }));`;

describe("the memory that a large object takes", () => {
  it("does not depend on its size: 300 MiB go through less than 64 MiB", async () => {
    const { stdout, stderr, code } = await runScript("lambdas/objects/transfer.ts", CARRY(300), process.env);
    expect(code, stderr).to.equal(0);
    const { written, grown } = JSON.parse(stdout);
    expect(written).to.equal(300 * MIB);
    expect(grown / MIB).to.be.below(64);
  });
});
