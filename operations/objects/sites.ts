import type { SQSClient } from "@aws-sdk/client-sqs";
import type { TokenCredential } from "@azure/identity";
import type { ContainerClient } from "@azure/storage-blob";
import type { BlobStore } from "../../lambdas/objects/blob-store.ts";
import type { S3Store } from "../../lambdas/objects/s3-store.ts";
import { azureOperator } from "../azure-operator.ts";
import { type Outputs, textIn } from "../outputs.ts";
import { readStackSettings } from "../stack-files.ts";

/** The primary's content, by the operator's own credentials. */
export interface Bucket {
  name: string;
  store: S3Store;
}

/** The standby's copies of it. */
export interface Copies {
  container: ContainerClient;
  credential: TokenCredential;
}

/** The replicator's queues. */
export interface Queues {
  sqs: SQSClient;
  urls: { queue: string; parked: string; deadLetters: string };
}

/** A way to the standby, whose replicator sets aside what it can't carry. */
export interface Replication {
  /** For people. @example "objects" */
  name: string;
  queue: string;
  deadLetters: string;
}

// Every SDK is loaded where it is used: what one command needs, another may find dead, or not want to wait for.

/** @param prod outputs of stack prod */
export async function openBucket(prod: Outputs): Promise<Bucket> {
  const [{ S3Client }, { S3Store }] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("../../lambdas/objects/s3-store.ts"),
  ]);
  const name = textIn(prod, "contentBucketName");
  return { name, store: new S3Store(new S3Client({ region: textIn(prod, "region") }), name) };
}

/** @param dr outputs of stack dr */
export async function openCopies(dr: Outputs): Promise<Copies> {
  const [{ ContainerClient }, credential] = await Promise.all([import("@azure/storage-blob"), azureOperator()]);
  const url = new URL(textIn(dr, "copiesContainerName"), textIn(dr, "copiesBlobEndpoint"));
  return { container: new ContainerClient(url.href, credential), credential };
}

/** The copies as the replicator sees them. */
export async function storeOf({ container, credential }: Copies): Promise<BlobStore> {
  const [{ BlobClient }, { BlobStore }] = await Promise.all([
    import("../../lambdas/objects/blob-client.ts"),
    import("../../lambdas/objects/blob-store.ts"),
  ]);
  return new BlobStore(new BlobClient(container.url, credential));
}

/**
 * @param link outputs of stack link
 * @param folder where its stack file is, which says in what region the queues are
 */
export async function openQueues(link: Outputs, folder: string): Promise<Queues> {
  return {
    sqs: await openSqs(folder),
    urls: {
      queue: textIn(link, "objectsQueueUrl"),
      parked: textIn(link, "objectsParkedQueueUrl"),
      deadLetters: textIn(link, "objectsDeadLetterQueueUrl"),
    },
  };
}

/** All that replicates: the content, the database's dumps, and what else does. @param link outputs of stack link */
export function replicationsOf(link: Outputs): Replication[] {
  // Images of containers are copied where repositories are listed, and secrets where they follow.
  const others = ["secrets", "containers"].filter((name) => link.values[`${name}QueueUrl`] !== undefined);
  return ["objects", "dumps", ...others].map((name) => ({
    name,
    queue: textIn(link, `${name}QueueUrl`),
    deadLetters: textIn(link, `${name}DeadLetterQueueUrl`),
  }));
}

/** @param folder where the stack file of link is, which says in what region the queues are */
export async function openSqs(folder: string): Promise<SQSClient> {
  const { SQSClient } = await import("@aws-sdk/client-sqs");
  const [settings] = readStackSettings(folder, "link");
  return new SQSClient({ region: settings?.["aws:region"] });
}
