import { z } from "zod";
import { connect, type Login } from "../../lambdas/database/connection.ts";
import { readDefinitions } from "../../lambdas/database/definitions.ts";
import { ADMINISTRATOR } from "../../lambdas/database/layout.ts";
import type { Journal } from "../runbook/journal.ts";

/** What an account may do, without its password: it is kept where operators read. */
const rights = z.object({ account: z.string(), grants: z.array(z.string()) });
export type Rights = z.infer<typeof rights>;

/** What the primary's accounts could do before a copy was loaded for the first time, as a journal's report keeps it. */
const rightsBefore = z.object({ copy: z.string(), accounts: z.array(rights) });
export type RightsBefore = z.infer<typeof rightsBefore>;

/** What the workload's accounts of a server may do. @param login of its administrator */
export async function rightsAt(login: Login): Promise<Rights[]> {
  const connection = await connect(login);
  try {
    const { accounts } = await readDefinitions(connection, [], ADMINISTRATOR);
    return accounts.map(({ account, grants }) => ({ account, grants }));
  } finally {
    connection.destroy();
  }
}

/**
 * What they could do before a copy was loaded: as a run before this one saw it, whose load may have changed it since, else
 * as they can now.
 *
 * @param journals of all operations, the newest first
 */
export async function rightsBeforeLoad(
  copy: string,
  journals: readonly Journal[],
  now: () => Promise<Rights[]>,
): Promise<RightsBefore> {
  for (const { report } of journals) {
    const { data: kept } = rightsBefore.safeParse(report?.rightsBefore);
    if (kept?.copy === copy) return kept;
  }
  return { copy, accounts: await now() };
}

/**
 * What accounts have lost. A copy can't have what Azure gives nobody, such as a procedure of RDS's; nor can it be told
 * from what somebody took away at the standby.
 */
export function lostRights(before: readonly Rights[], after: readonly Rights[]): string[] {
  const held = new Map(after.map((each) => [each.account, each.grants]));
  return before.flatMap(({ account, grants }) => {
    const left = held.get(account);
    if (!left) return [`account ${account} is no more`];
    return grants.filter((grant) => !left.includes(grant)).map((grant) => `account ${account} lost: ${grant}`);
  });
}
