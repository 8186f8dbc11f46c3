import { S3Client } from "@aws-sdk/client-s3";
import type { Context } from "aws-lambda";
import { BlobClient } from "../objects/blob-client.ts";
import { S3Reader } from "../objects/s3-reader.ts";
import { azureCredential } from "../shared/azure-credential.ts";
import { requireEnvironment } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { Metrics } from "../shared/metrics.ts";
import { ResourceManager } from "../shared/resource-manager.ts";
import { readImageEvent } from "./image-events.ts";
import { ImageVersions } from "./image-versions.ts";
import { act, type Images } from "./images.ts";
import { S3Notes } from "./s3-notes.ts";

/** Before the end of an invocation so much time is kept to end cleanly, in milliseconds: six pieces are under way. */
const RESERVE = 60_000;

const environment = requireEnvironment(
  "EXPORT_BUCKET",
  "IMAGES_BLOB_ENDPOINT",
  "IMAGES_CONTAINER",
  "IMAGES_ACCOUNT_ID",
  "IMAGE_DEFINITION_ID",
  "IMAGE_VERSIONS",
  "BOOT_GROUP_ID",
  "BOOT_SUBNET_ID",
  "BOOT_SIZE",
  "LOCATION",
  "TAGS",
  "AZURE_TENANT_ID",
  "AZURE_CLIENT_ID",
);

const s3 = new S3Client({});
const credential = azureCredential(environment.AZURE_TENANT_ID, environment.AZURE_CLIENT_ID);
const manager = new ResourceManager(credential);
const container = new URL(environment.IMAGES_CONTAINER, environment.IMAGES_BLOB_ENDPOINT).href;
const metrics = new Metrics();
const images: Images = {
  exports: new S3Reader(s3.config, environment.EXPORT_BUCKET),
  place: `s3://${environment.EXPORT_BUCKET}`,
  notesOf: (key) => new S3Notes(s3, environment.EXPORT_BUCKET, key),
  disks: new BlobClient(container, credential),
  container,
  storageAccountId: environment.IMAGES_ACCOUNT_ID,
  manager,
  versions: new ImageVersions(manager, environment.IMAGE_DEFINITION_ID),
  room: {
    resourceGroupId: environment.BOOT_GROUP_ID,
    subnetId: environment.BOOT_SUBNET_ID,
    location: environment.LOCATION,
    vmSize: environment.BOOT_SIZE,
    tags: JSON.parse(environment.TAGS),
  },
  keep: Number(environment.IMAGE_VERSIONS),
  metrics,
};

/** The one function of the images' replication, an action of the state machine at a time. */
export async function handler(given: unknown, context: Context): Promise<unknown> {
  const event = readImageEvent(given);
  const deadline = performance.now() + context.getRemainingTimeInMillis() - RESERVE;
  try {
    const answer = await act(images, event, deadline);
    log.info({ action: event.action, answer });
    return answer;
  } finally {
    metrics.flush({ FunctionName: context.functionName });
  }
}
