import { inspect } from "node:util";
import { RefusedError } from "./rest.ts";

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

/** Refusals that pass by themselves, though their status does not say so: of clocks, tokens, and what takes turns. */
const PASSING = ["RequestTimeout", "RequestTimeTooSkewed", "ExpiredToken", "TokenRefreshRequired", "OperationAborted"];

/** How the clouds say that somebody may not, or that what should be there is not. */
const DENIED_CODES = [
  "NoSuchBucket",
  "PermanentRedirect",
  "ContainerNotFound",
  "ResourceNotFound",
  "AccountIsDisabled",
  "KMS.DisabledException",
];

/** Bad request, and no right: after some tries somebody has to look, because neither mends itself. */
const REFUSALS = [400, 401, 403];

/** How Entra refuses to sign in, and AWS to say who asks: the library gives all that it throws one name and no status. */
const NO_SIGN_IN = /^(invalid_client|invalid_request|unauthorized_client):|is not authorized to perform: sts:/;

/** Judges whatever came of an attempt on a key. */
export function judge(thrown: unknown): Judgement {
  const error = thrown instanceof Error ? thrown : new Error(`no error was thrown, but ${inspect(thrown)}`);
  if (error instanceof Permanent) return { fault: "permanent", reason: error.message };
  const { code = error.name, status } = coded(error);
  const known = PERMANENT[code];
  if (known) return { fault: "permanent", reason: `${known} (${code})` };
  const refused = (status !== undefined && REFUSALS.includes(status)) || DENIED_CODES.includes(code);
  const denied = (refused || code.startsWith("KMS.") || NO_SIGN_IN.test(error.message)) && !PASSING.includes(code);
  return { fault: denied ? "denied" : "transient", reason: reasonOf(error, code, status) };
}

/** Why, without the key: what failed for one reason is counted as one. */
function reasonOf(error: Error, code: string, status: number | undefined): string {
  if (error instanceof RefusedError) return `${error.method} was answered with ${code} (status ${status})`;
  return status === undefined ? `${error.message} (${code})` : `${error.message} (${code}, status ${status})`;
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
