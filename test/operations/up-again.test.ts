import { hostname } from "node:os";
import { PulumiCommand, type Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { OperationFailed } from "../../operations/stacks.ts";
import { holdersIn, upAgain } from "../../operations/up-again.ts";
import { useFakeEngine } from "../support/fake-engine.ts";

/** A process that is no more: Linux numbers none so high. */
const GONE = 4_194_305;

/** What the engine says when it finds a state locked. */
const locked = (...holders: string[]) => [
  "echo 'error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock' >&2",
  ...holders.map(
    (holder) => `echo '  file:///state/.pulumi/locks/dr/1.json: created by ${holder} at 2026-11-21T14:00:00Z' >&2`,
  ),
  "exit 1",
];
const lockedHere = (pid: number) => locked(`ann@${hostname()} (pid ${pid})`);
const KILLED = ["kill -9 $$"];

interface Engine {
  run(args: string[], folder: string, environment: object): Promise<unknown>;
}

describe("an up that goes on where an engine was killed", () => {
  const engine = useFakeEngine();

  /** An up whose engine does one thing after the other, and then what is to be done. */
  async function attempt(tries: string[][], signal?: AbortSignal) {
    const scripts = tries.map((lines, index) => [`${index}) echo ${index + 1} > tries`, ...lines, ";;"].join("\n"));
    const calls = ['read -r n < tries; case "$n" in', ...scripts, "esac"];
    engine.does(
      'case "$1" in',
      "version) echo v3.259.0 ;;",
      "cancel) echo 1 > cancelled ;;",
      `up) ${calls.join("\n")} ;;`,
      "esac",
    );
    engine.write("tries", "0\n");
    const command = (await PulumiCommand.get()) as unknown as Engine;
    const run = (...args: string[]) => command.run(args, engine.folder, {});
    const said: string[] = [];
    let cancelled = 0;
    const stack = {
      name: "dr",
      up: async () => {
        await run("up");
        return { summary: { resourceChanges: { update: 1 } }, outputs: {} };
      },
      cancel: async () => {
        await run("cancel");
        cancelled += 1;
      },
    } as unknown as Stack;
    const ended = upAgain(stack, { report: (line) => said.push(line), ...(signal && { signal }) });
    const [outcome] = await Promise.allSettled([ended]);
    return { outcome, said, cancelled };
  }

  const done = { status: "fulfilled", value: { changes: { update: 1 }, outputs: {} } };
  const GOES_ON = "an engine was killed while it was at stack dr; it goes on";

  it("does nothing more where all goes well", async () => {
    expect(await attempt([[]])).to.deep.equal({ outcome: done, said: [], cancelled: 0 });
  });

  it("takes away the lock of an engine of this machine that is no more", async () => {
    expect(await attempt([lockedHere(GONE), []])).to.deep.equal({ outcome: done, said: [GOES_ON], cancelled: 1 });
  });

  it("begins again when its own engine was killed", async () => {
    expect(await attempt([KILLED, []])).to.deep.equal({ outcome: done, said: [GOES_ON], cancelled: 0 });
    expect(await attempt([KILLED, lockedHere(GONE), []])).to.deep.equal({
      ...{ outcome: done, said: [GOES_ON, GOES_ON], cancelled: 1 },
    });
  });

  it("gives up at the third time", async () => {
    const { outcome, said } = await attempt([KILLED, KILLED, KILLED, []]);
    expect([outcome.status, said.length]).to.deep.equal(["rejected", 2]);
  });

  for (const [who, holder] of [
    ["a process that runs", `ann@${hostname()} (pid ${process.pid})`],
    ["another machine", `ann@elsewhere (pid ${GONE})`],
  ] as const) {
    it(`leaves the lock of ${who}, and says whose it is`, async () => {
      const { outcome, cancelled } = await attempt([locked(`bob@${hostname()} (pid ${GONE})`, holder), []]);
      const { message } = (outcome as PromiseRejectedResult).reason;
      const [, user, pid] = /^(.+) \(pid (\d+)\)$/.exec(holder) ?? [];
      expect(message).to.equal(
        `up of stack dr failed.\nexpected nobody else at its state, found ${user} (process ${pid}) since ` +
          "2026-11-21T14:00:00Z. Wait for them; if nobody is at work there any more, `pulumi cancel --stack dr --yes`, " +
          "and run this again",
      );
      expect(cancelled).to.equal(0);
    });
  }

  it("tries nothing again that failed for another reason", async () => {
    const { outcome } = await attempt([["echo 'error: no room' >&2; exit 1"], []]);
    expect(outcome).to.include({ status: "rejected" });
    const { reason } = outcome as PromiseRejectedResult;
    expect(reason).to.be.instanceOf(OperationFailed);
    expect(reason.message).to.equal("up of stack dr failed.\nerror: no room");
  });

  it("begins nothing again once it was broken off", async () => {
    const { outcome, said } = await attempt([KILLED, []], AbortSignal.abort(new Error("interrupted")));
    expect((outcome as PromiseRejectedResult).reason.message).to.equal("interrupted");
    expect(said).to.deep.equal([]);
  });
});

describe("who holds a state", () => {
  it("is read from what the engine says, of each lock", () => {
    const lock = (who: string) =>
      `  s3://state/.pulumi/locks/organization/p/dr/1.json: created by ${who} at 2026-11-21T14:00:00Z`;
    expect(
      holdersIn(`error: …\n${lock("ann@desk (pid 12)")}\n${lock("ci@runner-7.example (pid 345)")}\n`),
    ).to.deep.equal([
      { user: "ann", host: "desk", pid: 12, since: "2026-11-21T14:00:00Z" },
      { user: "ci", host: "runner-7.example", pid: 345, since: "2026-11-21T14:00:00Z" },
    ]);
  });

  it("is nobody where it is not locked", () => {
    expect(holdersIn("error: no room")).to.deep.equal([]);
  });
});
