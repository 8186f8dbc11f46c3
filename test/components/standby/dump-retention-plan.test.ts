import { expect } from "chai";
import fc from "fast-check";
import { dumpRules } from "../../../components/standby/dump-retention-plan.ts";
import { CARRIED_PREFIXES, DUMP_KINDS, dumpNames } from "../../../lambdas/database/layout.ts";

const DAYS = { daily: 14, weekly: 35, monthly: 400 };

describe("how long dumps are kept", () => {
  it("is what the settings say, and never less than nobody can delete them", () => {
    const days = (immutability: number) => dumpRules("dumps", DAYS, immutability).map((rule) => [rule.name, rule.days]);
    expect(Object.fromEntries(days(1))).to.deep.equal({
      ...{ "daily-dumps": 14, "weekly-dumps": 35, "monthly-dumps": 400 },
      "standby-copies": 14,
    });
    expect(Object.fromEntries(days(30))).to.include({ "daily-dumps": 30, "weekly-dumps": 35 });
  });

  it("holds for each file of a dump, and by one rule", () => {
    fc.assert(
      fc.property(fc.constantFrom(...DUMP_KINDS), fc.integer({ min: 1, max: 999_999 }), (kind, chunk) => {
        const names = dumpNames(kind, "20261121T021500Z");
        for (const name of [names.manifest, names.definitions, names.chunk(chunk)]) {
          const rules = dumpRules("dumps", DAYS, 1).filter(({ prefixes }) =>
            prefixes.some((prefix) => `dumps/${name}`.startsWith(prefix)),
          );
          expect(rules.map((rule) => rule.days)).to.deep.equal([DAYS[kind]]);
        }
      }),
    );
  });

  it("holds for all of a copy of the standby's own database, and by one rule", () => {
    const names = dumpNames("standby", "20261121T021500Z");
    for (const name of [names.manifest, names.definitions, names.chunk(1), names.records(1), names.plan]) {
      const rules = dumpRules("dumps", DAYS, 1).filter(({ prefixes }) =>
        prefixes.some((prefix) => `dumps/${name}`.startsWith(prefix)),
      );
      expect(rules.map((rule) => rule.name)).to.deep.equal(["standby-copies"]);
    }
  });

  it("leaves nothing that is carried over without an end", () => {
    const prefixes = dumpRules("dumps", DAYS, 1).flatMap((rule) => rule.prefixes);
    for (const carried of CARRIED_PREFIXES) {
      expect(prefixes.some((prefix) => prefix.startsWith(`dumps/${carried}`))).to.equal(true);
    }
  });
});
