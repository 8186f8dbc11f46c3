import { z } from "zod";

/** What a document must be, and what to do when it is not. */
export interface Expected<Document> {
  schema: z.ZodType<Document>;
  /** Where it lies. @example "plan.json" */
  name: string;
  /** What it is, with its version. @example "a plan of version 2" */
  what: string;
  /** For people. */
  mend: string;
}

/**
 * Reads a JSON document that somebody else has written.
 *
 * @throws Error that names everything that is wrong with it, and what to do
 */
export function readDocument<Document>(text: string, { schema, name, what, mend }: Expected<Document>): Document {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`expected JSON in ${name}, found something else (${(error as Error).message}); ${mend}`);
  }
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  throw new Error(`expected ${what} in ${name}, found:\n${z.prettifyError(read.error)}\n${mend}`);
}
