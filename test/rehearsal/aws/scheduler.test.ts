import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DescribeExecutionCommand, ListExecutionsCommand } from "@aws-sdk/client-sfn";
import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { until } from "../../support/until.ts";
import { allowing, deployHandler, trustIn } from "./inline-function.ts";
import { failure, useLocalAws } from "./local-aws.ts";

const SCHEDULE = "aws:scheduler/schedule:Schedule";
const ROLE = "aws:iam/role:Role";

describe("the local AWS's EventBridge Scheduler", () => {
  const aws = useLocalAws();
  let notes: string;
  let arn: string;
  let roleArn: string;
  let base: Properties;

  before(async () => {
    notes = join(aws.folder, "notes");
    await writeFile(notes, "");
    const write = `require("node:fs").appendFileSync(${JSON.stringify(notes)}, JSON.stringify(event) + "\\n")`;
    arn = await deployHandler(aws, "noted", `async (event) => ${write}`);
    const role = await aws.deploy(ROLE, { name: "starter", assumeRolePolicy: trustIn("scheduler.amazonaws.com") });
    await aws.deploy("aws:iam/rolePolicy:RolePolicy", {
      role: "starter",
      policy: allowing("lambda:InvokeFunction", arn),
    });
    roleArn = String(role.properties.arn);
    base = {
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: { arn, roleArn },
    };
  });

  it("makes a schedule, changes it in place, and takes it away", async () => {
    const inputs = {
      ...base,
      name: "resumes",
      description: "Resumes.",
      state: "DISABLED",
      target: { arn, roleArn, input: '{"resume":true}', retryPolicy: { maximumRetryAttempts: 0 } },
    };
    const schedule = await aws.deploy(SCHEDULE, inputs);
    expect(schedule.id).to.equal("default/resumes");
    expect(schedule.properties).to.include({
      arn: "arn:aws:scheduler:eu-central-1:111122223333:schedule/default/resumes",
    });
    expect(await schedule.refresh()).to.deep.equal(inputs);

    const next = {
      ...base,
      name: "resumes",
      scheduleExpression: "cron(0 4 * * ? *)",
      scheduleExpressionTimezone: "Europe/Berlin",
      flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 15 },
    };
    await schedule.update(next);
    expect(await schedule.refresh()).to.deep.equal(next);

    await schedule.delete();
    await schedule.delete();
    expect(await schedule.refresh()).to.equal(undefined);
  });

  it("invokes the function with the input, when it is time", async () => {
    const soon = new Date(Date.now() + 1000).toISOString().slice(0, 19);
    const target = { arn, roleArn, input: '{"resume":true}' };
    const once = await aws.deploy(SCHEDULE, { ...base, name: "once", scheduleExpression: `at(${soon})`, target });
    await until(async () => (await readFile(notes, "utf8")) !== "", "the function was invoked");
    expect(await readFile(notes, "utf8")).to.equal('{"resume":true}\n');
    await once.delete();
  });

  it("starts a state machine, when it is time and its role may", async () => {
    const definition = JSON.stringify({ StartAt: "Only", States: { Only: { Type: "Succeed" } } });
    const runner = await aws.deploy(ROLE, { name: "runner", assumeRolePolicy: trustIn("states.amazonaws.com") });
    const machine = await aws.deploy("aws:sfn/stateMachine:StateMachine", {
      name: "nightly",
      roleArn: runner.properties.arn,
      definition,
    });
    const starter = await aws.deploy(ROLE, { name: "dawn", assumeRolePolicy: trustIn("scheduler.amazonaws.com") });
    const target = { arn: machine.id, roleArn: starter.properties.arn, input: '{"night":1}' };
    const soon = new Date(Date.now() + 1000).toISOString().slice(0, 19);
    const inputs = { ...base, name: "nightly", scheduleExpression: `at(${soon})`, target };
    expect(await failure(aws.deploy(SCHEDULE, inputs))).to.match(/may not states:StartExecution/);

    const policy = allowing("states:StartExecution", machine.id);
    await aws.deploy("aws:iam/rolePolicy:RolePolicy", { role: "dawn", policy });
    await aws.deploy(SCHEDULE, inputs);
    const list = new ListExecutionsCommand({ stateMachineArn: machine.id });
    const started = async () => (await aws.cloud.sfn.send(list)).executions ?? [];
    await until(async () => (await started()).length > 0, "the machine was started");
    const [{ executionArn } = {}] = await started();
    const { input } = await aws.cloud.sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(input).to.equal('{"night":1}');
  });

  const refused: [string, Properties, RegExp][] = [
    ["a letter that no name has", { name: "a schedule" }, /"a schedule" is no schedule name/],
    ["a name that is taken", { name: "standing" }, /ConflictException/],
    ["a rate without its unit", { scheduleExpression: "rate(5)" }, /"rate\(5\)" is no schedule/],
    ["one minutes", { scheduleExpression: "rate(1 minutes)" }, /is no schedule/],
    ["five fields of cron", { scheduleExpression: "cron(0 4 * * *)" }, /is no schedule/],
    ["an unknown mode", { flexibleTimeWindow: { mode: "ON" } }, /"ON" is neither OFF nor FLEXIBLE/],
    ["a window without a width", { flexibleTimeWindow: { mode: "FLEXIBLE" } }, /1 to 1440/],
    [
      "a width without a window",
      { flexibleTimeWindow: { mode: "OFF", maximumWindowInMinutes: 5 } },
      /5 beside mode "OFF"/,
    ],
    [
      "a function that is not there",
      { target: { arn: "arn:aws:lambda:eu-central-1:111122223333:function:none" } },
      /:none/,
    ],
    [
      "a state machine that is not there",
      { target: { arn: "arn:aws:states:eu-central-1:111122223333:stateMachine:none" } },
      /no state machine .*:none/,
    ],
    ["a role that is not there", { target: { roleArn: "arn:aws:iam::111122223333:role/none" } }, /there is no role/],
    ["what is no role", { target: { roleArn: "starter" } }, /no ARN of a role/],
    ["an input that is no JSON", { target: { input: "resume" } }, /input is no JSON/],
    ["too many retries", { target: { retryPolicy: { maximumRetryAttempts: 186 } } }, /0 to 185/],
    ["too short an age", { target: { retryPolicy: { maximumEventAgeInSeconds: 59 } } }, /60 to 86400/],
    ["a group", { groupName: "others" }, /groupName: .*default group/],
    ["what belongs to other targets", { target: { sqsParameters: {} } }, /sqsParameters: .*is a function/],
  ];
  describe("refuses", () => {
    before(() => aws.deploy(SCHEDULE, { ...base, name: "standing", state: "DISABLED" }));
    for (const [what, inputs, reason] of refused) {
      it(what, async () => {
        expect(await aws.refusals(SCHEDULE, inputs)).to.match(reason);
      });
    }

    it("a role that Scheduler may not take on", async () => {
      const role = await aws.deploy(ROLE, { name: "other", assumeRolePolicy: trustIn("lambda.amazonaws.com") });
      const target = { arn, roleArn: role.properties.arn };
      expect(await failure(aws.deploy(SCHEDULE, { ...base, target }))).to.match(
        /ValidationException: .*cannot be assumed by scheduler\.amazonaws\.com/,
      );
    });

    it("a role that may not invoke the function", async () => {
      const role = await aws.deploy(ROLE, { name: "idle", assumeRolePolicy: trustIn("scheduler.amazonaws.com") });
      const target = { arn, roleArn: role.properties.arn };
      expect(await failure(aws.deploy(SCHEDULE, { ...base, target }))).to.match(/may not lambda:InvokeFunction/);
    });
  });
});
