import { z } from "zod";
import { readDocument } from "../shared/document.ts";

/** Where it lies, in the container of the images. */
export const NEWEST_DOCUMENT = "newest.json";

/** Which image the standby's servers start from: the newest one that was seen to boot. */
export interface NewestImage {
  /** At AWS. @example "ami-0123456789abcdef0" */
  image: string;
  /** When that was made. */
  created: string;
  /** In the gallery. @example "2026.1130.91500" */
  version: string;
  /** When it was seen to boot. */
  promotedAt: string;
}

const schema = z.object({
  image: z.string(),
  created: z.iso.datetime(),
  version: z.string(),
  promotedAt: z.iso.datetime(),
});

/** @throws Error when it is something else */
export function readNewest(text: string): NewestImage {
  return readDocument(text, {
    schema,
    name: NEWEST_DOCUMENT,
    what: "the newest image",
    mend: "delete it, and the next image that is replicated writes it anew",
  });
}
