import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { zipSync } from "fflate";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { archive, asset, trustIn } from "./inline-function.ts";
import { failure, useLocalAws } from "./local-aws.ts";

const FUNCTION = "aws:lambda/function:Function";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const QUEUE = "aws:sqs/queue:Queue";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

const saying = (word: string) => `exports.handler = async (event) => ({ word: ${JSON.stringify(word)}, event });`;
const codeSaying = (word: string) => archive({ assets: { "index.js": asset({ text: saying(word) }) } });

describe("the local AWS's Lambda", () => {
  const aws = useLocalAws();
  let role: string;
  let base: Properties;

  before(async () => {
    const made = await aws.deploy(ROLE, { name: "runner", assumeRolePolicy: trustIn("lambda.amazonaws.com") });
    const policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["sqs:*", "logs:*"], Resource: "*" }],
    };
    await aws.deploy(ROLE_POLICY, { role: "runner", policy });
    role = String(made.properties.arn);
    base = { role, runtime: "nodejs24.x", handler: "index.handler", code: codeSaying("one") };
  });

  const answerOf = async (FunctionName: string) => {
    const { Payload } = await aws.cloud.lambda.send(new InvokeCommand({ FunctionName, Payload: '{"a":1}' }));
    return JSON.parse(Payload?.transformToString() ?? "");
  };

  describe("a function", () => {
    it("runs its code, takes new code and settings in place, and is gone once it is deleted", async () => {
      const inputs = {
        ...base,
        name: "speaker",
        description: "Says a word.",
        architectures: ["arm64"],
        timeout: 30,
        memorySize: 512,
        loggingConfig: { logFormat: "JSON", logGroup: "speaker-logs" },
        environment: { variables: { WORD: "one" } },
        tags: { Name: "a" },
      };
      const speaker = await aws.deploy(FUNCTION, inputs);
      const arn = "arn:aws:lambda:eu-central-1:111122223333:function:speaker";
      expect(speaker.properties).to.include({
        arn,
        invokeArn: `arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/${arn}/invocations`,
        qualifiedArn: `${arn}:$LATEST`,
        version: "$LATEST",
      });
      expect(await answerOf("speaker")).to.deep.equal({ word: "one", event: { a: 1 } });
      expect(await speaker.refresh()).to.deep.equal(inputs);

      const { codeSha256 } = speaker.properties;
      const next = { ...base, name: "speaker", code: codeSaying("two"), timeout: 60, tags: { Other: "b" } };
      await speaker.update(next);
      expect(await answerOf("speaker")).to.deep.equal({ word: "two", event: { a: 1 } });
      expect(speaker.properties.codeSha256).to.not.equal(codeSha256);
      expect(await speaker.refresh()).to.deep.equal(next);

      await speaker.delete();
      await speaker.delete();
      expect(await speaker.refresh()).to.equal(undefined);
    });

    it("has the same hash for the same code", async () => {
      const [one, other] = [await aws.deploy(FUNCTION, base), await aws.deploy(FUNCTION, base)];
      expect(one.properties.codeSha256).to.equal(other.properties.codeSha256);
    });

    it("may come from files and archives in archives", async () => {
      const file = join(aws.folder, "index.js");
      await writeFile(file, 'exports.handler = async () => require("./lib/word.js");');
      const lib = archive({ assets: { "word.js": asset({ text: 'module.exports = "inner";' }) } });
      const code = archive({ assets: { "index.js": asset({ path: file }), lib } });
      expect(await answerOf((await aws.deploy(FUNCTION, { ...base, code })).id)).to.equal("inner");
    });

    it("may come as a ZIP file", async () => {
      const file = join(aws.folder, "code.zip");
      await writeFile(file, zipSync({ "index.js": Buffer.from(saying("zipped")) }));
      const { id } = await aws.deploy(FUNCTION, { ...base, code: archive({ path: file }) });
      expect(await answerOf(id)).to.deep.equal({ word: "zipped", event: { a: 1 } });
    });

    it("fails for code that nothing here may fetch", async () => {
      const uri = archive({ uri: "https://example.com/code.zip" });
      expect(await failure(aws.deploy(FUNCTION, { ...base, code: uri }))).to.match(/expected an archive of assets/);
      const remote = archive({ assets: { "index.js": asset({ uri: "https://example.com/index.js" }) } });
      expect(await failure(aws.deploy(FUNCTION, { ...base, code: remote }))).to.match(/expected an asset of text/);
    });

    it("fails with a role that does not trust Lambda", async () => {
      const made = await aws.deploy(ROLE, { assumeRolePolicy: trustIn("ec2.amazonaws.com") });
      const call = aws.deploy(FUNCTION, { ...base, role: made.properties.arn });
      expect(await failure(call)).to.match(/cannot be assumed by lambda\.amazonaws\.com/);
    });

    it("is limited in how many run at once, and freed again", async () => {
      const limited = await aws.deploy(FUNCTION, { ...base, name: "limited", reservedConcurrentExecutions: 3 });
      await limited.update({ ...base, name: "limited" });
      expect(await limited.refresh()).to.deep.equal({ ...base, name: "limited" });
    });

    const refused: [string, Properties, RegExp][] = [
      ["a letter that no name has", { name: "a.function" }, /1 to 64/],
      ["a name that is taken", { name: "standing" }, /ResourceConflictException/],
      ["what is no role's ARN", { role: "runner" }, /"runner" is no ARN of a role/],
      ["a role that is not there", { role: "arn:aws:iam::111122223333:role/none" }, /there is no role/],
      ["too long a time-out", { timeout: 901 }, /901 is out of range: 1 to 900 seconds \(Lambda quotas\)/],
      ["no time at all", { timeout: 0 }, /1 to 900/],
      ["too little memory", { memorySize: 127 }, /128 to 10240 MB/],
      ["too much memory", { memorySize: 10_241 }, /128 to 10240 MB/],
      ["too much storage", { ephemeralStorage: { size: 10_241 } }, /512 to 10240 MB/],
      ["an unknown runtime", { runtime: "nodejs23.x" }, /"nodejs23.x" is no runtime/],
      ["a handler without a function", { runtime: "nodejs24.x", handler: "index" }, /"index" is no handler/],
      ["a handler that is too long", { handler: `index.${"a".repeat(128)}` }, /128 at most/],
      ["two architectures", { architectures: ["x86_64", "arm64"] }, /is no architecture/],
      ["an unknown architecture", { architectures: ["mips"] }, /is no architecture/],
      ["an unknown log format", { loggingConfig: { logFormat: "XML" } }, /neither JSON nor Text/],
      ["levels of a text log", { loggingConfig: { logFormat: "Text", systemLogLevel: "INFO" } }, /only JSON/],
      ["a variable that Lambda sets", { environment: { variables: { AWS_REGION: "x" } } }, /"AWS_REGION" is reserved/],
      ["a variable that begins with a digit", { environment: { variables: { "1A": "x" } } }, /no variable name/],
      ["more than 4 KB of variables", { environment: { variables: { AB: "x".repeat(4095) } } }, /4096 at most/],
      ["code in an image", { imageUri: "x" }, /imageUri: the local AWS does not carry this input out/],
    ];
    describe("refuses", () => {
      before(() => aws.deploy(FUNCTION, { ...base, name: "standing" }));
      for (const [what, inputs, reason] of refused) {
        it(what, async () => {
          expect(await aws.refusals(FUNCTION, inputs)).to.match(reason);
        });
      }
    });
  });

  describe("an event source mapping", () => {
    const queueCalled = async (name: string, visibilityTimeoutSeconds = 60) =>
      (await aws.deploy(QUEUE, { name, visibilityTimeoutSeconds })).properties;

    it("wakes the function with what is in the queue", async () => {
      const queue = await queueCalled("wakes");
      const file = join(aws.folder, "heard");
      const text = `exports.handler = async ({ Records }) => require("fs").writeFileSync("${file}", Records[0].body);`;
      const code = archive({ assets: { "index.js": asset({ text }) } });
      const listener = await aws.deploy(FUNCTION, { ...base, name: "listener", code });
      const inputs = {
        eventSourceArn: queue.arn,
        functionName: listener.properties.arn,
        batchSize: 10,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: 2 },
        tags: { Name: "a" },
      };
      const mapping = await aws.deploy(MAPPING, inputs);
      expect(mapping.properties.uuid).to.equal(mapping.id);
      expect(mapping.properties.functionArn).to.equal(listener.properties.arn);
      expect(await mapping.refresh()).to.deep.equal(inputs);

      await aws.cloud.sqs.send(new SendMessageCommand({ QueueUrl: String(queue.url), MessageBody: "hello" }));
      expect(await contentOf(file)).to.equal("hello");

      const next = { ...inputs, enabled: false, batchSize: 5, scalingConfig: { maximumConcurrency: 3 }, tags: {} };
      await mapping.update(next);
      expect(await mapping.refresh()).to.deep.equal(next);

      await mapping.delete();
      await mapping.delete();
      expect(await mapping.refresh()).to.equal(undefined);
    });

    it("fails when the queue shows messages again before the function is done", async () => {
      const queue = await queueCalled("hasty", 30);
      const slow = await aws.deploy(FUNCTION, { ...base, timeout: 31 });
      const call = aws.deploy(MAPPING, { eventSourceArn: queue.arn, functionName: slow.properties.arn });
      expect(await failure(call)).to.match(/Queue visibility timeout: 30 seconds is less than Function timeout: 31/);
    });

    it("fails when the function's role may not take from the queue", async () => {
      const queue = await queueCalled("closed");
      const poor = await aws.deploy(ROLE, { assumeRolePolicy: trustIn("lambda.amazonaws.com") });
      const made = await aws.deploy(FUNCTION, { ...base, role: poor.properties.arn });
      const call = aws.deploy(MAPPING, { eventSourceArn: queue.arn, functionName: made.properties.arn });
      expect(await failure(call)).to.match(/may not sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes/);
    });

    const arn = "arn:aws:sqs:eu-central-1:111122223333:any";
    const refused: [string, Properties, RegExp][] = [
      ["too large a batch", { batchSize: 10_001, maximumBatchingWindowInSeconds: 1 }, /1 to 10000 for a standard/],
      ["too large a batch of a FIFO queue", { batchSize: 11, eventSourceArn: `${arn}.fifo` }, /1 to 10 for a FIFO/],
      ["a large batch without a window", { batchSize: 11 }, /11 without maximumBatchingWindowInSeconds/],
      ["too long a window", { maximumBatchingWindowInSeconds: 301 }, /0 to 300 seconds/],
      [
        "a window of a FIFO queue",
        { maximumBatchingWindowInSeconds: 1, eventSourceArn: `${arn}.fifo` },
        /it has no batching window/,
      ],
      [
        "one at a time",
        { scalingConfig: { maximumConcurrency: 1 } },
        /maximumConcurrency 1 is out of range: 2 to 1000/,
      ],
      ["too many at once", { scalingConfig: { maximumConcurrency: 1001 } }, /2 to 1000/],
      ["an unknown response type", { functionResponseTypes: ["All"] }, /"All" is none/],
      ["a queue that is not there", { eventSourceArn: `${arn}-none` }, /there is no queue/],
      [
        "a function that is not there",
        { functionName: "arn:aws:lambda:eu-central-1:111122223333:function:none" },
        /there is no function/,
      ],
      ["what belongs to streams", { startingPosition: "LATEST" }, /it belongs to streams and brokers/],
    ];
    for (const [what, inputs, reason] of refused) {
      it(`refuses ${what}`, async () => {
        expect(await aws.refusals(MAPPING, inputs)).to.match(reason);
      });
    }

    it("refuses a second one between the same two", async () => {
      const queue = await queueCalled("taken");
      const functionName = (await aws.deploy(FUNCTION, base)).properties.arn;
      const inputs = { eventSourceArn: queue.arn, functionName };
      await aws.deploy(MAPPING, inputs);
      expect(await aws.refusals(MAPPING, inputs)).to.match(/ResourceConflictException/);
      expect(await aws.refusals(MAPPING, { ...inputs, batchSize: 5 }, inputs)).to.equal("");
    });
  });
});

/** What is in a file, as soon as it is there. */
async function contentOf(file: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const content = await readFile(file, "utf8").catch(() => "");
    if (content) return content;
    await delay(100);
  }
  throw new Error(`expected the function to write ${file} within 10 s, found nothing`);
}
