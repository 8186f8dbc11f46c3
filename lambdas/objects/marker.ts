import { Fenced } from "./failure.ts";

/** How long what the marker said is taken for true, in milliseconds: a declaration is noticed within so long. */
const KEEP = 5000;

/** How long the marker may take to answer, in milliseconds. */
const PATIENCE = 3000;

/** Whether the content is declared lost, by the marker that the standby publishes. */
export class Marker {
  readonly #url: string | undefined;
  readonly #warn: (problem: string) => void;
  #known: { declared: Promise<boolean>; until: number } | undefined;

  /**
   * @param url where the marker stands while the content is declared lost; undefined where nothing is ever declared
   * @param warn is told when the marker cannot be read
   */
  constructor(url: string | undefined, warn: (problem: string) => void) {
    this.#url = url;
    this.#warn = warn;
  }

  /** Whether it stands there, as of the last seconds. */
  declared(): Promise<boolean> {
    const now = performance.now();
    if (!this.#known || now > this.#known.until) this.#known = { declared: this.#ask(), until: now + KEEP };
    return this.#known.declared;
  }

  /** @throws Fenced while the content is declared lost */
  async mayWrite(): Promise<void> {
    if (await this.declared()) throw new Fenced("the content is declared lost: the standby owns it");
  }

  async #ask(): Promise<boolean> {
    if (this.#url === undefined) return false;
    try {
      const { status, ok, body } = await fetch(this.#url, { signal: AbortSignal.timeout(PATIENCE), redirect: "error" });
      await body?.cancel();
      if (ok) return true;
      if (status !== 404) this.#warn(`the marker was answered with status ${status}`);
    } catch (error) {
      this.#warn((error as Error).message);
    }
    // A marker that is out of reach declares nothing, here as for the health checks: losing a website must not stop
    // replication. What the standby wrote itself is not overwritten in any case, and the right to write goes too.
    return false;
  }
}
