import { z } from "zod";

/** Name of the plan's blob in the control container. */
export const PLAN_BLOB = "plan.json";

/** What the standby controller has to bring about; what ARM can declare is not in it. */
export const planDocument = z.strictObject({
  version: z.literal(1),
  /** The MySQL Flexible Server; absent where the plan has none. */
  database: z
    .strictObject({
      /** Resource id of the server. */
      serverId: z.string().regex(/^\/subscriptions\/.+\/Microsoft\.DBforMySQL\/flexibleServers\/[^/]+$/i),
      /** `promoted`: to follow nobody and take writes; to the controller, who can but start and stop, the same as `running`. */
      target: z.enum(["stopped", "running", "promoted"]),
      /** Whether the newest verified dump must be in it before it serves. */
      restore: z.boolean(),
    })
    .optional(),
});

/** The plan as `dr` writes it for the controller, a JSON document in the control container. */
export type PlanDocument = z.infer<typeof planDocument>;

/**
 * Reads a plan.
 *
 * @throws Error that names everything that is wrong with it
 */
export function readPlan(text: string): PlanDocument {
  const mend = "`pulumi up --stack dr` writes it anew";
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`expected JSON in ${PLAN_BLOB}, found something else (${(error as Error).message}); ${mend}`);
  }
  const plan = planDocument.safeParse(json);
  if (plan.success) return plan.data;
  throw new Error(`expected a plan of version 1 in ${PLAN_BLOB}, found:\n${z.prettifyError(plan.error)}\n${mend}`);
}
