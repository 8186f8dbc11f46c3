import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Operator } from "../../rehearsal/operator.ts";
import type { Stage } from "../../rehearsal/stage.ts";
import { Timeline } from "../../rehearsal/timeline.ts";
import { rejection } from "../support/rejection.ts";

describe("the operator of the rehearsal", () => {
  let folder: string;
  let timeline: Timeline;
  let stopped: AbortController;
  let operator: Operator;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "operator-"));
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(() => {
    timeline = new Timeline();
    stopped = new AbortController();
    const stage = { project: { folder }, operatorEnvironment: () => ({ NO_COLOR: "1" }) };
    operator = new Operator(stage as unknown as Stage, timeline, stopped.signal);
  });

  it("runs the real command to its end, and tells that it does", async () => {
    const { code, stdout } = await operator.run(["--help"]);
    expect(code).to.equal(0);
    expect(stdout).to.include("declare");
    expect(timeline.events.map(({ who, what }) => [who, what])).to.deep.equal([["operator", "npm run dr -- --help"]]);
  });

  it("says what a command that fails said, and hands on the last line while it is at work", async () => {
    const said: string[] = [];
    const { message } = await rejection(operator.run(["no-such-command"], (line) => said.push(line)));
    expect(message).to.match(/^npm run dr -- no-such-command ended with 2:\n.*no-such-command/);
    expect(said).to.not.be.empty;
  });

  it("kills a command at once", async () => {
    const running = operator.begin(["--help"]);
    running.kill();
    expect((await running.ended).code).to.equal(null);
  });

  it("kills what is at work when the rehearsal ends, and says why it ended", async () => {
    const error = rejection(operator.run(["--help"]));
    stopped.abort(new Error("interrupted"));
    expect((await error).message).to.equal("interrupted");
  });

  it("tells the steps of a journal that were taken, by the timeline's clock", () => {
    const now = Date.now();
    const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
    operator.tell({
      ...{ version: 1, name: "declare", workload: "shop", by: "operations", startedAt: at(0), status: "done" },
      steps: [
        { id: "up", title: "up of the stack dr", status: "done", startedAt: at(0), endedAt: at(15), said: "3 changed" },
        { id: "plain", title: "publishes the marker", status: "done", startedAt: at(15), endedAt: at(16) },
        { id: "left", title: "tells AWS", status: "left", startedAt: at(16), endedAt: at(20), error: "nobody answers" },
        { id: "due", title: "cleans up", status: "due" },
      ],
    });
    expect(timeline.spans.map(({ who, what }) => [who, what])).to.deep.equal([
      ["operator", "up of the stack dr: 3 changed"],
      ["operator", "publishes the marker"],
      ["operator", "tells AWS, left for later: nobody answers"],
    ]);
    const [first] = timeline.spans;
    expect((first?.to ?? 0) - (first?.from ?? 0)).to.be.closeTo(15_000, 1e-3);
    expect(first?.from).to.be.closeTo(timeline.now(), 10_000);
  });
});
