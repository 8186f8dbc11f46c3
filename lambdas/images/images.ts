import type { BlobClient } from "../objects/blob-client.ts";
import { RefusedError } from "../objects/rest.ts";
import type { S3Reader } from "../objects/s3-reader.ts";
import type { Metrics } from "../shared/metrics.ts";
import type { ResourceManager } from "../shared/resource-manager.ts";
import { BadDiskError } from "./bad-disk.ts";
import { BootCheck, type BootRoom } from "./boot-check.ts";
import { type Carried, carry, type Notes } from "./carry.ts";
import { type Choice, choose } from "./choice.ts";
import type { Boot } from "./console-log.ts";
import { requireFit } from "./fitness.ts";
import type { EventOf, ImageEvent } from "./image-events.ts";
import type { ImageVersions } from "./image-versions.ts";
import { NEWEST_DOCUMENT, type NewestImage, readNewest } from "./newest-document.ts";
import { openDisk } from "./open-disk.ts";
import { PageBlob } from "./page-blob.ts";
import { S3File } from "./s3-file.ts";
import { surplus, versionName } from "./version-names.ts";

/** What the replication of images works with. */
export interface Images {
  /** Where exports lie, and their bucket for people. */
  exports: S3Reader;
  place: string;
  notesOf(key: string): Notes;
  /** The container of disks, its URL, and the id of its account. */
  disks: BlobClient;
  container: string;
  storageAccountId: string;
  manager: ResourceManager;
  versions: ImageVersions;
  room: BootRoom;
  /** How many versions are kept. */
  keep: number;
  metrics: Pick<Metrics, "add">;
}

/** Carries out one step of the state machine. @param deadline when to stop, as `performance.now()` counts */
export function act(images: Images, event: ImageEvent, deadline: number): Promise<unknown> {
  switch (event.action) {
    case "choose":
      return chooseImage(images, event);
    case "carry":
      return carryDisk(images, event, deadline);
    case "version":
      return makeVersion(images, event);
    case "version-state":
      return images.versions.state(event.version).then((state) => ({ state: state ?? "Gone" }));
    case "boot":
      return boot(images, event);
    case "booted":
      return lookAtBoot(images, event);
    case "promote":
      return promote(images, event);
    case "clear":
      return clear(images, event);
  }
}

/** @throws UnfitImageError when the newest image cannot follow */
async function chooseImage(images: Images, event: EventOf<"choose">): Promise<Choice> {
  const { choice, chosen } = choose(event.images, await newestAt(images.disks), new Date());
  // Before anything can fail: an image that cannot follow waits, too.
  images.metrics.add("ImageWaiting", choice.waiting, "Milliseconds");
  if (chosen) requireFit(chosen);
  return choice;
}

/** @throws BadDiskError when there is no export, or it is no whole disk */
async function carryDisk(images: Images, { image, key }: EventOf<"carry">, deadline: number): Promise<Carried> {
  const state = await images.exports.look(key);
  if (!state)
    throw new BadDiskError(`expected the export of ${image.id} at ${images.place}/${key}, found nothing; export again`);
  const file = new S3File(images.exports, images.place, key, state);
  const blob = new PageBlob(images.disks, diskName(image.id));
  const made = new Date(image.created);
  const notes = images.notesOf(key);
  return carry({ disk: await openDisk(file), source: file.etag, blob, notes, made, deadline });
}

/** Begins to make a version of the disk, if there is none yet. */
async function makeVersion(images: Images, { image }: EventOf<"version">): Promise<{ version: string }> {
  const version = versionName(new Date(image.created));
  const state = await images.versions.state(version);
  // One that failed is made anew in its place.
  if (state === undefined || state === "Failed") {
    const { location, tags } = images.room;
    await images.versions.create(version, {
      blobUrl: `${images.container}/${diskName(image.id)}`,
      storageAccountId: images.storageAccountId,
      location,
      tags: { ...tags, Image: image.id },
    });
  }
  return { version };
}

async function boot(images: Images, { server, version }: EventOf<"boot">): Promise<void> {
  await checkOf(images, server).start(images.versions.idOf(version));
}

function lookAtBoot(images: Images, { server }: EventOf<"booted">): Promise<Boot> {
  return checkOf(images, server).look();
}

/** Makes a version the one that the standby's servers start from, and drops those beyond the newest few. */
async function promote(
  images: Images,
  { image, version }: EventOf<"promote">,
): Promise<NewestImage & { dropped: string[] }> {
  await images.versions.promote(version);
  const newest = { image: image.id, created: image.created, version, promotedAt: new Date().toISOString() };
  await images.disks.send({
    method: "PUT",
    blob: NEWEST_DOCUMENT,
    headers: { "x-ms-blob-type": "BlockBlob", "x-ms-blob-content-type": "application/json" },
    body: Buffer.from(`${JSON.stringify(newest, undefined, 2)}\n`),
  });
  images.metrics.add("ImagePromoted", 1, "Count");
  const dropped = surplus(await images.versions.list(), images.keep, version);
  for (const each of dropped) await images.versions.delete(each);
  return { ...newest, dropped };
}

/** Leaves nothing behind that costs, or that somebody could start from by mistake. */
async function clear(images: Images, { server, version, failed }: EventOf<"clear">): Promise<{ gone: boolean }> {
  const check = checkOf(images, server);
  await check.end();
  const newest = failed && version !== null ? await newestAt(images.disks) : undefined;
  // What was promoted stays, whatever failed after it.
  if (failed && version !== null && newest?.version !== version) await images.versions.delete(version);
  return { gone: await check.isGone() };
}

async function newestAt(disks: BlobClient): Promise<NewestImage | undefined> {
  try {
    return readNewest(await disks.text({ method: "GET", blob: NEWEST_DOCUMENT }));
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return undefined;
    throw error;
  }
}

function checkOf({ manager, room }: Images, server: string): BootCheck {
  return new BootCheck(manager, room, server);
}

/** @example "ami-0123456789abcdef0.vhd" */
function diskName(image: string): string {
  return `${image}.vhd`;
}
