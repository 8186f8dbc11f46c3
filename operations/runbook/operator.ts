import { z } from "zod";

/** The blob whose lease is the sole right to operate; it tells who has that. */
export const OPERATOR_BLOB = "operation.json";

const operator = z.object({ operation: z.string(), by: z.string(), startedAt: z.string() });

/** Who is at work at the standby. */
export type Operator = z.infer<typeof operator>;

/** What the blob says. */
export function operatorText({ operation, by, startedAt }: Operator): string {
  return JSON.stringify({ operation, by, startedAt });
}

/** Reads it; undefined while nobody has said who they are. */
export function readOperator(text: string): Operator | undefined {
  try {
    return operator.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
