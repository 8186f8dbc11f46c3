import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An engine on the PATH that does at each call what a test says; nothing else is on the PATH. */
export class FakeEngine {
  folder = "";
  readonly #former = process.env.PATH;

  start(): void {
    this.folder = mkdtempSync(join(tmpdir(), "fake-engine-"));
    process.env.PATH = this.folder;
  }

  stop(): void {
    process.env.PATH = this.#former;
    rmSync(this.folder, { recursive: true });
  }

  /** @param script lines of a shell without any command but its own; `$1` is the command of the engine */
  does(...script: string[]): void {
    const file = join(this.folder, "pulumi");
    writeFileSync(file, ["#!/bin/sh", `cd ${this.folder}`, ...script, ""].join("\n"));
    chmodSync(file, 0o755);
  }

  /** Writes a file where it runs. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Has it tell these outputs of a stack, and refuse all that would change anything. */
  tells(outputs: Record<string, unknown>): void {
    const text = JSON.stringify(outputs).replaceAll("'", "'\\''");
    this.does(
      'case "$1 $2" in',
      '  "version "*) echo v3.259.0 ;;',
      `  "stack output") echo '${text}' ;;`,
      '  *) echo "error: $* is too much" >&2; exit 1 ;;',
      "esac",
    );
  }
}

/** A fake engine for the tests of a suite. */
export function useFakeEngine(): FakeEngine {
  const engine = new FakeEngine();
  before(() => engine.start());
  after(() => engine.stop());
  return engine;
}
