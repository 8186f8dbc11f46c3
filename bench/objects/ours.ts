// A process that copies every object of a bucket by the code of the replicator. The bench bundles it as the function
// is bundled, and measures it from its start to its end.
import { BlobClient } from "../../lambdas/objects/blob-client.ts";
import { BlobStore } from "../../lambdas/objects/blob-store.ts";
import { Budget } from "../../lambdas/objects/budget.ts";
import { replicate } from "../../lambdas/objects/replicate.ts";
import { S3Store, s3Reader } from "../../lambdas/objects/s3-store.ts";
import type { OurTask } from "./contestants.ts";

const { source, target, concurrency } = JSON.parse(process.argv[2] ?? "") as OurTask;
const { endpoint, region, bucket, ...credentials } = source;
const from = new S3Store(s3Reader({ endpoint, region, credentials, forcePathStyle: true }), bucket);
const credential = { getToken: async () => ({ token: target.token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
const to = new BlobStore(new BlobClient(`${target.endpoint}${target.container}`, credential));
/** As much as the function gives to content. */
const budget = new Budget(32 * 1024 * 1024);

const listed = from.list("")[Symbol.asyncIterator]();
const work = async () => {
  for (let next = await listed.next(); !next.done; next = await listed.next()) {
    await replicate(from, to, next.value.key, { budget });
  }
};
Promise.all(Array.from({ length: concurrency }, work));
