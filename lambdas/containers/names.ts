/** A digest of content, as registries write it. */
const DIGEST = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** The algorithms by which content may be named; Node knows them by the same words. */
export type Algorithm = "sha256" | "sha512";

/** Whether a reference is a digest; otherwise it is a tag. */
export function isDigest(reference: string): boolean {
  return DIGEST.test(reference);
}

/** @throws Error for what is no digest */
export function algorithmOf(digest: string): Algorithm {
  if (!isDigest(digest)) throw new Error(`expected a digest, sha256: or sha512: and its hex digits, found "${digest}"`);
  return digest.startsWith("sha512:") ? "sha512" : "sha256";
}

/** How a tag's name begins that says something of an image, which it names by its digest. */
function tagOf(digest: string): string {
  // "Referrers Tag Schema" of the distribution specification: 64 digits at most.
  const [algorithm, hex = ""] = digest.split(":");
  return `${algorithm}-${hex.slice(0, 64)}`;
}

/**
 * The tag under which a registry without the referrers API lists what refers to an image.
 *
 * @example referrersTag("sha256:0123…") // "sha256-0123…"
 */
export function referrersTag(digest: string): string {
  return tagOf(digest);
}

/** The tags under which cosign keeps an image's signatures, attestations and bill of materials. */
export function cosignTags(digest: string): string[] {
  return ["sig", "att", "sbom"].map((kind) => `${tagOf(digest)}.${kind}`);
}
