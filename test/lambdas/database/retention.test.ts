import { expect } from "chai";
import fc from "fast-check";
import { type DumpKind, dumpId } from "../../../lambdas/database/layout.ts";
import { kindFor } from "../../../lambdas/database/retention.ts";

const at = (text: string) => new Date(text);
const dump = (kind: DumpKind, text: string) => ({ kind, dump: dumpId(at(text)) });
const NIGHT = 24 * 60 * 60 * 1000;

describe("how long a dump is kept", () => {
  it("is as the month's when there is none of that month", () => {
    expect(kindFor(at("2026-11-21T02:15:00Z"), [])).to.equal("monthly");
    const before = [dump("monthly", "2026-10-01T02:15:00Z"), dump("daily", "2026-11-01T02:15:00Z")];
    expect(kindFor(at("2026-11-21T02:15:00Z"), before)).to.equal("monthly");
  });

  it("is as the week's when that month has one, and that week, which begins on Monday, has none", () => {
    const existing = [dump("monthly", "2026-11-01T02:15:00Z"), dump("weekly", "2026-11-10T02:15:00Z")];
    expect(kindFor(at("2026-11-15T23:59:59Z"), existing), "still the Sunday of that week").to.equal("daily");
    expect(kindFor(at("2026-11-16T00:00:00Z"), existing), "the Monday after").to.equal("weekly");
  });

  it("is as one of the day when the week has the month's", () => {
    expect(kindFor(at("2026-11-03T02:15:00Z"), [dump("monthly", "2026-11-02T02:15:00Z")])).to.equal("daily");
    expect(
      kindFor(at("2027-01-03T02:15:00Z"), [dump("monthly", "2027-01-01T02:15:00Z")]),
      "a week over the turn of a year",
    ).to.equal("daily");
  });

  it("gives every month one, every week at least one, and no more, however many nights fail", () => {
    const start = fc.date({ min: at("2000-01-01T00:00:00Z"), max: at("2100-01-01T00:00:00Z"), noInvalidDate: true });
    fc.assert(
      fc.property(start, fc.array(fc.boolean(), { minLength: 1, maxLength: 120 }), (first, nights) => {
        const made: { kind: DumpKind; moment: Date }[] = [];
        for (const [night, succeeds] of nights.entries()) {
          const moment = new Date(first.getTime() + night * NIGHT);
          const existing = made.map((each) => ({ kind: each.kind, dump: dumpId(each.moment) }));
          if (succeeds) made.push({ kind: kindFor(moment, existing), moment });
        }
        const of = (kinds: DumpKind[]) => made.filter(({ kind }) => kinds.includes(kind)).map(({ moment }) => moment);
        const months = (moments: Date[]) => moments.map((moment) => moment.toISOString().slice(0, 7));
        const weeks = (moments: Date[]) => moments.map(monday);
        const all = made.map(({ moment }) => moment);
        expect(months(of(["monthly"]))).to.deep.equal([...new Set(months(all))]);
        expect(new Set(weeks(of(["weekly", "monthly"])))).to.deep.equal(new Set(weeks(all)));
        expect(weeks(of(["weekly"]))).to.deep.equal([...new Set(weeks(of(["weekly"])))]);
      }),
    );
  });
});

/** The day on which a moment's week began. */
function monday(moment: Date): string {
  const day = (moment.getUTCDay() + 6) % 7;
  return new Date(moment.getTime() - day * NIGHT).toISOString().slice(0, "2026-11-21".length);
}
