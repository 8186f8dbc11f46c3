import type { ContainerClient } from "@azure/storage-blob";
import { blobNameOf } from "../../lambdas/objects/names.ts";
import { blobAt } from "./both-sides.ts";
import type { Random } from "./random.ts";

/** Users of the standby's container after a disaster: what they write there carries no record of a source. */
export class ContainerUsers {
  /** Keys that they wrote or removed. */
  readonly edited = new Set<string>();
  readonly #container: ContainerClient;
  readonly #keys: readonly string[];
  readonly #random: Random;
  #count = 0;

  constructor(container: ContainerClient, keys: readonly string[], random: Random) {
    this.#container = container;
    this.#keys = keys;
    this.#random = random;
  }

  async step(): Promise<void> {
    this.#count += 1;
    const key = this.#random.pick(this.#keys);
    const removes = this.#random.chance(0.3);
    if (removes && !(await blobAt(this.#container, key))) return;
    await (removes ? this.#remove(key) : this.#write(key));
    this.edited.add(key);
  }

  async #write(key: string): Promise<void> {
    const large = this.#random.chance(0.02);
    const content = this.#random.bytes(large ? 9 * 1024 * 1024 : this.#random.below(2000));
    await this.#container.getBlockBlobClient(blobNameOf(key)).upload(content, content.length, {
      blobHTTPHeaders: {
        blobContentType: this.#random.pick(["text/plain", "image/png"]),
        ...(this.#random.chance(0.3) && { blobCacheControl: "no-store", blobContentLanguage: "de" }),
      },
      metadata: { written: `at the standby, ${this.#count}`, Mixed_Case: "kept" },
    });
  }

  /** As the replicator hides, but it is nobody's copy. */
  async #remove(key: string): Promise<void> {
    const gone = { metadata: { dr_gone: "yes" }, tags: { dr_gone: "yes" } };
    await this.#container.getBlockBlobClient(blobNameOf(key)).upload("", 0, gone);
  }
}
