import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Operation } from "../../../operations/operation.ts";
import type { Runbook, RunbookStep } from "../../../operations/runbook/runbook.ts";
import { declareRunbook } from "../../../operations/runbooks/declare.ts";
import { drillRunbook } from "../../../operations/runbooks/drill.ts";
import { failbackRunbook } from "../../../operations/runbooks/failback.ts";
import { undeclareRunbook } from "../../../operations/runbooks/undeclare.ts";
import { PROJECT_FOLDER } from "../../../operations/stack-files.ts";

type Step = RunbookStep<Operation>;

const RUNBOOKS: Record<string, Runbook<Operation>> = {
  "declare database": declareRunbook("database"),
  "declare content": declareRunbook("content"),
  "declare site": declareRunbook("site"),
  drill: drillRunbook,
  failback: failbackRunbook(),
  "failback --shares 90,50,10": failbackRunbook({ shares: [90, 50, 10], dwell: 300 }),
  undeclare: undeclareRunbook(false),
  "undeclare --discard-standby": undeclareRunbook(true),
};

const idsOf = ({ steps }: Runbook<Operation>) => steps.map(({ id }) => id);

for (const [what, runbook] of Object.entries(RUNBOOKS)) {
  describe(`the runbook of \`${what}\``, () => {
    const { steps } = runbook;
    const all = (wrong: (step: Step, index: number) => boolean) => steps.filter(wrong).map(({ id }) => id);

    it("is run by the command of its name, and says when", () => {
      expect(runbook.name).to.equal(what.split(" ")[0]);
      expect(runbook.title).to.match(/^[A-Z].+[^.]$/);
      expect(runbook.summary).to.match(/^[A-Z].+\.$/);
    });

    it("names each step once, in small letters", () => {
      expect(new Set(idsOf(runbook)).size).to.equal(steps.length);
      expect(all(({ id }) => !/^[a-z]+(-[a-z]+)*$/.test(id))).to.deep.equal([]);
    });

    it("says of each step what it does, and what people do when it fails", () => {
      expect(all(({ title }) => !/^[A-Z].+[^.]$/.test(title))).to.deep.equal([]);
      expect(all(({ what: does }) => !/^[A-Z].+\.$/.test(does))).to.deep.equal([]);
      expect(all(({ byHand }) => byHand.length === 0 || byHand.includes(""))).to.deep.equal([]);
    });

    it("has a limit for each step, of a minute to two days", () => {
      expect(all(({ limit }) => !(limit >= 60 && limit <= 48 * 3600))).to.deep.equal([]);
    });

    it("calls typical only what docs/rehearsal.md measured, or counts with", () => {
      const told = readFileSync(join(PROJECT_FOLDER, "docs/rehearsal.md"), "utf8");
      const figures = steps.flatMap(({ typically = "" }) => typically.match(/\d+ s\b/g) ?? []);
      const known = (figure: string) => new RegExp(`\\b${Number.parseInt(figure, 10)}\\b`).test(told);
      expect(figures.filter((figure) => !known(figure))).to.deep.equal([]);
    });

    it("takes away only what an earlier step brought", () => {
      const earlier = (index: number) => idsOf(runbook).slice(0, index);
      expect(all(({ undoes }, index) => undoes !== undefined && !earlier(index).includes(undoes))).to.deep.equal([]);
    });
  });
}

describe("the order of steps", () => {
  it("of a declaration has users moved only to a standby that serves, and asks AWS at last only, which can wait", () => {
    const { steps } = RUNBOOKS["declare site"] as Runbook<Operation>;
    expect(steps.map(({ id }) => id)).to.deep.equal(["set", "bring-up", "ready", "smoke", "names", "weights"]);
    expect(steps.filter(({ canWait }) => canWait).map(({ id }) => id)).to.deep.equal(["weights"]);
  });

  it("of a declaration says of what is left for later what people have to mind meanwhile", () => {
    const { steps } = RUNBOOKS["declare site"] as Runbook<Operation>;
    const minded = steps.filter(({ meanwhile }) => meanwhile !== undefined);
    expect(minded.map(({ id }) => id)).to.deep.equal(["weights"]);
    expect(minded[0]?.meanwhile).to.match(/^When AWS comes back, run this again before anything else, .+\.$/);
  });

  it("of a drill has the standby taken down again, whatever failed since it was stood up", () => {
    const undoing = drillRunbook.steps.filter(({ undoes }: Step) => undoes === "begin").map(({ id }) => id);
    expect(undoing).to.deep.equal(["tear-down", "record"]);
    const ids = idsOf(drillRunbook);
    expect(ids.slice(0, 3)).to.deep.equal(["preflight", "drift", "begin"]);
  });

  it("of a failback has all at home, and the primary well with it, before a name moves", () => {
    expect(idsOf(failbackRunbook())).to.deep.equal([
      ...["weights", "primary-well", "content-early", "pause", "snapshot", "database"],
      ...["primary-well-again", "content-late"],
      ...["move-back", "names-back", "content-last", "release", "stand-down", "remove-way"],
    ]);
  });

  it("of taking a declaration back has it refused before anything is done", () => {
    expect(idsOf(undeclareRunbook(false))).to.deep.equal([
      ...["own-writes", "primary-well", "move-back", "names-back", "stand-down", "remove-way"],
    ]);
  });

  it("of no step of a failback or an undeclaration lets the rest go on when it fails, but for the last one's gateways", () => {
    const steps: readonly Step[] = [...failbackRunbook().steps, ...undeclareRunbook(true).steps];
    expect(new Set(steps.filter(({ canWait }) => canWait).map(({ id }) => id))).to.deep.equal(new Set(["remove-way"]));
  });

  it("of a declared database makes the way to it as soon as the standby knows, which can wait for whoever may", () => {
    const { steps } = RUNBOOKS["declare database"] as Runbook<Operation>;
    expect(steps.map(({ id }) => id)).to.deep.equal(["set", "bring-up", "way", "ready", "smoke", "names", "weights"]);
    expect(steps.filter(({ canWait }) => canWait).map(({ id }) => id)).to.deep.equal(["way", "weights"]);
  });
});
