// A process that copies every object of a bucket by the code of the replicator. The bench bundles it as the function
// is bundled, and measures it from its start to its end.
import { BlobClient } from "../../lambdas/objects/blob-client.ts";
import { BlobStore } from "../../lambdas/objects/blob-store.ts";
import { Budget } from "../../lambdas/objects/budget.ts";
import { replicate } from "../../lambdas/objects/replicate.ts";
import { S3Reader } from "../../lambdas/objects/s3-reader.ts";
import { CONTENT_BYTES } from "../../lambdas/objects/sizes.ts";
import type { OurTask } from "./contestants.ts";

const { source, target, concurrency, whole } = JSON.parse(process.argv[2] ?? "") as OurTask;
const { endpoint, region, bucket, ...credentials } = source;
const { protocol, hostname, port } = new URL(endpoint);
const access = {
  region: async () => region,
  credentials: async () => credentials,
  endpoint: async () => ({ protocol, hostname, port: Number(port) }),
};
const from = new S3Reader(access, bucket);
const credential = { getToken: async () => ({ token: target.token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
const to = new BlobStore(new BlobClient(`${target.endpoint}${target.container}`, credential));
const budget = new Budget(CONTENT_BYTES);

const listed = from.list("")[Symbol.asyncIterator]();
async function work(): Promise<void> {
  for (let next = await listed.next(); !next.done; next = await listed.next()) {
    await replicate(from, to, next.value.key, { budget });
  }
}

async function copyAll(): Promise<void> {
  if (whole) {
    await Promise.all([import("@aws-sdk/client-sqs"), import("@aws-sdk/client-sts"), import("@azure/identity")]);
  }
  await Promise.all(Array.from({ length: concurrency }, work));
}

copyAll();
