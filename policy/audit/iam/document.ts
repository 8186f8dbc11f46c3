import { z } from "zod";
import { OPERATOR } from "./conditions.ts";

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const values = z
  .union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number(), z.boolean()]))])
  .transform((value) => [value].flat().map(String));
const principals = z.union([z.literal("*").transform(() => ({ AWS: ["*"] })), z.record(z.string(), texts)]);
const operator = z.string().regex(OPERATOR, "expected a condition operator of IAM's, for example StringEquals");

const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(["Allow", "Deny"]),
    Action: texts.optional(),
    NotAction: texts.optional(),
    Resource: texts.optional(),
    NotResource: texts.optional(),
    Principal: principals.optional(),
    NotPrincipal: principals.optional(),
    Condition: z.record(operator, z.record(z.string(), values)).optional(),
  })
  .refine(({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined), {
    message: "expected either Action or NotAction",
  })
  .refine(({ Resource, NotResource }) => Resource === undefined || NotResource === undefined, {
    message: "expected at most one of Resource and NotResource",
  });

const document = z.strictObject({
  Version: z.string().optional(),
  Id: z.string().optional(),
  Statement: z.union([statement, z.array(statement)]).transform((value) => [value].flat()),
});

/** A statement of a policy, every list of it a list. */
export type Statement = z.infer<typeof statement>;

/** A policy of IAM's that could be read. */
export interface PolicyDocument {
  /** Where it stands, for whoever looks for it. @example "the rights of role shop-dump-role" */
  place: string;
  statements: Statement[];
}

/**
 * Reads a policy, from its text or from what YAML made of it.
 *
 * @param place where it stands
 * @returns the policy, or what is wrong with it
 */
export function readDocument(policy: unknown, place: string): PolicyDocument | { place: string; wrong: string } {
  let content = policy;
  if (typeof policy === "string") {
    try {
      content = JSON.parse(policy);
    } catch (error) {
      return {
        place,
        wrong: `expected a policy document in JSON, found text that does not parse: ${(error as Error).message}`,
      };
    }
  }
  const read = document.safeParse(content);
  if (read.success) return { place, statements: read.data.Statement };
  const [issue] = read.error.issues;
  const path = issue?.path.join(".") || "the document";
  return { place, wrong: `expected a policy document of IAM's, found something else at ${path}: ${issue?.message}` };
}

/** Whether a policy could be read. */
export function isDocument(read: ReturnType<typeof readDocument>): read is PolicyDocument {
  return "statements" in read;
}
