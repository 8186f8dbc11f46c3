import { Permanent } from "../objects/failure.ts";
import { decide } from "./decision.ts";
import { copyNameOf } from "./names.ts";
import type { Copy, CopyValue, SourceSecret } from "./secret-state.ts";

/** The primary's side, as far as one secret goes. */
export interface SecretSource {
  find(id: string): Promise<SourceSecret | undefined>;
  read(secret: SourceSecret): Promise<CopyValue>;
}

/** The standby's side. */
export interface SecretTarget {
  list(): Promise<Copy[]>;
  set(name: string, value: CopyValue, tags: Record<string, string>): Promise<void>;
  change(name: string, enabled: boolean, tags?: Record<string, string>): Promise<void>;
}

/** What became of a copy. */
export type Outcome = "copied" | "changed" | "disabled" | "unchanged";

/** Changes of a source while it is copied that are followed at once; who changes more often waits for the next event. */
const MOST_ROUNDS = 5;

/** All copies, as they were at the first question, and what this invocation has made of them since. */
export class Copies {
  readonly #target: SecretTarget;
  #known: Promise<Map<string, Copy>> | undefined;

  constructor(target: SecretTarget) {
    this.#target = target;
  }

  async find(name: string): Promise<Copy | undefined> {
    return (await this.#all()).get(name);
  }

  async set(name: string, value: CopyValue, tags: Record<string, string>): Promise<void> {
    await this.#target.set(name, value, tags);
    (await this.#all()).set(name, { name, enabled: true, tags });
  }

  async change(copy: Copy, enabled: boolean, tags?: Record<string, string>): Promise<void> {
    await this.#target.change(copy.name, enabled, tags);
    (await this.#all()).set(copy.name, { ...copy, enabled, ...(tags && { tags }) });
  }

  #all(): Promise<Map<string, Copy>> {
    this.#known ??= this.#target
      .list()
      .then((copies) => new Map(copies.map((copy) => [copy.name.toLowerCase(), copy])));
    return this.#known;
  }
}

/**
 * Brings the copy of one secret to the source's state of now.
 *
 * A vault knows no condition for a write. So after each write the source is looked at again: whoever wrote last finds out
 * that it has changed meanwhile, and writes once more. What changes after that has an event of its own.
 *
 * @param name of the secret at the primary
 * @throws Permanent when somebody else's secret is in the copy's place, or the value is too long
 */
export async function replicate(
  source: SecretSource,
  copies: Copies,
  name: string,
  workload: string,
): Promise<{ outcome: Outcome; version?: string }> {
  let outcome: Outcome = "unchanged";
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const found = await source.find(name);
    const done = await step(source, copies, name, found, workload);
    const version = found?.version;
    if (done === "unchanged") return { outcome, ...(version && { version }) };
    outcome = done;
  }
  throw new Error(`${name} changed at the primary each time that it was copied`);
}

/** Takes the one step that is due. */
async function step(
  source: SecretSource,
  copies: Copies,
  name: string,
  found: SourceSecret | undefined,
  workload: string,
): Promise<Outcome> {
  const copyName = copyNameOf(name);
  const copy = await copies.find(copyName);
  const decision = decide(found, copy, workload);
  if (decision.action === "foreign") {
    throw new Permanent(
      `the newest version of ${copyName} in the vault was not written by the replicator, so it is not its to replace: see ` +
        "docs/secrets.md, A copy that somebody changed",
    );
  }
  if (decision.action === "keep") return "unchanged";
  if (decision.action === "set" && found) {
    await copies.set(copyName, await source.read(found), decision.tags);
    return "copied";
  }
  if (decision.action === "change" && copy) {
    await copies.change(copy, true, decision.tags);
    return "changed";
  }
  if (copy) await copies.change(copy, false);
  return "disabled";
}
