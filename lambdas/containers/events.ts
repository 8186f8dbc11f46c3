import { z } from "zod";
import { Permanent } from "../objects/failure.ts";
import { isDigest } from "./names.ts";

/** What to look at: what happened to it does not matter, only how it stands now. */
export interface Hint {
  repository: string;
  /** A tag, or the digest of what has none. */
  reference: string;
  /** When it was pushed; undefined where nobody pushed it. */
  at: Date | undefined;
}

const REPOSITORY = z.string().min(2);
const TAG = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);

/**
 * "Amazon ECR events and EventBridge": a completed image push. What is pushed by its digest, a list's platforms and
 * signatures, has no tag there, or an empty one.
 */
const PUSH = z.object({
  source: z.literal("aws.ecr"),
  time: z.coerce.date(),
  detail: z.object({
    "repository-name": REPOSITORY,
    "image-digest": z.string().refine(isDigest).optional(),
    "image-tag": TAG.or(z.literal("")).optional(),
  }),
});

/** What a sweep asks for. */
const ASKED = z.object({ repository: REPOSITORY, tag: TAG });

/** The message of the queue by which a sweep has a tag looked at. */
export function askFor(repository: string, tag: string): string {
  return JSON.stringify({ repository, tag } satisfies z.infer<typeof ASKED>);
}

/** Reads a message of the queue. @throws Permanent for one that says nothing of an image */
export function readHint(body: string): Hint {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new Permanent("expected a message of JSON, found something else");
  }
  const asked = ASKED.safeParse(json);
  if (asked.success) return { repository: asked.data.repository, reference: asked.data.tag, at: undefined };
  const push = PUSH.safeParse(json);
  if (!push.success) throw new Permanent(`expected an event of a push, found:\n${z.prettifyError(push.error)}`);
  const { "repository-name": repository, "image-tag": tag, "image-digest": digest } = push.data.detail;
  const reference = tag || digest;
  if (!reference) throw new Permanent("expected a tag or a digest in an event of a push, found neither");
  return { repository, reference, at: push.data.time };
}
