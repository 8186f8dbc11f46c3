import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Check, Looking } from "../../../operations/preflight/checks.ts";
import { CHECKS } from "../../../operations/preflight/checks.ts";
import { preflight } from "../../../operations/preflight/preflight.ts";
import { fail, ok } from "../../../operations/preflight/verdict.ts";
import { PROJECT_FOLDER } from "../../../operations/stack-files.ts";
import { useFakeEngine } from "../../support/fake-engine.ts";
import { rejection } from "../../support/rejection.ts";

const { signal } = new AbortController();
const EXPORT = '{"version":3,"deployment":{"resources":[]}}';
const OUTPUTS = { workload: "shop", controlEndpoint: "https://control.invalid/control" };

/** A check that tells what it found. */
function check(id: string, look: (looking: Looking) => Promise<unknown>): Check {
  return { id, title: `the ${id}`, mend: `mend the ${id}`, look: async (looking) => ok(String(await look(looking))) };
}

describe("preflight", () => {
  const engine = useFakeEngine();
  let folder: string;
  let exportFile: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "preflight-"));
    exportFile = join(folder, "dr.json");
    engineWith({ state: EXPORT, outputs: OUTPUTS });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** An engine that tells these, and fails where there is none. */
  function engineWith({ state, outputs }: { state?: string; outputs?: object }): void {
    const say = (text: string | undefined) =>
      text === undefined ? 'echo "error: locked out" >&2; exit 1' : `echo '${text}'`;
    engine.does(
      'case "$1 $2" in',
      '  "version "*) echo v3.259.0 ;;',
      `  "stack output") ${say(outputs && JSON.stringify(outputs))} ;;`,
      `  "stack export") ${say(state)} ;;`,
      "esac",
    );
  }

  /** Whatever a check finds, by the words that a report has of it. */
  async function found(look: (looking: Looking) => Promise<unknown>, more: { workload?: string } = {}) {
    const args = { folder: PROJECT_FOLDER, exportFile, dumpHours: 26, ...more };
    const [line] = await preflight(args, signal, [check("thing", look)]);
    return line;
  }

  it("has a line for each check, in their order", async () => {
    const checks = ["b", "a", "c"].map((id) => check(id, async () => `found ${id}`));
    expect(await preflight({ folder, dumpHours: 26 }, signal, checks)).to.deep.equal(
      ["b", "a", "c"].map((id) => ({ id, title: `the ${id}`, status: "ok", found: `found ${id}` })),
    );
  });

  it("has a failure where something can't even be looked at, with how to mend that", async () => {
    expect(await found(() => Promise.reject(new Error("denied\nat once")))).to.deep.equal({
      id: "thing",
      title: "the thing",
      status: "fail",
      found: "can't be looked at: denied",
      mend: "mend the thing",
    });
  });

  it("blames the first that can't be looked at, and mends nothing that only waits for it", async () => {
    const deaf = (id: string, needs: string[]) => ({ ...check(id, () => Promise.reject(new Error("denied"))), needs });
    const checks = [
      deaf("door", []),
      deaf("room", ["window", "door"]),
      deaf("bed", ["room"]),
      check("window", async () => ""),
    ];
    const lines = await preflight({ folder, dumpHours: 26 }, signal, checks);
    const skipped = { status: "skip", found: "not looked at: needs that the door" };
    expect(lines.slice(0, 3)).to.deep.equal([
      { id: "door", title: "the door", status: "fail", found: "can't be looked at: denied", mend: "mend the door" },
      { id: "room", title: "the room", ...skipped },
      { id: "bed", title: "the bed", ...skipped },
    ]);
  });

  it("has what failed by itself fail, though another that it needs was looked at and is wrong", async () => {
    const wrong = { ...check("door", async () => ""), look: async () => fail("it is shut", "open it") };
    const deaf = { ...check("room", () => Promise.reject(new Error("denied"))), needs: ["door"] };
    const lines = await preflight({ folder, dumpHours: 26 }, signal, [wrong, deaf]);
    expect(lines.map(({ status, mend }) => [status, mend])).to.deep.equal([
      ["fail", "open it"],
      ["fail", "mend the room"],
    ]);
  });

  it("finds for its checks what stack dr says, and its workload's part of the stack file", async () => {
    expect(await found(async ({ dr }) => (await dr).workload)).to.include({ found: "shop" });
    expect(await found(async ({ settings }) => (await settings).appName)).to.include({ found: "app.shop.example.com" });
    expect(await found(async ({ control }) => (await control).url)).to.include({ found: OUTPUTS.controlEndpoint });
    expect(await found(async ({ state }) => (await state).trim())).to.include({ found: EXPORT });
  });

  it("looks at all that does not wait for what is missing", async () => {
    engineWith({ state: undefined, outputs: undefined });
    const waiting = (["state", "dr", "settings", "control"] as const).map((what) =>
      check(what, async (looking) => await looking[what]),
    );
    const lines = await preflight({ folder, dumpHours: 26 }, signal, [...waiting, check("self", async () => "well")]);
    expect(lines.map(({ id, status }) => [id, status])).to.deep.equal([
      ...["state", "dr", "settings", "control"].map((id) => [id, "fail"]),
      ["self", "ok"],
    ]);
    expect(lines[2]?.found).to.include("the outputs of stack dr can't be read");
  });

  it("says that the stack file does not have the workload that is deployed", async () => {
    engineWith({ state: EXPORT, outputs: { ...OUTPUTS, workload: "former" } });
    expect(await found(({ settings }) => settings)).to.include({
      found: "can't be looked at: expected the workload former in Pulumi.dr.yaml, found none of that name",
    });
  });

  it("ends with whoever asked", async () => {
    const interruption = new AbortController();
    const never = check("thing", () => new Promise(() => {}));
    const looking = rejection(preflight({ folder, dumpHours: 26 }, interruption.signal, [never]));
    interruption.abort(new Error("interrupted"));
    expect((await looking).message).to.equal("interrupted");
  });

  describe("keeps an export of dr's state", () => {
    const kept = () => found(async ({ kept: each }) => JSON.stringify({ ...(await each).written, writtenAt: 0 }));

    it("anew, for nobody else's eyes, where the state can be read", async () => {
      expect(await kept()).to.include({ found: '{"writtenAt":0,"now":true}' });
      expect(readFileSync(exportFile, "utf8").trim()).to.equal(EXPORT);
      expect(statSync(exportFile).mode & 0o777).to.equal(0o600);
    });

    it("as it is, where the state can't be read, with the time of it", async () => {
      engineWith({ outputs: OUTPUTS });
      writeFileSync(exportFile, EXPORT);
      utimesSync(exportFile, 1_700_000_000, 1_700_000_000);
      expect(await found(async ({ kept: each }) => (await each).written?.writtenAt.getTime())).to.include({
        found: "1700000000000",
      });
      expect(await kept()).to.include({ found: '{"writtenAt":0,"now":false}' });
    });

    it("as it is, where the engine exports what is no state", async () => {
      engineWith({ state: '{"version":3}', outputs: OUTPUTS });
      writeFileSync(exportFile, EXPORT);
      expect(await kept()).to.include({ status: "fail" });
      expect(readFileSync(exportFile, "utf8")).to.equal(EXPORT);
    });

    it("and takes no file for one that is none", async () => {
      engineWith({ outputs: OUTPUTS });
      expect(await found(async ({ kept: each }) => (await each).written)).to.include({ found: "undefined" });
      writeFileSync(exportFile, '{"version":3}');
      expect((await kept())?.found).to.include("expected the export of a stack");
    });

    it("only where it is told to", async () => {
      const seen = check("kept", async ({ kept: each }) => JSON.stringify(await each));
      const [line] = await preflight({ folder, dumpHours: 26 }, signal, [seen]);
      expect(line?.found).to.equal("{}");
      expect(existsSync(exportFile)).to.equal(false);
    });
  });
});

describe("the checks of preflight", () => {
  it("have a name of their own each, and say how they are mended", () => {
    const ids = CHECKS.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const { id, title, mend } of CHECKS) expect([id, title, mend]).to.not.include("");
  });

  it("need only checks that there are, and never each other", () => {
    const needsOf = (id: string): string[] => {
      const found = CHECKS.find((each) => each.id === id);
      expect(found, id).to.not.equal(undefined);
      return (found?.needs ?? []).flatMap((each) => [each, ...needsOf(each)]);
    };
    for (const { id } of CHECKS) expect(needsOf(id)).to.not.include(id);
  });
});
