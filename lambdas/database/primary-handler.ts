import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { requireEnvironment } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { connect } from "./connection.ts";
import { userSchemas } from "./definitions.ts";
import type { Obstacle } from "./manifest.ts";
import { findObstacles } from "./preflight.ts";
import { prepare, shortened } from "./prepare.ts";
import { prepareLive } from "./prepare-live.ts";
import { readCredentials } from "./secrets.ts";

const environment = requireEnvironment("DATABASE_HOST", "DATABASE_PORT", "ADMIN_SECRET_ARN", "DUMP_SECRET_ARN");

/** Secret of the user who replicates; only a live copy has one. */
const replicatorSecretArn = process.env.REPLICATOR_SECRET_ARN;
const secrets = new SecretsManagerClient({});

/** What needs the administrator's rights on the primary; nothing else has them. */
export async function handler(event: { action?: string }): Promise<{ obstacles: Obstacle[] }> {
  if (event.action !== "prepare") throw new TypeError(`expected the action "prepare", found ${event.action}`);
  const { password } = await readCredentials(secrets, environment.DUMP_SECRET_ARN);
  const connection = await connect({
    host: environment.DATABASE_HOST,
    port: Number(environment.DATABASE_PORT),
    ...(await readCredentials(secrets, environment.ADMIN_SECRET_ARN)),
  });
  try {
    await prepare(connection, password);
    if (replicatorSecretArn)
      await prepareLive(connection, (await readCredentials(secrets, replicatorSecretArn)).password);
    const obstacles = await findObstacles(connection, await userSchemas(connection), replicatorSecretArn !== undefined);
    log.info({ obstacles });
    return { obstacles: shortened(obstacles) };
  } finally {
    connection.destroy();
  }
}
