import { createHash } from "node:crypto";
import { z } from "zod";
import { Permanent } from "../objects/failure.ts";
import { algorithmOf, isDigest } from "./names.ts";

export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

/** What a registry is told that we read; without it some turn a list into one of its images. */
export const ACCEPTED = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST].join(", ");

/**
 * The most bytes that a manifest may have ("Pushing Manifests" of the distribution specification: registries take at
 * least 4 MiB; Azure's and AWS's take no more).
 */
export const LARGEST_MANIFEST = 4 * 1024 * 1024;

/** Something that a manifest names. */
export interface Descriptor {
  mediaType: string;
  digest: string;
  /** In bytes. */
  size: number;
  /** Where else it is to be had, if not from a registry. */
  urls?: string[];
}

/** What a manifest says that a copier has to know. */
export interface Manifest {
  mediaType: string;
  /** Images of other platforms and other manifests that it lists. */
  manifests: Descriptor[];
  /** Configuration and layers. */
  blobs: Descriptor[];
  /** Digest of what it is about: an image that it signs, for example. */
  subject: string | undefined;
}

const DESCRIPTOR = z.object({
  mediaType: z.string().min(1),
  digest: z.string().refine(isDigest, "expected a digest"),
  size: z.number().int().nonnegative(),
  urls: z.array(z.string()).optional(),
});

const SUBJECT = z.object({ digest: z.string().refine(isDigest, "expected a digest") }).optional();

/** An empty list is null where a program in Go wrote it. */
const LIST = z
  .array(DESCRIPTOR)
  .nullable()
  .transform((list) => list ?? []);

const INDEX = z.object({ manifests: LIST, subject: SUBJECT });
const IMAGE = z.object({ config: DESCRIPTOR, layers: LIST, subject: SUBJECT });

/**
 * Reads a manifest.
 *
 * @param mediaType what the registry says that it is
 * @throws Permanent for anything but an image or an index of OCI or Docker (version 2, schema 2)
 */
export function readManifest(bytes: Buffer, mediaType: string): Manifest {
  const type = mediaType.split(";", 1)[0]?.trim() ?? "";
  if (type === OCI_INDEX || type === DOCKER_LIST) {
    const { manifests, subject } = parsed(INDEX, bytes, type);
    return { mediaType: type, manifests, blobs: [], subject: subject?.digest };
  }
  if (type === OCI_MANIFEST || type === DOCKER_MANIFEST) {
    const { config, layers, subject } = parsed(IMAGE, bytes, type);
    return { mediaType: type, manifests: [], blobs: distinct([config, ...layers]), subject: subject?.digest };
  }
  throw new Permanent(
    `expected a manifest of OCI or of Docker's version 2, schema 2, found ${type || "none"}: build and push the image anew`,
  );
}

function parsed<T>(schema: z.ZodType<T>, bytes: Buffer, type: string): T {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString("utf8"));
  } catch {
    throw new Permanent(`expected JSON in a manifest of type ${type}, found something else`);
  }
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  throw new Permanent(`expected a manifest of type ${type}, found:\n${z.prettifyError(read.error)}`);
}

/** Images repeat layers, the empty one above all. */
function distinct(descriptors: Descriptor[]): Descriptor[] {
  return [...new Map(descriptors.map((descriptor) => [descriptor.digest, descriptor])).values()];
}

/**
 * Whether a layer may be left where its maker keeps it: registries take an image without it
 * ("Non-distributable layers" of the image specification; the base layers of Windows were such).
 */
export function mayStayAway({ mediaType, urls }: Descriptor): boolean {
  return urls !== undefined && urls.length > 0 && /nondistributable|\.foreign\./.test(mediaType);
}

/** The digest of bytes, by the algorithm of another. */
export function digestLike(digest: string, bytes: Buffer): string {
  const algorithm = algorithmOf(digest);
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`;
}

/** The index that lists what refers to an image, for a registry that does not list it itself. The same list gives the same bytes. */
export function referrersIndex(referrers: Descriptor[]): { mediaType: string; bytes: Buffer } {
  const manifests = [...referrers].sort((one, other) => (one.digest < other.digest ? -1 : 1));
  const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests };
  return { mediaType: OCI_INDEX, bytes: Buffer.from(JSON.stringify(index)) };
}
