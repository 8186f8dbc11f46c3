import * as pulumi from "@pulumi/pulumi";
import type { PlanDocument } from "../../lambdas/standby/plan-document.ts";
import type { Database } from "./database.ts";
import { REPLICATOR_SECRET } from "./replicator-secret.ts";
import type { StandbyPlan } from "./standby-plan.ts";

/**
 * What the controller has to bring about: what ARM cannot declare.
 *
 * @param server while the plan has one
 * @param vaultUri where the vault answers, with a slash at the end
 * @param storageGib of the server
 * @param givenUp transaction that can't be applied, by whose name all that can't be is given up
 */
export function controllerPlan(
  { database, serves, restoreDatabase: restore }: StandbyPlan,
  server: Database | undefined,
  vaultUri: pulumi.Input<string>,
  storageGib: number,
  givenUp?: string,
): pulumi.Output<PlanDocument> {
  const ready = serves.length > 0 && { ready: serves };
  if (!server || database.state === "absent") return pulumi.output<PlanDocument>({ version: 2, ...ready });
  const { serverId, host, port, secretId } = server;
  const { state: target, follows, own } = database;
  // A server that is promoted may have followed the primary until then.
  const primarySecretId = pulumi.interpolate`${vaultUri}secrets/${REPLICATOR_SECRET}`;
  return pulumi.output({
    version: 2 as const,
    database: {
      ...{ serverId, host, port, secretId, target, follows, primarySecretId, restore, own },
      ...(givenUp && { givenUp }),
      ...(database.handsBack && { handsBack: true }),
      // With a second server it grows by itself: see `Database`.
      ...(!database.highAvailability && { storageGib }),
    },
    ...ready,
  });
}
