import { expect } from "chai";
import { momentOf } from "../../../lambdas/database/layout.ts";
import type { SeenState } from "../../../operations/database/control.ts";
import type { Dump } from "../../../operations/database/dumps.ts";
import { replacementOf, untilNext } from "../../../operations/database/replacement.ts";

const OLD = "20261120T021500Z";
const NEW = "20261121T021500Z";

type Database = NonNullable<NonNullable<SeenState["planned"]>["database"]>;

function standby(
  data: SeenState["data"],
  { target = "stopped", follows = "dumps" }: Partial<Database> = {},
): SeenState {
  const planned = { database: { target, follows } };
  return { status: "settled", detail: "", at: "2026-11-21T14:00:00Z", setAside: [], planned, data };
}

const promoted: Partial<Database> = { target: "promoted", follows: "nobody" };

describe("what a restore at the standby replaces", () => {
  it("is nothing in a new server, and a dump in one that was refreshed", () => {
    expect(replacementOf(standby(undefined), NEW, false)).to.deep.equal({ holds: "no dump", done: false });
    expect(replacementOf(standby({ loaded: OLD }), NEW, false)).to.deep.equal({
      holds: `the dump ${OLD}`,
      done: false,
    });
  });

  it("is nothing when the server holds that very dump, and nothing but that", () => {
    expect(replacementOf(standby({ loaded: NEW }), NEW, false).done).to.equal(true);
    const begun = replacementOf(standby({ loaded: NEW, begun: { dump: OLD, swapping: false } }), NEW, false);
    expect(begun).to.deep.equal({ holds: `the dump ${NEW}, beside it the dump ${OLD}, half loaded`, done: false });
  });

  it("is refused where the standby's own writes would be lost, until they are given up", () => {
    for (const state of [standby({ loaded: OLD, tenure: "own" }, promoted), standby({ loaded: OLD, tenure: "own" })]) {
      for (const dump of [OLD, NEW]) {
        const { refused, holds, done } = replacementOf(state, dump, false);
        expect(refused).to.include("lose them with --discard-standby");
        expect(holds).to.equal(`the dump ${OLD}, what was written at the standby itself`);
        expect(done).to.equal(false);
        expect(replacementOf(state, dump, true)).to.deep.equal({ holds, done: false });
      }
    }
  });

  it("is refused in the midst of a drill, and not after it", () => {
    const drilled = { loaded: OLD, tenure: "lent" } as const;
    expect(replacementOf(standby(drilled, promoted), NEW, false).refused).to.include("--discard-standby");
    const { refused, holds } = replacementOf(standby(drilled), NEW, false);
    expect({ refused, holds }).to.deep.equal({
      refused: undefined,
      holds: `the dump ${OLD}, what was written in a drill`,
    });
  });

  it("is not refused in a declared disaster before anybody could write", () => {
    expect(replacementOf(standby({ loaded: OLD }, promoted), NEW, false).refused).to.equal(undefined);
  });

  it("is refused where the server follows the primary, whatever is given up", () => {
    const live = standby(
      { loaded: OLD, replication: { state: "following" } },
      { target: "running", follows: "primary" },
    );
    const { refused, holds } = replacementOf(live, NEW, true);
    expect(holds).to.include("what came from the primary since");
    expect(refused).to.include("follows the primary").and.not.include("--discard-standby");
  });

  it("is refused where there is no server, whatever is given up", () => {
    const { planned: _, ...none } = standby(undefined);
    for (const state of [none, { ...none, planned: {} }]) {
      expect(replacementOf(state, NEW, true).refused).to.include("pulumi up --stack dr");
    }
  });
});

describe("how long an older dump stays that was restored", () => {
  const night = (dump: string): Dump => ({ kind: "daily", dump, begunAt: momentOf(dump) });
  const [older, newer] = [night("20261119T021500Z"), night("20261121T021500Z")];
  const stateOf = (target: "stopped" | "promoted", follows: "dumps" | "nobody") => ({
    ...{ status: "settled", detail: "", at: "", setAside: [], planned: { database: { target, follows } } },
  });

  it("is until the next night where the standby takes each newer dump", () => {
    expect(untilNext(stateOf("stopped", "dumps"), older, newer)).to.include(
      `older than the newest complete dump, ${newer.dump}: the next night's takes its place`,
    );
  });

  it("is not told of the newest, nor where nothing is loaded by itself", () => {
    expect(untilNext(stateOf("stopped", "dumps"), newer, newer)).to.equal(undefined);
    expect(untilNext(stateOf("promoted", "nobody"), older, newer)).to.equal(undefined);
  });
});
