import { ECRClient } from "@aws-sdk/client-ecr";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { Marker } from "../objects/marker.ts";
import { Messages } from "../objects/messages.ts";
import { azureCredential } from "../shared/azure-credential.ts";
import { requireEnvironment } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { Metrics } from "../shared/metrics.ts";
import { AcrAuthorization } from "./acr.ts";
import { EcrAuthorization } from "./ecr.ts";
import { Registry } from "./registry.ts";
import { compare, type Standing, sweep } from "./sweep.ts";
import { type Replicator, work } from "./work.ts";

/** Before the end of an invocation so much time is kept to end cleanly, in milliseconds. */
const RESERVE = 30_000;

const environment = requireEnvironment(
  "REPOSITORIES",
  "COPY_REGISTRY",
  "AZURE_TENANT_ID",
  "AZURE_CLIENT_ID",
  "QUEUE_URL",
  "DEAD_LETTER_QUEUE_URL",
  "MARKER_URL",
);

const { AZURE_TENANT_ID: tenantId, AZURE_CLIENT_ID: clientId } = environment;
const origin = `https://${environment.COPY_REGISTRY}`;
const ecr = new EcrAuthorization(new ECRClient({}));
const common = {
  target: new Registry(origin, new AcrAuthorization(origin, tenantId, azureCredential(tenantId, clientId))),
  repositories: environment.REPOSITORIES.split(" "),
  places: new Map<string, string>(),
  messages: new Messages(new SQSClient({}), {
    queue: environment.QUEUE_URL,
    deadLetters: environment.DEAD_LETTER_QUEUE_URL,
  }),
  marker: new Marker(environment.MARKER_URL, (problem) => log.warn({ marker: environment.MARKER_URL, problem })),
  metrics: new Metrics(),
};

/** Messages of the queue, the night's call to look at every tag, or an operator's question how it stands. */
type Event = SQSEvent | { sweep: true } | { compare: true };

/** The one function of the images' replication. */
export async function handler(
  event: Event,
  context: Context,
): Promise<SQSBatchResponse | { asked: number } | Standing[]> {
  const deadline = performance.now() + context.getRemainingTimeInMillis() - RESERVE;
  const replicator: Replicator = { ...common, source: new Registry(await ecr.origin(), ecr) };
  try {
    if ("Records" in event) return await workAll(replicator, event, deadline);
    if ("sweep" in event) return { asked: await sweep(replicator) };
    if ("compare" in event) return await compare(replicator.source, replicator.target, replicator.repositories);
    throw new Error(`expected an event of the queue, a sweep or a question, found ${Object.keys(event).join(", ")}`);
  } finally {
    replicator.metrics.flush({ FunctionName: context.functionName });
  }
}

/** Works on a batch of messages, one after the other: each may need all the time and memory that there is. */
async function workAll(replicator: Replicator, { Records }: SQSEvent, deadline: number): Promise<SQSBatchResponse> {
  const left: string[] = [];
  for (const record of Records) if (!(await work(replicator, record, deadline))) left.push(record.messageId);
  return { batchItemFailures: left.map((itemIdentifier) => ({ itemIdentifier })) };
}
