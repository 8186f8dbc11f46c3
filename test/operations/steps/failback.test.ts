import { expect } from "chai";
import { readRelease } from "../../../lambdas/standby/release-document.ts";
import type { Operation } from "../../../operations/operation.ts";
import type { RunbookStep } from "../../../operations/runbook/runbook.ts";
import {
  contentHome,
  databaseHome,
  pauseStandby,
  releaseStandby,
  snapshotPrimaryFirst,
  untilReleased,
} from "../../../operations/steps/failback.ts";
import { useBlobStore } from "../../support/blob-store.ts";
import { FakeOperation, seenState, watching } from "../../support/fake-operation.ts";
import { usePublishedFiles } from "../../support/published-files.ts";
import { rejection } from "../../support/rejection.ts";
import type { Deployed } from "../sites-outputs.ts";

const COPY = "20261122T100000Z";
const handedBack = { dump: COPY, gtid: "", at: "2026-11-22T10:05:00Z" };
const MOVED: Deployed = { disaster: "site", course: { handBack: "move", growDatabase: false } };

/** What a step says when it is taken. */
const take = (step: RunbookStep<Operation>, operation: FakeOperation) =>
  Promise.resolve(step.act(operation.real, watching().watch));

const homecomings = {
  "content-early": contentHome("early"),
  "content-late": contentHome("late"),
  pause: pauseStandby(),
  snapshot: snapshotPrimaryFirst(),
  database: databaseHome(),
};

describe("what comes home in a failback", () => {
  for (const [id, step] of Object.entries(homecomings)) {
    it(`comes home but once: ${id} is done already when the markers are gone, for users write at the primary then`, async () => {
      const look = (deployed: Deployed) => step.before?.(new FakeOperation(deployed).real, watching().watch);
      expect(await look(MOVED)).to.equal("done");
      expect(await look({ disaster: "site" })).to.equal("due");
      const paused = { handBack: "copy", growDatabase: false } as const;
      expect(await look({ disaster: "site", course: paused }), "while it pauses").to.equal("due");
    });
  }

  it("is no content where that was never lost", async () => {
    const operation = new FakeOperation({ disaster: "database" });
    for (const round of ["early", "late"] as const) {
      expect(await take(contentHome(round), operation)).to.equal(
        "not needed: the content is not among what is declared lost",
      );
    }
  });

  it("is no database where that was never lost, and nothing is done about it", async () => {
    const operation = new FakeOperation({ disaster: "content" });
    for (const step of [pauseStandby(), snapshotPrimaryFirst(), databaseHome(), releaseStandby()]) {
      expect(await take(step, operation)).to.equal("not needed: the database is not among what is declared lost");
    }
    expect(operation.done).to.deep.equal([]);
  });

  it("is no content of which nobody knows since when it was written", async () => {
    const website = { values: { markerEndpoint: "http://127.0.0.1:1/" } };
    const operation = new FakeOperation({ disaster: "content", ...website });
    expect((await rejection(take(contentHome("early"), operation))).message).to.include(
      "declared/content.json can't be looked at",
    );
  });

  it("is no database of which there is no copy", async () => {
    const operation = new FakeOperation({ disaster: "database" });
    operation.states = [seenState()];
    for (const step of [snapshotPrimaryFirst(), databaseHome(), releaseStandby()]) {
      expect((await rejection(take(step, operation))).message).to.equal(
        "expected a copy of the standby's database, found none; run this again from its beginning",
      );
    }
  });
});

describe("content that comes home", () => {
  const website = usePublishedFiles();

  it("needs to know since when the standby is written to", async () => {
    const operation = new FakeOperation({ disaster: "content", values: { markerEndpoint: website.endpoint } });
    operation.states = [seenState()];
    expect((await rejection(take(contentHome("early"), operation))).message).to.include(
      "expected the content's marker, or the controller's word since when it is served, found neither",
    );
  });
});

describe("pausing the standby's database", () => {
  it("goes on until there is a copy of all of it, and tells what the controller is at", async () => {
    const operation = new FakeOperation({ disaster: "database" });
    operation.states = [
      seenState({ status: "failed", lastError: { message: "no room", at: "10:01" } }),
      seenState({ status: "copying", detail: "1 of 2 portions" }),
      seenState({ handedBack }),
    ];
    const { watch, said } = watching();
    expect(await pauseStandby().act(operation.real, watch)).to.equal(`all that the standby has is in the copy ${COPY}`);
    expect(operation.done).to.deep.equal(["set dr handBack=copy", "up dr"]);
    expect(said).to.deep.equal(["tried again: no room", "1 of 2 portions"]);
    expect(operation.facts.copy).to.equal(COPY);
  });
});

describe("releasing the standby's database", () => {
  const store = useBlobStore();
  let operation: FakeOperation;

  beforeEach(async () => {
    operation = new FakeOperation({ disaster: "database" });
    operation.container = await store.container();
  });

  async function asked() {
    return readRelease(String(await operation.container?.getBlobClient("release.json").downloadToBuffer()));
  }

  it("tells the controller which copy is at home, also when another run made that", async () => {
    operation.states = [seenState({ handedBack })];
    expect(await take(releaseStandby(), operation)).to.equal(`${COPY} is at home`);
    expect(await asked()).to.include({ version: 1, dump: COPY });
  });

  it("is over when the controller has answered this request, and not an earlier one", async () => {
    operation.facts.copy = COPY;
    await take(releaseStandby(), operation);
    const { requestedAt } = await asked();
    const answer = (status: "waiting" | "released", at: string) =>
      seenState({
        planned: { database: { target: "stopped", follows: "dumps" } },
        ...{ detail: `${status} ${at}`, release: { dump: COPY, requestedAt: at, status } },
      });
    operation.states = [answer("released", "2026-11-20T10:00:00Z"), answer("released", requestedAt)];
    const { watch, said } = watching();
    await untilReleased(operation.real, watch);
    expect(said).to.deep.equal(["released 2026-11-20T10:00:00Z"]);
  });

  it("fails where the controller refuses, with its reason", async () => {
    operation.facts.copy = COPY;
    await take(releaseStandby(), operation);
    const { requestedAt } = await asked();
    const release = { dump: COPY, requestedAt, status: "refused" as const, reason: "it was written to since" };
    operation.states = [seenState({ planned: { database: { target: "stopped", follows: "dumps" } }, release })];
    expect((await rejection(untilReleased(operation.real, watching().watch))).message).to.include(
      "it was written to since",
    );
  });

  it("waits for nothing where this run has released nothing", async () => {
    expect(await untilReleased(operation.real, watching().watch)).to.equal(undefined);
  });
});
