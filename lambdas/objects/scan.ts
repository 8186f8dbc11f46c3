import pLimit from "p-limit";
import { log } from "../shared/log.ts";
import type { Replicator } from "./batch.ts";
import type { BlobStore } from "./blob-store.ts";
import { agreement, isReplicators } from "./comparison.ts";
import { decodeKey, writeHint } from "./events.ts";
import { type Listed, toSecond } from "./store.ts";

/** Looks at once. */
const LOOKS = 32;

/** An object as a Distributed Map lists it ("ItemReader": S3 objects), with the time in seconds since 1970. */
interface ListedItem {
  Key: string;
  Size: number;
  Etag: string;
  LastModified: number;
}

/** A row of an S3 Inventory ("Amazon S3 Inventory list"), its key encoded as in a form. */
interface InventoryItem {
  Key: string;
  Size: string;
  ETag: string;
  LastModifiedDate: string;
}

/** What a Distributed Map hands over. */
export interface Items {
  Items: (ListedItem | InventoryItem)[];
}

/** Which copies to go through. */
export interface Surplus {
  /** Where an earlier call stopped; null at the start. */
  after: string | null;
  /** Only keys that begin so. @default all */
  prefix?: string;
}

export interface ItemsAnswer {
  checked: number;
  missing: number;
  different: number;
}

export interface SurplusAnswer {
  checked: number;
  extra: number;
  /** Where to go on; null at the end. */
  after: string | null;
}

/** Compares listed objects with their copies, and sends a message for each that has none, or another. */
export async function checkItems(
  { target, messages, bucket }: Replicator,
  { Items: items }: Items,
): Promise<ItemsAnswer> {
  const limit = pLimit(LOOKS);
  const found = await Promise.all(
    items.map((item) =>
      limit(async () => {
        const listed = listedOf(item);
        const copy = await target.look(listed.key);
        return agreement(listed, copy);
      }),
    ),
  );
  const wrong = found.filter((difference) => difference !== undefined).filter(isReplicators);
  await messages.enqueue(wrong.map(({ key }) => writeHint({ bucket, key })));
  const missing = wrong.filter(({ kind }) => kind === "missing").length;
  const answer = { checked: items.length, missing, different: wrong.length - missing };
  log.info(answer);
  return answer;
}

/**
 * Looks for copies whose source is gone, page by page, and sends a message for each.
 *
 * @param deadline when to stop, on the clock of `performance.now()`
 */
export async function seekSurplus(
  { source, messages, bucket }: Replicator,
  copies: BlobStore,
  { after, prefix = "" }: Surplus,
  deadline: number,
): Promise<SurplusAnswer> {
  const limit = pLimit(LOOKS);
  let checked = 0;
  let extra = 0;
  let marker = after ?? "";
  do {
    const { blobs, next } = await copies.page(prefix, marker);
    const shown = blobs.filter(({ record, gone }) => record && !gone);
    const gone = await Promise.all(
      shown.map(({ key }) => limit(async () => ((await source.look(key)) ? undefined : key))),
    );
    const keys = gone.filter((key) => key !== undefined);
    await messages.enqueue(keys.map((key) => writeHint({ bucket, key })));
    checked += shown.length;
    extra += keys.length;
    marker = next;
  } while (marker !== "" && performance.now() < deadline);
  const answer = { checked, extra, after: marker || null };
  log.info(answer);
  return answer;
}

function listedOf(item: ListedItem | InventoryItem): Listed {
  const inventory = "LastModifiedDate" in item;
  const modified = new Date(inventory ? item.LastModifiedDate : item.LastModified * 1000);
  return {
    key: inventory ? decodeKey(item.Key) : item.Key,
    etag: (inventory ? item.ETag : item.Etag).replaceAll('"', ""),
    bytes: Number(item.Size),
    modified: toSecond(modified),
    gone: false,
  };
}
