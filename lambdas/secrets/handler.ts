import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { Messages } from "../objects/messages.ts";
import { azureCredential } from "../shared/azure-credential.ts";
import { requireEnvironment } from "../shared/environment.ts";
import { Metrics } from "../shared/metrics.ts";
import { workOn } from "./batch.ts";
import type { Comparison } from "./drift.ts";
import { Source } from "./source.ts";
import { look, sweep } from "./sweep.ts";
import { Vault } from "./vault.ts";

const environment = requireEnvironment(
  "WORKLOAD",
  "VAULT_URI",
  "AZURE_TENANT_ID",
  "AZURE_CLIENT_ID",
  "QUEUE_URL",
  "DEAD_LETTER_QUEUE_URL",
);

const replicator = {
  source: new Source(new SecretsManagerClient({})),
  target: new Vault(environment.VAULT_URI, azureCredential(environment.AZURE_TENANT_ID, environment.AZURE_CLIENT_ID)),
  workload: environment.WORKLOAD,
  messages: new Messages(new SQSClient({}), {
    queue: environment.QUEUE_URL,
    deadLetters: environment.DEAD_LETTER_QUEUE_URL,
  }),
  metrics: new Metrics(),
};

/** Messages of the queue, the schedule's call to compare and mend, or an operator's question how both sides stand. */
type Event = SQSEvent | { sweep: true } | { compare: true };

/** The one function of the secrets' replication. */
export async function handler(event: Event, context: Context): Promise<SQSBatchResponse | Comparison> {
  try {
    if ("Records" in event) {
      const left = await workOn(replicator, event.Records);
      return { batchItemFailures: left.map((itemIdentifier) => ({ itemIdentifier })) };
    }
    if ("sweep" in event) return await sweep(replicator);
    if ("compare" in event) return await look(replicator);
    throw new Error(`expected an event of the queue, or sweep or compare, found ${Object.keys(event).join(", ")}`);
  } finally {
    replicator.metrics.flush({ FunctionName: context.functionName });
  }
}
