import { openBucket, openCopies } from "../objects/sites.ts";
import { type Outputs, textIn } from "../outputs.ts";

/** Few tries, soon over: whoever waits here waits to move users. */
const LIMIT = 10_000;

/** The name of a copy that has something in it. @param dr outputs of stack dr @throws Error when there is none */
export async function firstBlob(dr: Outputs, signal: AbortSignal): Promise<string> {
  const { container } = await openCopies(dr);
  const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(LIMIT)]);
  for await (const { name, properties } of container.listBlobsFlat({ abortSignal })) {
    if (Number(properties.contentLength) > 0) return name;
  }
  throw nothingIn(container.url);
}

/** The key of an object that has something in it. @param prod outputs of stack prod @throws Error when there is none */
export async function firstObject(prod: Outputs, signal: AbortSignal): Promise<string> {
  const [{ ListObjectsV2Command, S3Client }, { name }] = await Promise.all([
    import("@aws-sdk/client-s3"),
    openBucket(prod),
  ]);
  const requestHandler = { connectionTimeout: LIMIT / 2, requestTimeout: LIMIT };
  const s3 = new S3Client({ region: textIn(prod, "region"), maxAttempts: 2, requestHandler });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: name }), { abortSignal: signal });
  const found = Contents.find(({ Size = 0 }) => Size > 0)?.Key;
  if (found !== undefined) return found;
  throw nothingIn(name);
}

function nothingIn(place: string): Error {
  return new Error(`expected content that can be asked for, found nothing in ${place}`);
}
