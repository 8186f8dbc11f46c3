import { inspect } from "node:util";

/**
 * A fault that trying again does not mend.
 *
 * @example new Permanent("the object is larger than 6 TiB")
 */
export class Permanent extends Error {}

/** The time of an invocation is nearly over, and a large object is not whole yet: go on in another one. */
export class Unfinished extends Error {}

/** The content is declared lost: it belongs to the standby, and nothing is written until that is taken back. */
export class Fenced extends Error {}

/** What to do about a fault: set the message aside, ask again for some time, or try again for as long as it takes. */
export type Fault = "permanent" | "denied" | "transient";

/** A fault, and why in words that tell an operator what to mend. */
export interface Judgement {
  fault: Fault;
  reason: string;
}

/**
 * Codes of both clouds that asking again does not change ("Error responses" of S3, "Blob service error codes").
 * What is locked is locked for days, and what is archived has to be asked for.
 */
const PERMANENT: Record<string, string> = {
  InvalidObjectState: "the object is archived; restore it at S3, and its restore brings it here",
  BlobImmutableDueToPolicy: "the copy is locked by an immutability policy",
  BlobArchived: "the copy is archived and can't be read",
  LeaseIdMissing: "somebody holds a lease on the copy; break it",
  InvalidMetadata: "Azure refuses the copy's metadata",
  MetadataTooLarge: "Azure refuses the copy's metadata: over 8 KiB in all",
  InvalidBlobType: "under this name is a blob of another type",
};

/** How the clouds say that somebody may not, or that what should be there is not. */
const DENIED_CODES = [
  "NoSuchBucket",
  "ContainerNotFound",
  "ResourceNotFound",
  "AccountIsDisabled",
  "KMS.DisabledException",
];

/** Judges whatever came of an attempt on a key. */
export function judge(thrown: unknown): Judgement {
  const error = thrown instanceof Error ? thrown : new Error(`no error was thrown, but ${inspect(thrown)}`);
  const { message, name } = error;
  if (error instanceof Permanent) return { fault: "permanent", reason: message };
  const { code = name, status } = coded(error);
  const known = PERMANENT[code];
  if (known) return { fault: "permanent", reason: `${known} (${code})` };
  if (status === 403 || status === 401 || DENIED_CODES.includes(code) || code.startsWith("KMS.")) {
    return { fault: "denied", reason: `${message} (${code})` };
  }
  return { fault: "transient", reason: status ? `${message} (${code}, status ${status})` : `${message} (${code})` };
}

/** Code and status of an error of either cloud's, or of its sign-in. */
function coded(error: Error): { code?: string; status?: number } {
  const { code, status, statusCode, $metadata, name } = error as unknown as Record<string, unknown> & {
    $metadata?: { httpStatusCode?: number };
  };
  const found = status ?? statusCode ?? $metadata?.httpStatusCode;
  return {
    code: typeof code === "string" ? code : typeof name === "string" ? name : undefined,
    status: typeof found === "number" ? found : undefined,
  };
}
