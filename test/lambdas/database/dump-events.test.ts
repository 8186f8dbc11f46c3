import { expect } from "chai";
import { readDumpEvent } from "../../../lambdas/database/dump-events.ts";

const server = { host: "10.0.0.1", port: 3306 };
const frozen = { gtid: "a:1-5", binlog: { file: "binlog.000001", position: 158 }, server: "b", version: "8.4.7" };
const state = { startedAt: "2026-11-21T02:15:00.123Z", frozen, obstacles: [] };
const underway = { dump: "20261121T021500Z", kind: "daily" };
const item = { chunk: 1, schema: "shop", table: "orders", range: { equal: [], column: "id", to: "7" } };

describe("an event of the state machine that dumps", () => {
  for (const event of [
    { action: "freeze", ...server },
    { action: "plan", ...server, startedAt: state.startedAt },
    { action: "portion", ...server, ...underway, portion: [item, { ...item, chunk: 2 }] },
    { action: "seal", ...server, ...state, ...underway },
  ]) {
    it(`that asks to ${event.action} is taken as it is`, () => {
      expect(readDumpEvent(event)).to.deep.equal(event);
    });
  }

  for (const [what, event, reason] of [
    ["nothing", undefined, /expected an event/],
    ["an unknown action", { action: "melt", ...server }, /action/],
    ["a port that is text", { action: "freeze", host: "a", port: "3306" }, /port/],
    ["a chunk that is none", { action: "portion", ...server, ...underway, portion: [{ chunk: 1 }] }, /schema/],
    ["a start that is no moment", { action: "plan", ...server, startedAt: "yesterday" }, /startedAt/],
  ] as const) {
    it(`with ${what} is a mistake, which no further try mends`, () => {
      expect(() => readDumpEvent(event)).to.throw(TypeError, reason);
    });
  }
});
