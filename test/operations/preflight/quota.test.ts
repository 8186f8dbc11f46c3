import { expect } from "chai";
import fc from "fast-check";
import { familyOf, judgeQuotas, type Usage, usagesIn } from "../../../operations/preflight/quota.ts";

const { signal } = new AbortController();

function usage(value: string, currentValue: number, limit: number): Usage {
  return { currentValue, limit, name: { value, localizedValue: `${value}s` } };
}

/** What is said of these servers of two processors each, where so many are free. */
function judged(most: number, { standing = 0, family = 100, cores = 100 } = {}) {
  const usages = [usage("standardDSv5Family", 10, 10 + family), usage("cores", 50, 50 + cores)];
  return judgeQuotas(["Standard_D2s_v5"], { standing, most }, usages, "germanywestcentral");
}

describe("the family and the processors of a size", () => {
  const sizes: [size: string, family: string, processors: number][] = [
    ["Standard_D2s_v5", "dsv5", 2],
    ["Standard_D16ads_v6", "dadsv6", 16],
    ["Standard_DS2_v2", "dsv2", 2],
    ["Standard_F4s_v2", "fsv2", 4],
    ["Standard_E4-2s_v5", "esv5", 4],
    ["Standard_B2ms", "bs", 2],
    ["Standard_B1ls", "bs", 1],
    ["Standard_B2s_v2", "bsv2", 2],
  ];
  for (const [size, family, processors] of sizes) {
    it(`are ${family} and ${processors} for ${size}`, () => {
      expect(familyOf(size)).to.deep.equal({ family, processors });
    });
  }

  it("are none for what is no size", () => {
    expect(familyOf("Large")).to.deep.equal({ family: "", processors: 0 });
  });
});

describe("whether all servers may be had", () => {
  it("is well where the family and the region have room for those that do not stand yet", () => {
    expect(judged(12, { family: 24, cores: 24 })).to.deep.equal({
      status: "ok",
      found: "12 servers of Standard_D2s_v5 take 24 more processors, free are 24 of 34 standardDSv5Familys",
    });
    expect(judged(12, { standing: 3, family: 18, cores: 18 }).status).to.equal("ok");
  });

  it("is wrong where either is short, and says of which how much is free", () => {
    expect(judged(12, { family: 23 })).to.deep.include({
      status: "fail",
      found: "12 servers of Standard_D2s_v5 take 24 more processors, free are 23 of 33 standardDSv5Familys",
    });
    expect(judged(12, { cores: 20 }).found).to.match(/, free are 20 of 70 coress$/);
    expect(judged(12, { family: 1, cores: 2 }).found).to.match(/free are 1 of 11 .* and 2 of 52 coress$/);
    expect(judged(12, { family: 0 }).mend).to.include("germanywestcentral");
  });

  it("is wrong exactly where a server is missing", () => {
    const count = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(count, count, count, (most, family, cores) => {
        const { status } = judged(most, { family, cores });
        expect(status).to.equal(most * 2 <= Math.min(family, cores) ? "ok" : "fail");
      }),
    );
  });

  it("is not known where no quota is listed for the size", () => {
    const listed = [usage("standardDSv4Family", 0, 10), usage("cores", 0, 10)];
    const servers = { standing: 0, most: 3 };
    expect(judgeQuotas(["Standard_D2s_v5"], servers, listed, "westeurope")).to.include({
      status: "warn",
      found: "none is listed for Standard_D2s_v5 in westeurope",
    });
    expect(judgeQuotas(["Large"], servers, [usage("cores", 0, 10)], "westeurope").status).to.equal("warn");
  });
});

describe("whether all servers may be had, of a list of sizes", () => {
  /** What is said where so many processors of the first size's family are free, and of the second's. */
  function judgedOf(first: number, second: number) {
    const usages = [
      usage("standardDSv5Family", 0, first),
      usage("standardDASv5Family", 0, second),
      usage("cores", 0, 99),
    ];
    return judgeQuotas(["Standard_D2s_v5", "Standard_D2as_v5"], { standing: 0, most: 4 }, usages, "westeurope");
  }

  it("is well where each of them has room", () => {
    expect(judgedOf(8, 9)).to.deep.equal({
      status: "ok",
      found:
        "4 servers of Standard_D2s_v5 take 8 more processors, free are 8 of 8 standardDSv5Familys; " +
        "4 servers of Standard_D2as_v5 take 8 more processors, free are 9 of 9 standardDASv5Familys",
    });
  });

  it("is not as it should be where one is short, which a declaration would pass over", () => {
    for (const short of [judgedOf(7, 8), judgedOf(8, 7)]) {
      expect(short.status).to.equal("warn");
      expect(short.found).to.include("free are 7 of 7");
      expect(short.mend).to.match(/^ask Azure for more in westeurope [^;]*; it may take days$/);
    }
  });

  it("is wrong where all of them are", () => {
    expect(judgedOf(7, 7)).to.include({ status: "fail" });
  });

  it("is not known where none has room for sure", () => {
    const usages = [usage("standardDSv5Family", 0, 1), usage("cores", 0, 99)];
    const sizes = ["Standard_D2s_v5", "Standard_D2as_v5"];
    const { status, mend } = judgeQuotas(sizes, { standing: 0, most: 4 }, usages, "westeurope");
    expect(status).to.equal("warn");
    expect(mend).to.include("ask Azure for more").and.include("by hand");
  });
});

describe("the quotas of a subscription", () => {
  it("are those that Azure lists for the region, and none where it lists none", async () => {
    const asked: string[] = [];
    const listing = (found: unknown[] | undefined) => ({
      list: async (path: string) => {
        asked.push(path);
        return found;
      },
    });
    const found = { unit: "Count", currentValue: 3, limit: 10, name: { value: "cores", localizedValue: "Cores" } };
    expect(await usagesIn(listing([found]) as never, "0000", "westeurope", signal)).to.deep.equal([
      { currentValue: 3, limit: 10, name: { value: "cores", localizedValue: "Cores" } },
    ]);
    expect(asked).to.deep.equal(["/subscriptions/0000/providers/Microsoft.Compute/locations/westeurope/usages"]);
    expect(await usagesIn(listing(undefined) as never, "0000", "westeurope", signal)).to.deep.equal([]);
  });
});
