import { expect } from "chai";
import type { RestoreDocument } from "../../../lambdas/standby/restore-document.ts";
import type { SeenState } from "../../../operations/database/control.ts";
import { follow } from "../../../operations/database/follow.ts";
import { rejection } from "../../support/rejection.ts";

const DUMP = "20261121T021500Z";
const ASKED = "2026-11-21T14:00:00.000Z";
const REQUEST: RestoreDocument = {
  version: 1,
  dump: DUMP,
  kind: "daily",
  discard: false,
  requestedAt: ASKED,
  by: "operator",
};
const BEFORE: SeenState = { status: "settled", detail: "plan and reality agree", at: "13:59", setAside: [] };

/** The state at a look, of which only what matters is given. */
const at = (minute: number, more: Partial<SeenState> = {}): SeenState => ({ ...BEFORE, at: `14:${minute}`, ...more });
const answer = (status: NonNullable<SeenState["restore"]>["status"], more = {}) => ({
  restore: { dump: DUMP, requestedAt: ASKED, status, ...more },
});
const loading = (done: number) => ({ loading: { dump: DUMP, phase: "rows", done, of: 40 } });
const failed = (moment: string) => ({ status: "failed", lastError: { message: "no room\non the disk", at: moment } });

/** Follows a controller that says one thing after the other, the last one for ever. */
async function following(states: SeenState[], { before = BEFORE, silence = 60_000 } = {}) {
  const told: string[] = [];
  let looks = 0;
  const control = { state: async () => states[Math.min(looks++, states.length - 1)] as SeenState };
  const { signal } = new AbortController();
  const end = await follow(control, REQUEST, before, (text) => told.push(text), signal, { look: 0, silence });
  return { end, told };
}

describe("following a restore", () => {
  it("tells how far it is, until it is loaded", async () => {
    const { told, end } = await following([
      BEFORE,
      at(1, { ...answer("waiting"), detail: "the server is Starting" }),
      at(2, { ...answer("loading"), ...loading(10) }),
      at(3, { ...answer("loading"), ...loading(40) }),
      at(4, { ...answer("loaded"), data: { loaded: DUMP } }),
    ]);
    expect(told).to.deep.equal([
      "asked; the controller looks each minute",
      "the server is Starting",
      "rows: 10 of 40 (25 %)",
      "rows: 40 of 40 (100 %)",
    ]);
    expect(end.data?.loaded).to.equal(DUMP);
  });

  it("is not content with an answer to an earlier request for the same dump", async () => {
    const earlier = { restore: { dump: DUMP, requestedAt: "2026-11-20T14:00:00.000Z", status: "loaded" as const } };
    const { told } = await following([at(0, earlier), at(1, answer("loaded"))]);
    expect(told.length).to.equal(1);
  });

  it("ends when the controller refuses, with its reason", async () => {
    const failure = await rejection(following([at(1, answer("refused", { reason: "chunk 3 is damaged" }))]));
    expect(failure.message).to.include("refused").and.include("chunk 3 is damaged");
  });

  it("ends when somebody asks for something else", async () => {
    const later = {
      restore: { dump: "20261119T021500Z", requestedAt: "2026-11-21T14:01:00.000Z", status: "waiting" as const },
    };
    expect((await rejection(following([at(1, later)]))).message).to.include(
      "another restore meanwhile, of 20261119T021500Z",
    );
  });

  it("outlasts two failures, and ends at the third without anything loaded between", async () => {
    const tries = [at(1, failed("14:1")), at(2, failed("14:2")), at(3, failed("14:3"))];
    const failure = await rejection(following(tries));
    expect(failure.message).to.include("no room").and.include("goes on trying");
    const { told } = await following([...tries.slice(0, 2), at(3, answer("loaded"))]);
    expect(told[0]).to.equal("tried again, for it failed: no room");
  });

  it("begins to count anew when something was loaded, and not with what failed before", async () => {
    const old = at(0, failed("13:50"));
    const moving = [1, 2, 3, 4, 5].flatMap((step) => [
      at(step, { ...failed(`14:${step}`), ...loading(step) }),
      at(step, { status: "acting", lastError: { message: "", at: `14:${step}` }, ...loading(step) }),
    ]);
    await following([old, old, old, old, ...moving, at(9, answer("loaded"))], { before: old });
  });

  it("ends when the controller says nothing any more", async () => {
    expect((await rejection(following([at(1)], { silence: 20 }))).message).to.include("has said nothing for");
  });

  it("ends at once with Ctrl-C", async () => {
    const interruption = new AbortController();
    const state = async () => at(1);
    const followed = follow({ state }, REQUEST, BEFORE, () => interruption.abort(), interruption.signal);
    expect((await rejection(followed)).name).to.equal("AbortError");
  });
});
