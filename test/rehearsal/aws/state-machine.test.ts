import { setTimeout as delay } from "node:timers/promises";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { reconciliationPlan } from "../../../components/replication/reconciliation-plan.ts";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { until } from "../../support/until.ts";
import { deployHandler, trustIn } from "./inline-function.ts";
import { failure, useLocalAws } from "./local-aws.ts";

const MACHINE = "aws:sfn/stateMachine:StateMachine";
const ROLE = "aws:iam/role:Role";

const pass = (result: string) =>
  JSON.stringify({ StartAt: "Only", States: { Only: { Type: "Pass", Result: result, End: true } } });

describe("the local AWS's Step Functions", () => {
  const aws = useLocalAws();
  let roleArn: string;

  before(async () => {
    const role = await aws.deploy(ROLE, { name: "steps", assumeRolePolicy: trustIn("states.amazonaws.com") });
    roleArn = String(role.properties.arn);
  });

  /** Runs a machine to its end. */
  async function run(stateMachineArn: string, input: object) {
    const { executionArn } = await aws.cloud.sfn.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    const describe = () => aws.cloud.sfn.send(new DescribeExecutionCommand({ executionArn }));
    await until(async () => (await describe()).status !== "RUNNING", "the execution ended");
    return describe();
  }

  /** The inputs of all that the maps of an execution ran. */
  async function inputsOfMaps(executionArn: string | undefined): Promise<{ Items: { Key: string }[] }[]> {
    const { sfn } = aws.cloud;
    const { mapRuns = [] } = await sfn.send(new ListMapRunsCommand({ executionArn }));
    const lists = await Promise.all(mapRuns.map(({ mapRunArn }) => sfn.send(new ListExecutionsCommand({ mapRunArn }))));
    const children = lists.flatMap(({ executions = [] }) => executions);
    const described = await Promise.all(
      children.map((child) => sfn.send(new DescribeExecutionCommand({ executionArn: child.executionArn }))),
    );
    return described.map(({ input = "" }) => JSON.parse(input));
  }

  describe("a state machine", () => {
    it("is made, runs, takes a new definition in place, and is gone once it is deleted", async () => {
      const inputs = { name: "passes", type: "STANDARD", roleArn, definition: pass("one"), tags: { Name: "a" } };
      const machine = await aws.deploy(MACHINE, inputs);
      expect(machine.id).to.equal("arn:aws:states:eu-central-1:111122223333:stateMachine:passes");
      expect(machine.properties).to.include({ arn: machine.id, status: "ACTIVE" });
      expect(await machine.refresh()).to.deep.equal(inputs);
      expect(await run(machine.id, {})).to.include({ status: "SUCCEEDED", output: '"one"' });

      const next = { ...inputs, definition: pass("two"), tags: { Other: "b" } };
      await machine.update(next);
      expect(await machine.refresh()).to.deep.equal(next);
      expect((await run(machine.id, {})).output).to.equal('"two"');

      await machine.delete();
      await machine.delete();
      expect(await machine.refresh()).to.equal(undefined);
    });

    const states = (States: object, StartAt = "Only") => JSON.stringify({ StartAt, States });
    const refused: [string, Properties, RegExp][] = [
      ["a letter that no name has", { name: "a.b" }, /"a\.b" is no name/],
      ["a name that is taken", { name: "standing" }, /StateMachineAlreadyExists/],
      ["an unknown type", { type: "FAST" }, /"FAST" is neither STANDARD nor EXPRESS/],
      ["a role that is not there", { roleArn: "arn:aws:iam::111122223333:role/none" }, /there is no role/],
      ["a definition that is no JSON", { definition: "{" }, /is no definition/],
      ["a start that is not there", { definition: states({}) }, /StartAt names "Only"/],
      [
        "a type of state that there is not",
        { definition: states({ Only: { Type: "Loop", End: true } }) },
        /Type "Loop"/,
      ],
      ["a way to nowhere", { definition: states({ Only: { Type: "Pass", Next: "Gone" } }) }, /leads to "Gone"/],
      [
        "a choice of nowhere",
        { definition: states({ Only: { Type: "Choice", Choices: [{ Next: "Gone" }] } }) },
        /leads to "Gone"/,
      ],
      ["a way without an end", { definition: states({ Only: { Type: "Pass" } }) }, /neither Next and End/],
      [
        "an end in the middle",
        { definition: states({ Only: { Type: "Pass", Next: "Only", End: true } }) },
        /both Next and End/,
      ],
      [
        "a flaw within a map",
        { definition: states({ Only: { Type: "Map", End: true, ItemProcessor: { StartAt: "In", States: {} } } }) },
        /StartAt names "In"/,
      ],
      ["logging", { loggingConfiguration: { level: "ALL" } }, /loggingConfiguration: .*history/],
    ];
    describe("refuses", () => {
      before(() => aws.deploy(MACHINE, { name: "standing", roleArn, definition: pass("one") }));
      for (const [what, inputs, reason] of refused) {
        it(what, async () => {
          expect(await aws.refusals(MACHINE, inputs)).to.match(reason);
        });
      }

      it("a role that Step Functions may not take on", async () => {
        const role = await aws.deploy(ROLE, { name: "other", assumeRolePolicy: trustIn("lambda.amazonaws.com") });
        const inputs = { roleArn: role.properties.arn, definition: pass("one") };
        expect(await failure(aws.deploy(MACHINE, inputs))).to.match(
          /AccessDeniedException: .*cannot be assumed by states\.amazonaws\.com/,
        );
      });
    });
  });

  describe("an execution", () => {
    const jsonata = (States: object, more: object = {}) =>
      JSON.stringify({ QueryLanguage: "JSONata", StartAt: "First", States, ...more });
    const wait = { Type: "Wait", Seconds: 100, Next: "Last" };

    it("ends when the time of its machine is over, wherever it is", async () => {
      const definition = jsonata({ First: wait, Last: { Type: "Succeed" } }, { TimeoutSeconds: 1 });
      const machine = await aws.deploy(MACHINE, { name: "late", roleArn, definition });
      expect((await run(machine.id, {})).status).to.equal("TIMED_OUT");
    });

    it("that is aborted begins no further try, and stays aborted", async () => {
      const functionArn = await deployHandler(aws, "fails", "async () => { throw new RangeError('no') }");
      const Retry = [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 60, BackoffRate: 1, MaxAttempts: 1000 }];
      const Arguments = { FunctionName: functionArn, Payload: {} };
      const First = { Type: "Task", Resource: "arn:aws:states:::lambda:invoke", Arguments, Retry, End: true };
      const machine = await aws.deploy(MACHINE, { name: "tries", roleArn, definition: jsonata({ First }) });
      const { sfn } = aws.cloud;
      const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn: machine.id }));
      const tries = async () => {
        const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
        return events.filter(({ type }) => type === "TaskScheduled").length;
      };
      await until(async () => (await tries()) > 2, "it tries again and again");
      await sfn.send(new StopExecutionCommand({ executionArn }));
      const then = await tries();
      await delay(3000);
      expect(await tries()).to.equal(then);
      expect((await sfn.send(new DescribeExecutionCommand({ executionArn }))).status).to.equal("ABORTED");
    });

    it("is told an error of a function by its name, and one of RDS by the name that Step Functions gives it", async () => {
      const thrown = "Object.assign(new Error('later'), { name: 'BehindError' })";
      const functionArn = await deployHandler(aws, "named", `async () => { throw ${thrown} }`);
      const errorOf = async (name: string, Resource: string, Arguments: object) => {
        const definition = jsonata({ First: { Type: "Task", Resource, Arguments, End: true } });
        const machine = await aws.deploy(MACHINE, { name, roleArn, definition });
        return (await run(machine.id, {})).error;
      };
      const invoke = "arn:aws:states:::lambda:invoke";
      expect(await errorOf("named", invoke, { FunctionName: functionArn, Payload: {} })).to.equal("BehindError");
      const describe = "arn:aws:states:::aws-sdk:rds:describeDBInstances";
      expect(await errorOf("finds-none", describe, { DbInstanceIdentifier: "none" })).to.equal(
        "Rds.DbInstanceNotFoundException",
      );
    });

    it("maps over what a file lists, with expressions, and shows its variables to none of the items", async () => {
      const { id: Bucket } = await aws.deploy("aws:s3/bucket:Bucket", { bucket: "listed" });
      await aws.cloud.s3.send(new PutObjectCommand({ Bucket, Key: "list.json", Body: '[{"n":1},{"n":2}]' }));
      const item = (Output: string) => ({
        Type: "Map",
        ItemReader: {
          Resource: "arn:aws:states:::s3:getObject",
          ReaderConfig: { InputType: "JSON" },
          Arguments: { Bucket, Key: "{% $states.input.key %}" },
        },
        ItemSelector: { given: "{% $factor %}", item: "{% $states.context.Map.Item.Value %}" },
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "Only",
          States: { Only: { Type: "Pass", Output, End: true } },
        },
        Output: "{% $sum($states.result) %}",
        End: true,
      });
      const First = { Type: "Pass", Assign: { factor: 10 }, Next: "Last" };
      const definitionOf = (output: string) => jsonata({ First, Last: item(output) });
      const inputs = {
        name: "maps",
        roleArn,
        definition: definitionOf("{% $states.input.given * $states.input.item.n %}"),
      };
      const machine = await aws.deploy(MACHINE, inputs);
      expect(await run(machine.id, { key: "list.json" })).to.include({ status: "SUCCEEDED", output: "30" });
      await machine.update({ ...inputs, definition: definitionOf("{% $factor * $states.input.item.n %}") });
      expect((await run(machine.id, { key: "list.json" })).status).to.equal("FAILED");
    });
  });

  describe("a reconciliation", () => {
    const KEYS = ["images/a", "images/b c", "images/d", "pages/e", "pages/ü"];
    let arn: string;

    before(async () => {
      const { id: Bucket } = await aws.deploy("aws:s3/bucket:Bucket", { bucket: "reconciled" });
      for (const Key of KEYS) await aws.cloud.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
      // Two runs over the copies; what it was told of a prefix it tells as what is extra.
      const functionArn = await deployHandler(
        aws,
        "compares",
        `async ({ Items, after, prefix = "" }) =>
          Items ? { checked: Items.length } : { checked: 10, extra: prefix.length, after: after ? null : "m" }`,
      );
      const plan = reconciliationPlan({ bucketName: Bucket, functionArn, concurrency: 2 });
      const definition = JSON.stringify(plan).replaceAll('"MaxItemsPerBatch":500', '"MaxItemsPerBatch":2');
      arn = (await aws.deploy(MACHINE, { name: "reconciles", type: "STANDARD", roleArn, definition })).id;
    });

    it("compares all that the bucket has in batches, then goes through the copies run by run", async () => {
      const { executionArn, status, output } = await run(arn, {});
      expect(status).to.equal("SUCCEEDED");
      expect(JSON.parse(String(output))).to.deep.equal({ after: null, checked: 20, extra: 0 });
      const batches = await inputsOfMaps(executionArn);
      expect(batches.map(({ Items }) => Items.length)).to.have.members([2, 2, 1]);
      expect(batches.flatMap(({ Items }) => Items.map(({ Key }) => Key))).to.have.members(KEYS);
      const [item] = batches.flatMap(({ Items }) => Items);
      expect(item).to.have.all.keys("Etag", "Key", "LastModified", "Size", "StorageClass");
    });

    it("keeps to a prefix, on both sides", async () => {
      const { executionArn, output } = await run(arn, { prefix: "pages/" });
      expect(JSON.parse(String(output))).to.deep.equal({ after: null, checked: 20, extra: 2 * "pages/".length });
      const keys = (await inputsOfMaps(executionArn)).flatMap(({ Items }) => Items.map(({ Key }) => Key));
      expect(keys).to.have.members(["pages/e", "pages/ü"]);
    });

    it("goes through the copies of a bucket that has nothing, too", async () => {
      const { executionArn, output } = await run(arn, { prefix: "none/" });
      expect(JSON.parse(String(output))).to.include({ after: null, checked: 20 });
      expect(await inputsOfMaps(executionArn)).to.deep.equal([]);
    });
  });
});
