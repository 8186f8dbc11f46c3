import { expect } from "chai";
import fc from "fast-check";
import type { Journal, JournalStep } from "../../../operations/runbook/journal.ts";
import { newJournal, runSteps, StepFailed, type Teller } from "../../../operations/runbook/run.ts";
import type { RunbookStep, StepWatch } from "../../../operations/runbook/runbook.ts";

type Step = RunbookStep<string[]>;

/** A step that writes its id down, unless it is told what to do. */
function step(id: string, more: Partial<Step> = {}): Step {
  const act: Step["act"] = async (done) => void done.push(id) as undefined;
  return { id, title: `Do ${id}`, what: `Does ${id}.`, byHand: [], limit: 60, act, ...more };
}

const fails = (why: string): Step["act"] => {
  return async () => {
    throw new Error(why);
  };
};

/** Waits for ever, or until it is told to end, as whatever waits for a cloud. */
function waits({ signal }: StepWatch): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new DOMException("The operation was aborted", "AbortError"));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  });
}

const NOON = new Date("2026-11-21T12:00:00Z");

/** Runs steps, and tells what became of them, whether they failed or not. */
async function run(steps: Step[], options: { signal?: AbortSignal; keep?(journal: Journal): Promise<void> } = {}) {
  const runbook = { name: "drill" as const, title: "Drill", summary: "", steps };
  const journal = newJournal(runbook, { workload: "shop", by: "team" }, NOON);
  const done: string[] = [];
  const kept: Journal[] = [];
  const told: string[] = [];
  const teller: Teller = {
    begin: ({ id }, { number, of }) => told.push(`${number}/${of} ${id}`),
    report: (line) => told.push(line),
    end: ({ id, status }) => told.push(`${id} ${status}`),
  };
  const keep = async (now: Journal) => void kept.push(structuredClone(now));
  const { signal = new AbortController().signal } = options;
  const ended = runSteps(runbook, done, { journal, keep, teller, now: () => NOON, ...options, signal });
  const failure = await ended.then(
    () => undefined,
    (error: Error) => error,
  );
  return { journal, done, kept, told, failure };
}

const statuses = ({ steps }: Journal) => steps.map(({ status }: JournalStep) => status);

describe("running a runbook", () => {
  it("takes the steps one after the other, and says what each said", async () => {
    const steps = [step("a", { act: async () => "all well" }), step("b")];
    const { journal, done, told, failure } = await run(steps);
    expect({ failure, done }).to.deep.equal({ failure: undefined, done: ["b"] });
    const at = NOON.toISOString();
    expect(journal).to.deep.equal({
      ...{ version: 1, name: "drill", workload: "shop", by: "team", startedAt: at, endedAt: at, status: "done" },
      steps: [
        { id: "a", title: "Do a", status: "done", startedAt: at, endedAt: at, said: "all well" },
        { id: "b", title: "Do b", status: "done", startedAt: at, endedAt: at },
      ],
    });
    expect(told).to.deep.equal(["1/2 a", "a done", "2/2 b", "b done"]);
  });

  it("keeps the journal before each step and at the end", async () => {
    const { kept } = await run([step("a"), step("b")]);
    expect(kept.map(statuses)).to.deep.equal([
      ["running", "due"],
      ["done", "running"],
      ["done", "done"],
    ]);
    expect(kept.map(({ status }) => status)).to.deep.equal(["running", "running", "done"]);
  });

  it("goes on without a journal where none can be kept, and says so", async () => {
    const keep = () => Promise.reject(new Error("no such host"));
    const { done, told, failure } = await run([step("a")], { keep });
    expect({ failure, done }).to.deep.equal({ failure: undefined, done: ["a"] });
    expect(told).to.include("the journal can't be kept: no such host");
  });

  it("does not do again what is done already", async () => {
    const { journal, done } = await run([step("a", { before: async () => "done" }), step("b")]);
    expect(done).to.deep.equal(["b"]);
    expect(journal.steps[0]).to.include({ status: "done", said: "done already" });
  });

  it("does not take a step that must not be taken as things are", async () => {
    const { done, failure } = await run([step("a", { before: fails("not now") as never })]);
    expect(done).to.deep.equal([]);
    expect(failure?.message).to.equal("Do a (a): not now");
  });

  it("looks afterwards whether what was to come about did", async () => {
    const { journal, failure } = await run([step("a", { after: fails("no marker") as never }), step("b")]);
    expect(failure?.message).to.include("no marker");
    expect(statuses(journal)).to.deep.equal(["failed", "due"]);
  });
});

describe("a step that fails", () => {
  it("ends the run, and says what people do in its stead", async () => {
    const { journal, done, failure } = await run([
      step("a", { act: fails("no room"), byHand: ["`pulumi up`", "ask Azure"] }),
      step("b"),
    ]);
    expect(failure).to.be.instanceOf(StepFailed);
    expect(failure?.message).to.equal("Do a (a): no room\nBy hand:\n  `pulumi up`\n  ask Azure");
    expect(done).to.deep.equal([]);
    expect(journal).to.include({ status: "failed" });
    expect(journal.steps).to.deep.include({
      ...{ id: "a", title: "Do a", status: "failed", error: "no room" },
      ...{ startedAt: NOON.toISOString(), endedAt: NOON.toISOString() },
    });
    expect(statuses(journal)).to.deep.equal(["failed", "due"]);
  });

  it("is left for later where it can wait", async () => {
    const { journal, done, failure } = await run([step("a", { act: fails("AWS is down"), canWait: true }), step("b")]);
    expect({ failure, done }).to.deep.equal({ failure: undefined, done: ["b"] });
    expect(statuses(journal)).to.deep.equal(["left", "done"]);
    expect(journal.status).to.equal("done");
  });

  it("is followed by what takes away what was brought before it", async () => {
    const { journal, done, failure } = await run([
      ...[step("bring"), step("use", { act: fails("broken") }), step("more"), step("take", { undoes: "bring" })],
    ]);
    expect(done).to.deep.equal(["bring", "take"]);
    expect(statuses(journal)).to.deep.equal(["done", "failed", "due", "done"]);
    expect(failure?.message).to.include("(use): broken");
  });

  it("is itself followed by what takes away the part of it that came about", async () => {
    const { done } = await run([step("bring", { act: fails("half-way") }), step("take", { undoes: "bring" })]);
    expect(done).to.deep.equal(["take"]);
  });

  it("leaves nothing to be taken away where nothing was brought", async () => {
    const { journal, done } = await run([
      ...[step("look", { act: fails("not signed in") }), step("bring"), step("take", { undoes: "bring" })],
    ]);
    expect(done).to.deep.equal([]);
    expect(statuses(journal)).to.deep.equal(["failed", "due", "due"]);
  });

  it("is what the run ends with, also when the taking away fails too", async () => {
    const take = step("take", { undoes: "bring", act: fails("second") });
    const { failure, journal } = await run([step("bring", { act: fails("first") }), take]);
    expect(failure?.message).to.equal("Do bring (bring): first");
    expect(statuses(journal)).to.deep.equal(["failed", "failed"]);
  });

  it("leaves no other step running, whichever fail and can wait", async () => {
    const outcome = fc.record({ fail: fc.boolean(), canWait: fc.boolean(), undoes: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(outcome, { minLength: 1, maxLength: 8 }), async (outcomes) => {
        const steps = outcomes.map(({ fail, canWait, undoes }, index) =>
          step(String(index), { canWait, ...(undoes && { undoes: "0" }), ...(fail && { act: fails("no") }) }),
        );
        const { journal, failure } = await run(steps);
        const serious = outcomes.findIndex(({ fail, canWait }) => fail && !canWait);
        expect(journal.status).to.equal(serious < 0 ? "done" : "failed");
        expect(failure?.message).to.equal(serious < 0 ? undefined : `Do ${serious} (${serious}): no`);
        const expected = outcomes.map(({ fail, canWait, undoes }, index) => {
          if (serious >= 0 && index > serious && !undoes) return "due";
          return fail ? (canWait ? "left" : "failed") : "done";
        });
        expect(statuses(journal)).to.deep.equal(expected);
      }),
    );
  });
});

describe("a step that takes too long", () => {
  it("is ended, with what it last waited for", async () => {
    const act: Step["act"] = (_, watch) => {
      watch.report("app.example.com leads nowhere");
      return waits(watch);
    };
    const { failure } = await run([step("a", { act, limit: 0.05 })]);
    expect(failure?.message).to.equal(
      "Do a (a): expected to be done within 0.05 s, found that it is not; the last it said: app.example.com leads nowhere",
    );
  });

  it("is ended with its own complaint, where it has one", async () => {
    const act: Step["act"] = async (_, watch) => waits(watch).catch(() => Promise.reject(new Error("the app: 503")));
    const { failure } = await run([step("a", { act, limit: 0.05 })]);
    expect(failure?.message).to.match(/found that it is not; the last it said: the app: 503$/);
  });

  it("says no more than that, where it said nothing", async () => {
    const { failure } = await run([step("a", { act: (_, watch) => waits(watch), limit: 0.05 })]);
    expect(failure?.message).to.match(/found that it is not$/);
  });
});

describe("a run that is broken off", () => {
  it("ends with the reason, and takes no further step, not even one that can take something away", async () => {
    const ended = new AbortController();
    const act: Step["act"] = (_, watch) => {
      setImmediate(() => ended.abort(new Error("interrupted")));
      return waits(watch);
    };
    const steps = [step("a", { act, canWait: true }), step("b"), step("c", { undoes: "a" })];
    const { journal, done, failure, kept } = await run(steps, { signal: ended.signal });
    expect(failure?.message).to.equal("interrupted");
    expect(done).to.deep.equal([]);
    expect(statuses(journal)).to.deep.equal(["failed", "due", "due"]);
    expect(journal.steps[0]?.error).to.equal("interrupted");
    expect(kept.at(-1)?.status, "as it is kept").to.equal("failed");
  });

  it("takes none where it was broken off before it began", async () => {
    const { done, failure } = await run([step("a")], { signal: AbortSignal.abort(new Error("interrupted")) });
    expect({ done, said: failure?.message }).to.deep.equal({ done: [], said: "interrupted" });
  });
});

describe("a step's failure", () => {
  it("names no way by hand where there is none", () => {
    expect(new StepFailed(step("a"), "no room").message).to.equal("Do a (a): no room");
  });
});
