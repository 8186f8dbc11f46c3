import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../../rehearsal/project.ts";
import { Session } from "../../rehearsal/session.ts";
import { Stage } from "../../rehearsal/stage.ts";

/** A stage for a suite: the real engine on local clouds, with stack files that a test may spoil. */
export class TestStage {
  #session: Session | undefined;
  #stage: Stage | undefined;

  get stage(): Stage {
    if (!this.#stage) throw new Error("the stage is used before it was set: use it inside a test or a hook");
    return this.#stage;
  }

  /** The suite's own run, with its folder. */
  get session(): Session {
    if (!this.#session) throw new Error("the session is used before the stage was set: use it inside a test or a hook");
    return this.#session;
  }

  async set(): Promise<void> {
    this.#session = await Session.open();
    this.#stage = new Stage(this.#session);
    for (const step of this.#stage.steps()) await step.run(() => {});
  }

  async strike(): Promise<void> {
    await this.#stage?.[Symbol.asyncDispose]();
    await this.#session?.removeFolder();
  }

  /** Changes the text of a stack file. */
  async edit(stack: string, change: (text: string) => string): Promise<void> {
    const file = join(this.stage.project.folder, `Pulumi.${stack}.yaml`);
    await writeFile(file, change(await readFile(file, "utf8")));
  }

  /** Brings a stack file back to the one that the project ships. */
  async restore(stack: string): Promise<void> {
    const name = `Pulumi.${stack}.yaml`;
    await copyFile(join(ROOT, name), join(this.stage.project.folder, name));
  }
}

/** Sets a stage before the tests of a suite and strikes it after them. */
export function useStage(): TestStage {
  const stage = new TestStage();
  before(() => stage.set());
  after(() => stage.strike());
  return stage;
}
