import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Context } from "aws-lambda";
import type { Connection } from "mysql2/promise";
import { requireEnvironment } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { connect, cut } from "./connection.ts";
import { userSchemas } from "./definitions.ts";
import { planDump, sealDump } from "./dump.ts";
import { type DumpEvent, type EventOf, readDumpEvent } from "./dump-events.ts";
import { dumpPortion, prepareToDump } from "./dump-portion.ts";
import { freeze, requireFrozen } from "./freeze.ts";
import { dumpId, dumpNames, dumpOf, MANIFESTS } from "./layout.ts";
import { kindFor } from "./retention.ts";
import { S3DumpStore } from "./s3-dump-store.ts";
import { readCredentials } from "./secrets.ts";

/** Before the end of an invocation so much time is kept to fail with words of our own, in milliseconds. */
const RESERVE = 10_000;

const environment = requireEnvironment("DUMP_SECRET_ARN", "DUMP_BUCKET");
const secrets = new SecretsManagerClient({});
const store = new S3DumpStore(new S3Client({}), environment.DUMP_BUCKET);

/** What dumps a replica, an action of the state machine at a time. */
export async function handler(given: unknown, context: Context): Promise<unknown> {
  const event = readDumpEvent(given);
  const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - RESERVE));
  const { host, port } = event;
  const connection = await connect({ host, port, ...(await readCredentials(secrets, environment.DUMP_SECRET_ARN)) });
  const late = () => cut(connection, new Error("expected to be done in time, found the invocation about to end"));
  signal.addEventListener("abort", late, { once: true });
  try {
    await prepareToDump(connection);
    const answer = await act(connection, event, signal);
    log.info({ action: event.action, answer });
    return answer;
  } finally {
    signal.removeEventListener("abort", late);
    connection.destroy();
  }
}

function act(connection: Connection, event: DumpEvent, signal: AbortSignal): Promise<unknown> {
  switch (event.action) {
    case "freeze":
      return freeze(connection);
    case "plan":
      return plan(connection, event, signal);
    case "portion":
      return dump(connection, event, signal);
    case "seal":
      return seal(connection, event, signal);
  }
}

async function plan(connection: Connection, { startedAt }: EventOf<"plan">, signal: AbortSignal) {
  const start = new Date(startedAt);
  const manifests = await store.list(MANIFESTS, signal);
  const dump = dumpId(start);
  const kind = kindFor(
    start,
    manifests.flatMap(({ name }) => dumpOf(name) ?? []),
  );
  const { portions } = await planDump(connection, store, { dump, kind }, signal);
  const chunks = portions.flat();
  const tables = new Set(chunks.map(({ schema, table }) => JSON.stringify([schema, table]))).size;
  return { dump, kind, plan: dumpNames(kind, dump).plan, chunks: chunks.length, tables };
}

async function dump(connection: Connection, { dump, kind, portion }: EventOf<"portion">, signal: AbortSignal) {
  const records = await dumpPortion(connection, store, { dump, kind }, portion, signal);
  return { chunks: records.length, rows: records.reduce((sum, { rows }) => sum + rows, 0) };
}

async function seal(connection: Connection, event: EventOf<"seal">, signal: AbortSignal) {
  const { dump, kind, startedAt, frozen, obstacles } = event;
  await requireFrozen(connection, frozen);
  const schemas = await userSchemas(connection);
  const sealed = await sealDump(store, { dump, kind, startedAt, frozen, obstacles, schemas }, signal);
  const { rows, size, chunks } = sealed;
  return { manifest: dumpNames(kind, dump).manifest, rows, size, chunks: chunks.length };
}
