import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect } from "chai";
import { exportedState, openEngine } from "../../../operations/preflight/engine.ts";
import { useFakeEngine } from "../../support/fake-engine.ts";
import { rejection } from "../../support/rejection.ts";

const { signal } = new AbortController();

describe("the engine that a declaration needs", () => {
  const engine = useFakeEngine();
  const folder = realpathSync(tmpdir());

  it("is the one on the PATH, at work where the stack files are", async () => {
    engine.does("echo v3.259.0");
    const { command, workspace } = await openEngine(folder);
    expect(String(command.version)).to.equal("3.259.0");
    expect(workspace.workDir).to.equal(folder);
  });

  it("exports the state of dr with its secrets shut", async () => {
    engine.does('if [ "$1" = version ]; then echo v3.259.0; else echo "$OLDPWD: $*"; fi');
    const text = await exportedState(await openEngine(folder), folder, signal);
    expect(text).to.equal(`${folder}: stack export --stack dr --non-interactive\n`);
  });

  it("says why it can't export it", async () => {
    engine.does('if [ "$1" = version ]; then echo v3.259.0; else echo "error: no stack dr" >&2; exit 255; fi');
    const failure = await rejection(exportedState(await openEngine(folder), folder, signal));
    expect(failure.message).to.include("error: no stack dr");
  });
});
