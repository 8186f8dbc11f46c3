import { expect } from "chai";
import { readWish } from "../../bench/arguments.ts";

describe("the bench's command line", () => {
  const parts = {
    objects: (quick: boolean) => [quick ? "small" : "large", "latency"],
    database: () => ["rows"],
    images: () => ["20GiB"],
    audit: () => ["large"],
    policies: () => ["stack"],
  };
  const read = (...args: string[]) => readWish(args, parts);

  it("measures everything three times when it is told no more", () => {
    expect(read("objects")).to.deep.equal({
      subject: "objects",
      ...{ only: [], runs: 3, quick: false, json: false },
    });
  });

  it("measures the one or the other, of which each has parts of its own", () => {
    expect(read("database", "--only", "rows")).to.include({ subject: "database" });
    expect(() => read("database", "--only", "latency")).to.throw("--only: expected one of rows, found latency");
  });

  it("takes its options before and after what is measured", () => {
    const wish = { subject: "objects", only: ["small", "latency"], runs: 5, quick: true, json: true };
    expect(read("--quick", "objects", "--only", "small", "--only=latency", "--runs", "5", "--json")).to.deep.equal(
      wish,
    );
  });

  it("measures nothing when it is asked for help, whatever else is said", () => {
    expect(read("--help")).to.equal(undefined);
    expect(read("objects", "--runs", "none", "--help")).to.equal(undefined);
  });

  for (const [args, complaint] of [
    ["", "expected what to measure, objects or database or images or audit or policies, found nothing"],
    ["rows", "expected what to measure, objects or database or images or audit or policies, found rows"],
    [
      "objects rows",
      "expected what to measure, objects or database or images or audit or policies, found objects rows",
    ],
    ["objects --runs 0", "--runs: expected a whole number from 1 to 20, found 0"],
    ["objects --runs 2.5", "--runs: expected a whole number from 1 to 20, found 2.5"],
    ["objects --runs many", "--runs: expected a whole number from 1 to 20, found many"],
    ["objects --only latncy", "--only: expected one of large, latency, found latncy; did you mean latency?"],
    ["objects --only small", "--only: expected one of large, latency, found small"],
    ["objects --fast", "--fast"],
  ] as const) {
    it(`refuses "${args}"`, () => {
      expect(() => read(...args.split(" ").filter((word) => word !== ""))).to.throw(complaint);
    });
  }
});
