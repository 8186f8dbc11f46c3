import { statSync } from "node:fs";
import { bundleFile } from "../../components/function-bundle.ts";
import { measure } from "../process.ts";
import { median } from "../statistics.ts";

/** How often a fresh process is started. */
const STARTS = 11;

/** Answers the message that S3 sends when notifications are set up: work for the handler alone, none for the clouds. */
const ANSWER_ONE = `
const body = JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent" });
require(process.argv[1]).handler({ Records: [{ messageId: "1", body, attributes: {} }] }, {
  getRemainingTimeInMillis: () => 60_000,
}).then((answer) => {
  if (answer.batchItemFailures.length > 0) throw new Error(JSON.stringify(answer));
  process.exit();
});
`;

/** How the function comes to life, in a fresh process as in a fresh sandbox of Lambda. */
export interface ColdStart {
  bundleBytes: number;
  /** A Node that does nothing. */
  emptyMilliseconds: number;
  /** A Node that loads the bundle and answers one event. */
  answeredMilliseconds: number;
}

/** @param entry path of the function's module inside lambdas/ */
export async function measureColdStart(
  entry: string,
  options: { python: string; folder: string; signal: AbortSignal },
): Promise<ColdStart> {
  const bundle = bundleFile(entry);
  const nodes: Record<"empty" | "answered", number[]> = { empty: [], answered: [] };
  const start = async (...args: string[]) => {
    const program = { command: process.execPath, args, environment: ENVIRONMENT, folder: options.folder };
    return 1000 * (await measure(options.python, program, options.signal)).seconds;
  };
  for (let turn = 0; turn < STARTS; turn++) {
    nodes.empty.push(await start("--eval", "0"));
    nodes.answered.push(await start("--input-type=commonjs", "--eval", ANSWER_ONE, bundle));
  }
  return {
    bundleBytes: statSync(bundle).size,
    emptyMilliseconds: median(nodes.empty),
    answeredMilliseconds: median(nodes.answered),
  };
}

/** What the stack sets; none of it is asked for anything. */
const ENVIRONMENT: Record<string, string> = {
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "none",
  AWS_SECRET_ACCESS_KEY: "none",
  SOURCE_BUCKET: "source",
  COPY_BLOB_ENDPOINT: "https://127.0.0.1:9/copies/",
  COPY_CONTAINER: "content",
  AZURE_TENANT_ID: "none",
  AZURE_CLIENT_ID: "none",
  MARKER_URL: "https://127.0.0.1:9/copies/declared/content.json",
  QUEUE_URL: "https://127.0.0.1:9/queue",
  PARKED_QUEUE_URL: "https://127.0.0.1:9/parked",
  DEAD_LETTER_QUEUE_URL: "https://127.0.0.1:9/dead-letters",
  SERVER_SIDE_COPY: "false",
};
