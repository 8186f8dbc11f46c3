import { expect } from "chai";
import type { SeenState } from "../../../operations/database/control.ts";
import { settled, untilReady } from "../../../operations/steps/readiness.ts";
import { FakeOperation, seenState, watching } from "../../support/fake-operation.ts";
import { usePublishedFiles } from "../../support/published-files.ts";
import { rejection } from "../../support/rejection.ts";
import type { Deployed } from "../sites-outputs.ts";

const DUMP = "20261121T021500Z";
type Target = "stopped" | "running" | "promoted";

/** What the controller says once it has seen a plan for a database. */
const planned = (target: Target, more: Partial<SeenState> = {}) =>
  seenState({ planned: { database: { target, follows: "dumps" } }, ...more });

describe("waiting until the standby serves", () => {
  const website = usePublishedFiles();
  const operationWith = (deployed: Deployed, ...states: SeenState[]) => {
    const operation = new FakeOperation({ ...deployed, values: { markerEndpoint: website.endpoint } });
    operation.states = states;
    return operation;
  };
  const serve = (...names: string[]) => {
    for (const name of names) website.files.set(`ready/${name}.json`, '{"ready":true}');
  };

  it("goes on until it says so of every name, and tells what it waits for", async () => {
    serve("content", "site");
    const loading = { dump: DUMP, phase: "rows", done: 10, of: 40 };
    const operation = operationWith(
      { disaster: "site" },
      seenState({ loading }),
      seenState({ data: { loaded: DUMP } }),
    );
    const { watch, said } = watching(() => serve("database"));
    expect(await untilReady().act(operation.real, watch)).to.equal(`data seeded by the dump ${DUMP}`);
    expect(said).to.deep.equal(["rows: 10 of 40"]);
  });

  it("needs no name to be ready that is not moved", async () => {
    serve("content");
    const operation = operationWith({ disaster: "content" }, seenState());
    expect(await untilReady().act(operation.real, watching().watch)).to.equal("the database is not part of it");
  });

  it("tells of a dump that was set aside for an older one, and not of one that was long before it", async () => {
    serve("database");
    const setAside = [
      { dump: "20261110T021500Z", reason: "chunk 1 is damaged" },
      { dump: "20261122T021500Z", reason: "chunk 3 is damaged" },
    ];
    const operation = operationWith({ disaster: "database" }, seenState({ data: { loaded: DUMP }, setAside }));
    expect(await untilReady().act(operation.real, watching().watch)).to.equal(
      `data seeded by the dump ${DUMP}; the dump 20261122T021500Z was set aside: chunk 3 is damaged`,
    );
  });

  it("serves a replica's own data where no dump was ever loaded", async () => {
    serve("database");
    const operation = operationWith({ strategy: "warm-standby", disaster: "database" }, seenState({ data: {} }));
    expect(await untilReady().act(operation.real, watching().watch)).to.equal("a database of its own");
  });

  for (const [what, state, line] of [
    ["what it does", seenState({ status: "acting", detail: "asked Azure to start" }), "asked Azure to start"],
    [
      "what failed, for it is tried again",
      seenState({ status: "failed", detail: "x", lastError: { message: "no room", at: "14:01" } }),
      "it failed, and is tried again: no room",
    ],
  ] as const) {
    it(`tells ${what} meanwhile`, async () => {
      const { watch, said, interruption } = watching(() => interruption.abort());
      const waited = untilReady().act(operationWith({ disaster: "database" }, state).real, watch);
      expect((await rejection(waited)).name).to.equal("AbortError");
      expect(said).to.deep.equal([line]);
    });
  }
});

describe("waiting until the controller has settled", () => {
  /** What is waited for, and what is told meanwhile; the wait ends with the states. */
  async function settling(deployed: Deployed, ...states: SeenState[]) {
    const operation = new FakeOperation(deployed);
    operation.states = states;
    const { watch, said } = watching();
    return { detail: await settled(operation.real, watch), said };
  }

  it("is over when all is as planned, or waits for a dump that is not its own to make", async () => {
    const { detail, said } = await settling({}, planned("stopped"));
    expect({ detail, said }).to.deep.equal({ detail: "plan and reality agree", said: [] });
    const waits = planned("stopped", { status: "waiting-for-dump", detail: "waits for a dump" });
    expect((await settling({}, waits)).detail).to.equal("waits for a dump");
  });

  it("is not over while it works", async () => {
    const works = planned("promoted", { status: "loading", detail: "loads" });
    expect((await settling({ drill: true }, works, planned("promoted"))).said).to.deep.equal(["loads"]);
  });

  it("does not take for its answer what it said of the plan before", async () => {
    const before = planned("stopped", { detail: "it is stopped" });
    expect((await settling({ disaster: "site" }, before, planned("promoted"))).said).to.deep.equal(["it is stopped"]);
  });

  it("nor where there was no database in the plan before, or there is none any more", async () => {
    const none = seenState({ planned: {}, detail: "there is none" });
    const cold = { strategy: "backup-restore" } as const;
    expect((await settling({ ...cold, drill: true }, none, planned("promoted"))).said).to.deep.equal(["there is none"]);
    expect((await settling(cold, planned("promoted", { detail: "it serves" }), none)).said).to.deep.equal([
      "it serves",
    ]);
  });
});
