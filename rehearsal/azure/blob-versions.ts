import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { AzuriteClient } from "./azurite-client.ts";
import { inUrl } from "./blob-names.ts";
import { Refused } from "./blob-refusal.ts";
import { Locks } from "./locks.ts";

/** Where a blob is. */
export interface Place {
  account: string;
  /** Azurite's account behind it. */
  behind: string;
  container: string;
  /** The name itself, not as it stands in a URL. */
  blob: string;
}

/** A state of a blob. */
export interface Version {
  /** When it was written: a timestamp with seven digits, each later than all before. */
  id: string;
  /** Without its quotes. */
  etag: string;
  modified: string;
}

/** A state that is no longer the current one, which Azurite holds under another name. */
interface Former extends Version {
  /** The ETag that it has in Azurite, where it is a copy. */
  heldAs: string;
  /** When it was deleted softly. */
  deleted?: Date;
}

/**
 * The former versions of blobs, which Azurite does not keep ("Blob versioning"): before a blob is written, Azurite
 * copies what is there into a container that nobody sees. Only what names a version is kept here; the bytes, the
 * metadata and the tags never leave Azurite.
 */
export class BlobVersions {
  readonly #azurite: AzuriteClient;
  readonly #current = new Map<string, Version>();
  readonly #formers = new Map<string, Map<string, Former>>();
  readonly #made = new Set<string>();
  readonly #locks = new Locks();
  #last = 0;

  constructor(azurite: AzuriteClient) {
    this.#azurite = azurite;
  }

  /** Whether a container of Azurite's holds former versions, and is none of the users'. */
  static isHidden(container: string): boolean {
    return container.startsWith("former-versions-");
  }

  /** The path of the container that holds the former versions of another one. */
  hidden({ behind, container }: Omit<Place, "blob">): string {
    return `/${behind}/former-versions-${createHash("sha256").update(container).digest("hex").slice(0, 32)}`;
  }

  /** Where Azurite holds a former version. A tab is in no name, and comes before all that is. */
  held(place: Place, id: string): string {
    return `${this.hidden(place)}/${inUrl(`${place.blob}\t${id}`)}`;
  }

  /**
   * Carries out what makes another version, or leaves none: what was there becomes a former one.
   *
   * @param change.onlyIfNew whether it succeeds only where nothing is, so that there is nothing to keep
   * @returns the answer, and the id of the version that there is now
   */
  async change(
    place: Place,
    change: { onlyIfNew?: boolean; removes?: boolean },
    carryOut: () => Promise<IncomingMessage>,
  ): Promise<{ reply: IncomingMessage; id?: string }> {
    const release = await this.#locks.hold(keyOf(place));
    try {
      const former = change.onlyIfNew ? undefined : await this.#setAside(place);
      const reply = await carryOut().catch(async (error) => {
        // Nobody knows how it ended: look.
        await this.#settle(place, former);
        throw error;
      });
      if ((reply.statusCode ?? 502) >= 300) {
        await this.#drop(place, former);
        return { reply };
      }
      this.#keep(place, former);
      if (change.removes) return { reply };
      return { reply, id: this.#begin(place, reply.headers).id };
    } finally {
      release();
    }
  }

  /** Notes that the current version changed in place, as by another block at its end. */
  touch(place: Place, { etag, "last-modified": modified }: IncomingMessage["headers"]): void {
    const current = this.#current.get(keyOf(place));
    if (current && etag && modified) Object.assign(current, { etag: bare(etag), modified });
  }

  /** The version that was read, by its ETag; undefined for what was written before there were versions. */
  async read(place: Place, etag: string): Promise<{ id: string; current: boolean } | undefined> {
    const found = this.#withEtag(place, bare(etag));
    if (found || !this.#locks.isHeld(keyOf(place))) return found;
    // It is just being written.
    (await this.#locks.hold(keyOf(place)))();
    return this.#withEtag(place, bare(etag));
  }

  /** The id of the current version; undefined where there is none. */
  currentOf(place: Place): Version | undefined {
    return this.#current.get(keyOf(place));
  }

  /** A former version, also one that is deleted softly. */
  former(place: Place, id: string): Former | undefined {
    return this.#formers.get(keyOf(place))?.get(id);
  }

  /** Deletes a former version; softly where the account keeps what is deleted. @throws Refused */
  async delete(place: Place, id: string, softly: boolean): Promise<void> {
    if (this.#current.get(keyOf(place))?.id === id) {
      throw new Refused(403, "OperationNotAllowedOnRootBlob", "The specified operation is not allowed on root blob.");
    }
    const former = this.former(place, id);
    if (!former || former.deleted) throw new Refused(404, "BlobNotFound", "The specified blob does not exist.");
    if (softly) former.deleted = new Date();
    else await this.#drop(place, former);
  }

  /** Brings back all versions of a blob that were deleted softly ("Undelete Blob"). */
  undelete(place: Place): void {
    const formers = this.#formers.get(keyOf(place));
    if (!formers && !this.#current.has(keyOf(place))) {
      throw new Refused(404, "BlobNotFound", "The specified blob does not exist.");
    }
    for (const former of formers?.values() ?? []) delete former.deleted;
  }

  /** Forgets all versions of a container, or of all containers of an account, once they are gone. */
  async forget(account: string, behind: string, container?: string): Promise<void> {
    const start = container === undefined ? `${account}/` : `${account}/${container}/`;
    for (const map of [this.#current, this.#formers]) {
      for (const key of [...map.keys()]) if (key.startsWith(start)) map.delete(key);
    }
    for (const path of [...this.#made].filter((each) => each.startsWith(`/${behind}/`))) {
      if (container !== undefined && path !== this.hidden({ account, behind, container })) continue;
      await this.#azurite.ask("DELETE", `${path}?restype=container`);
      this.#made.delete(path);
    }
  }

  /** Whether there is any former version in a container. */
  hasFormers(account: string, container: string): boolean {
    return [...this.#formers].some(([key, { size }]) => size > 0 && key.startsWith(`${account}/${container}/`));
  }

  #withEtag(place: Place, etag: string): { id: string; current: boolean } | undefined {
    const current = this.#current.get(keyOf(place));
    if (current?.etag === etag) return { id: current.id, current: true };
    const former = [...(this.#formers.get(keyOf(place))?.values() ?? [])].findLast((each) => each.etag === etag);
    return former && { id: former.id, current: false };
  }

  /** Copies what is there, without showing it as a version yet. */
  async #setAside(place: Place): Promise<Former | undefined> {
    const version = this.#current.get(keyOf(place)) ?? (await this.#unversioned(place));
    if (!version) return undefined;
    let reply = await this.#copy(place, version.id);
    if (reply.headers["x-ms-error-code"] === "ContainerNotFound" && (await this.#makeHidden(place))) {
      reply = await this.#copy(place, version.id);
    }
    if (reply.status === 404) return undefined;
    if (reply.status >= 300) throw new Error(`keeping a version of ${place.blob} was answered with ${reply.body}`);
    return { ...version, heldAs: bare(String(reply.headers.etag)) };
  }

  #copy(place: Place, id: string) {
    return this.#azurite.ask("PUT", this.held(place, id), {
      "x-ms-copy-source": this.#azurite.urlOf(pathOf(place)),
      "x-ms-requires-sync": "true",
      "x-ms-copy-source-tag-option": "COPY",
    });
  }

  /** Makes the hidden container; false where the one that it is for is not there either. */
  async #makeHidden(place: Place): Promise<boolean> {
    const path = this.hidden(place);
    if (this.#made.has(path)) return false;
    this.#made.add(path);
    const { status } = await this.#azurite.ask("PUT", `${path}?restype=container`);
    return status < 300 || status === 409;
  }

  /** What was written before there were versions gets the time of its creation as its id ("Blob versioning"). */
  async #unversioned(place: Place): Promise<Version | undefined> {
    const { status, headers } = await this.#azurite.ask("HEAD", pathOf(place));
    if (status !== 200) return undefined;
    const created = new Date(String(headers["x-ms-creation-time"])).getTime();
    return { id: idAt(created * 10_000), etag: bare(String(headers.etag)), modified: String(headers["last-modified"]) };
  }

  #keep(place: Place, former: Former | undefined): void {
    this.#current.delete(keyOf(place));
    if (!former) return;
    const formers = this.#formers.get(keyOf(place)) ?? new Map<string, Former>();
    this.#formers.set(keyOf(place), formers.set(former.id, former));
  }

  #begin(place: Place, { etag, "last-modified": modified }: IncomingMessage["headers"]): Version {
    this.#last = Math.max(this.#last + 1, Date.now() * 10_000);
    const version = { id: idAt(this.#last), etag: bare(String(etag)), modified: String(modified) };
    this.#current.set(keyOf(place), version);
    return version;
  }

  async #drop(place: Place, former: Former | undefined): Promise<void> {
    if (!former) return;
    this.#formers.get(keyOf(place))?.delete(former.id);
    await this.#azurite.ask("DELETE", this.held(place, former.id));
  }

  async #settle(place: Place, former: Former | undefined): Promise<void> {
    const { status, headers } = await this.#azurite.ask("HEAD", pathOf(place));
    const before = former ?? this.#current.get(keyOf(place));
    if (status === 200 && before?.etag === bare(String(headers.etag))) return this.#drop(place, former);
    this.#keep(place, former);
    if (status === 200) this.#begin(place, headers);
  }
}

/** Where Azurite has the current version. */
export function pathOf({ behind, container, blob }: Place): string {
  return `/${behind}/${container}/${inUrl(blob)}`;
}

function keyOf({ account, container, blob }: Place): string {
  return `${account}/${container}/${blob}`;
}

/** @param ticks ten-thousandths of milliseconds */
function idAt(ticks: number): string {
  const whole = new Date(Math.floor(ticks / 10_000)).toISOString().slice(0, -1);
  return `${whole}${String(ticks % 10_000).padStart(4, "0")}Z`;
}

function bare(etag: string): string {
  return etag.replaceAll('"', "");
}
