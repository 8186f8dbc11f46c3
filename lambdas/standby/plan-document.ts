import { z } from "zod";
import { readDocument } from "../shared/document.ts";
import { SWITCHED } from "./ready-file.ts";

/** Name of the plan's blob in the control container. */
export const PLAN_BLOB = "plan.json";

const secretId = z.url({ protocol: /^https$/ });

/** What the standby controller has to bring about; what ARM can declare is not in it. */
export const planDocument = z.strictObject({
  version: z.literal(2),
  /** The MySQL Flexible Server; absent where the plan has none. */
  database: z
    .strictObject({
      /** Resource id of the server. */
      serverId: z.string().regex(/^\/subscriptions\/.+\/Microsoft\.DBforMySQL\/flexibleServers\/[^/]+$/i),
      host: z.string().min(1),
      port: z.int(),
      /** Address of the secret with its administrator's `{"username","password"}`. */
      secretId,
      /** `promoted`: to follow nobody and take writes. */
      target: z.enum(["stopped", "running", "promoted"]),
      /** Where its data come from. */
      follows: z.enum(["dumps", "primary", "nobody"]),
      /** Address of the secret with the primary's `{"host","port","username","password"}`; `link` writes that later. */
      primarySecretId: secretId.optional(),
      /** Whether the newest complete dump must be in it before it serves. */
      restore: z.boolean(),
      /** Whether what is written to it while it is promoted counts: nothing is loaded over that. */
      own: z.boolean(),
      /** Whether it takes no more writes and is copied for the primary, while it is promoted with writes of its own. */
      handsBack: z.boolean().optional(),
      /** Its storage in GiB, beyond which no load may take it; absent where it grows by itself. */
      storageGib: z.number().optional(),
      /** Transaction by whose name whoever declares gives up all that the server received and can't apply. */
      givenUp: z.string().optional(),
    })
    .optional(),
  /** The names that are declared switched: of each is said publicly when the standby serves it. Absent for none. */
  ready: z.array(z.enum(SWITCHED)).optional(),
});

/** The plan as `dr` writes it for the controller, a JSON document in the control container. */
export type PlanDocument = z.infer<typeof planDocument>;

/** What the plan says of the database server. */
export type PlannedDatabase = NonNullable<PlanDocument["database"]>;

/**
 * Reads a plan.
 *
 * @throws Error that names everything that is wrong with it
 */
export function readPlan(text: string): PlanDocument {
  const mend = "`pulumi up --stack dr` writes it anew";
  return readDocument(text, { schema: planDocument, name: PLAN_BLOB, what: "a plan of version 2", mend });
}
