import pLimit from "p-limit";
import { Permanent, Unfinished } from "../objects/failure.ts";
import { CHUNK_BYTES, carryBlob } from "./blob.ts";
import { type Descriptor, digestLike, mayStayAway, readManifest, referrersIndex } from "./manifest.ts";
import { cosignTags, referrersTag } from "./names.ts";
import type { Registry, Stored } from "./registry.ts";

/** Layers that are on their way at once; see `CHUNK_BYTES` for what each holds. */
const PARALLEL_BLOBS = 4;

/** How often a tag may move while it is copied; more is for another message. */
const MOST_MOVES = 5;

/** How deep images may be listed in lists, and signatures be signed: two are usual. */
const DEEPEST = 8;

/** What became of a tag, or of an image without one. */
export type Outcome = "copied" | "unchanged" | "gone";

/** What was done. */
export interface Result {
  outcome: Outcome;
  /** What the tag stands for; undefined when it is gone. */
  digest: string | undefined;
  /** What was sent, of all that it is made of. */
  manifests: number;
  blobs: number;
  bytes: number;
}

/** The source has not got any more what it had a moment ago. */
class Vanished extends Error {}

export interface CopierOptions {
  /** When to leave the rest for another invocation, on the clock of `performance.now()`. @default never */
  deadline?: number;
  /** All tags that the source's repository has, if they are known: none is asked for then. */
  tags?: ReadonlySet<string>;
  /** Bytes of a layer that are sent at once. @default `CHUNK_BYTES` */
  chunkBytes?: number;
  /** Is asked before anything is written that others may see. @throws Fenced when it may not be @default it may */
  mayWrite?(): Promise<void>;
}

/**
 * Copies images of one repository from a registry to another, each by its digest and with all that it names: so the
 * order in which it is told of changes is of no account, and nothing at the target ever points at what is not there.
 * It deletes nothing.
 */
export class Copier {
  readonly #source: Registry;
  readonly #target: Registry;
  readonly #repository: string;
  readonly #deadline: number;
  readonly #chunkBytes: number;
  readonly #tags: ReadonlySet<string> | undefined;
  readonly #mayWrite: () => Promise<void>;
  readonly #places: Map<string, string>;
  /** What is known to be there with all that belongs to it. */
  readonly #whole = new Set<string>();
  readonly #limit = pLimit(PARALLEL_BLOBS);
  #sent = { manifests: 0, blobs: 0, bytes: 0 };

  /** @param places repositories of the target in which blobs were seen, by digest; is added to */
  constructor(
    source: Registry,
    target: Registry,
    repository: string,
    places: Map<string, string>,
    options: CopierOptions = {},
  ) {
    this.#source = source;
    this.#target = target;
    this.#repository = repository;
    this.#places = places;
    this.#deadline = options.deadline ?? Number.POSITIVE_INFINITY;
    this.#tags = options.tags;
    this.#chunkBytes = options.chunkBytes ?? CHUNK_BYTES;
    this.#mayWrite = async () => options.mayWrite?.();
  }

  /**
   * Brings a tag to where it stands at the source, after all that it stands for. A tag that the source does not have
   * stays at the target as it is.
   *
   * @throws Permanent, Unfinished, or what either registry refuses
   */
  async tag(tag: string): Promise<Result> {
    this.#sent = { manifests: 0, blobs: 0, bytes: 0 };
    const { outcome, digest } = await this.#tag(tag, 0);
    return { outcome, digest, ...this.#sent };
  }

  /** Brings an image over that may have no tag: one of a list's platforms, or a signature. */
  async digest(digest: string): Promise<Result> {
    this.#sent = { manifests: 0, blobs: 0, bytes: 0 };
    try {
      const sent = await this.#image(digest, 0);
      return { outcome: sent || this.#sent.manifests > 0 ? "copied" : "unchanged", digest, ...this.#sent };
    } catch (error) {
      if (!(error instanceof Vanished) || (await this.#source.digestOf(this.#repository, digest))) throw error;
      return { outcome: "gone", digest: undefined, ...this.#sent };
    }
  }

  async #tag(tag: string, depth: number): Promise<Pick<Result, "outcome" | "digest">> {
    let written: string | undefined;
    let vanished: string | undefined;
    for (let move = 0; move < MOST_MOVES; move++) {
      const digest = await this.#source.digestOf(this.#repository, tag);
      if (digest === undefined) return { outcome: "gone", digest };
      // Whoever writes looks again afterwards: of two who copy at once, the one who writes last sees the last state.
      if (digest === written) return { outcome: "copied", digest };
      try {
        await this.#image(digest, depth);
      } catch (error) {
        if (!(error instanceof Vanished)) throw error;
        // Moved on meanwhile, and what it stood for was cleared away: then there is a new state to copy.
        if (vanished === digest) throw new Permanent(`${error.message}, though ${tag} still stands for it`);
        vanished = digest;
        continue;
      }
      if (written === undefined && (await this.#target.digestOf(this.#repository, tag)) === digest) {
        return { outcome: "unchanged", digest };
      }
      await this.#put(tag, await this.#manifest(digest));
      written = digest;
    }
    throw new Error(`the tag ${tag} moved ${MOST_MOVES} times while it was copied`);
  }

  /** Brings an image and all that belongs to it. @returns whether its own manifest was sent */
  async #image(digest: string, depth: number): Promise<boolean> {
    if (this.#whole.has(digest)) return false;
    if (depth > DEEPEST) throw new Permanent(`${digest} lies deeper than ${DEEPEST} lists in lists: no image is such`);
    this.#checkTime();
    const stored = await this.#manifest(digest);
    const { manifests, blobs } = readManifest(stored.bytes, stored.mediaType);
    for (const child of manifests) await this.#image(child.digest, depth + 1);
    // It was written after all that it names, whoever did, and registries refuse it otherwise.
    const there = (await this.#target.digestOf(this.#repository, digest)) !== undefined;
    if (!there) {
      await this.#blobs(blobs);
      await this.#put(digest, stored);
    }
    await this.#attachments(digest, depth);
    this.#whole.add(digest);
    return !there;
  }

  async #blobs(blobs: Descriptor[]): Promise<void> {
    const done = await Promise.allSettled(blobs.map((blob) => this.#limit(() => this.#blob(blob))));
    const failed = done.find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
  }

  async #blob(blob: Descriptor): Promise<void> {
    const { digest, size } = blob;
    const way = {
      source: this.#source,
      target: this.#target,
      repository: this.#repository,
      deadline: this.#deadline,
      chunkBytes: this.#chunkBytes,
    };
    this.#checkTime();
    if (await this.#target.hasBlob(this.#repository, digest)) return this.#seen(digest);
    if (mayStayAway(blob) && !(await this.#source.hasBlob(this.#repository, digest))) return;
    const from = this.#places.get(digest);
    const other = from !== undefined && from !== this.#repository ? from : undefined;
    const upload = other && (await this.#target.mountBlob(this.#repository, digest, other));
    if (other === undefined || upload) {
      await carryBlob(way, blob, upload || undefined);
      this.#sent.blobs++;
      this.#sent.bytes += size;
    }
    this.#seen(digest);
  }

  #seen(digest: string): void {
    this.#places.set(digest, this.#repository);
  }

  /**
   * Brings what says something of an image: what the registry lists as referring to it, or the tag that stands in for
   * that list, and the tags of cosign's.
   */
  async #attachments(digest: string, depth: number): Promise<void> {
    const referrers = await this.#source.referrers(this.#repository, digest);
    for (const { digest: referrer } of referrers ?? []) await this.#image(referrer, depth + 1);
    if (referrers?.length) await this.#listAtTarget(digest, referrers);
    const tags = [...cosignTags(digest), ...(referrers === undefined ? [referrersTag(digest)] : [])];
    for (const tag of tags.filter((name) => this.#tags?.has(name) ?? true)) await this.#tag(tag, depth + 1);
  }

  /** A registry that lists nothing itself is told by a tag ("Referrers Tag Schema"). */
  async #listAtTarget(digest: string, referrers: Descriptor[]): Promise<void> {
    if ((await this.#target.referrers(this.#repository, digest)) !== undefined) return;
    const index = referrersIndex(referrers);
    const tag = referrersTag(digest);
    if ((await this.#target.digestOf(this.#repository, tag)) === digestLike(digest, index.bytes)) return;
    await this.#put(tag, index);
  }

  async #manifest(digest: string): Promise<Stored> {
    const stored = await this.#source.manifest(this.#repository, digest);
    if (stored) return stored;
    throw new Vanished(`the source's repository ${this.#repository} does not have the manifest ${digest}`);
  }

  async #put(reference: string, stored: Omit<Stored, "digest">): Promise<void> {
    await this.#mayWrite();
    await this.#target.putManifest(this.#repository, reference, stored);
    this.#sent.manifests++;
  }

  #checkTime(): void {
    if (performance.now() > this.#deadline) throw new Unfinished("the time of this invocation is over");
  }
}
