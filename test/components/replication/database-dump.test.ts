import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { DatabaseDump, type DatabaseDumpArgs } from "../../../components/replication/database-dump.ts";
import {
  FAILED_DUMP_RULES,
  FAILED_SWEEP_RULE,
  MISSING_DUMP_RULE,
} from "../../../components/replication/dump-alarms.ts";
import { DUMP_FUNCTION, PREPARE_FUNCTION } from "../../../components/replication/dump-function-plan.ts";
import { dumpPlan } from "../../../components/replication/dump-plan.ts";
import { dumpMachinePolicy, dumpPolicy, preparePolicy } from "../../../components/replication/dump-policies.ts";
import { sweepPlan } from "../../../components/replication/sweep-plan.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { arn, outputsOf } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const TOPIC = arn("sns", "shop-alarms");
const ADMIN = arn("secretsmanager", "secret:shop-database-AbCdEf");
const BUCKET_ARN = "arn:aws:s3:::shop-dumps-1a2b3c4";
const DATABASE_ARN = arn("rds", "db:shop-database-server-1a2b3c4");

const ARGS: DatabaseDumpArgs = {
  workload: "shop",
  database: {
    identifier: pulumi.output("shop-database-server-1a2b3c4"),
    arn: DATABASE_ARN,
    host: "shop.c0ffee.eu-west-1.rds.amazonaws.com",
    port: pulumi.output(3306),
    securityGroupId: "sg-0database",
    secretArn: ADMIN,
  },
  vpcId: "vpc-0a1b2c3d",
  subnetIds: pulumi.output(["subnet-0a", "subnet-0b"]),
  bucket: { bucketName: pulumi.output("shop-dumps-1a2b3c4"), bucketArn: BUCKET_ARN },
  concurrency: 8,
  time: "02:15",
  alarmTopicArn: TOPIC,
  tags: TAGS,
};

function deployDump(args: Partial<DatabaseDumpArgs> = {}) {
  return deploy(() => new DatabaseDump("shop-dump", { ...ARGS, ...args }));
}

const arnOf = (type: string, name: string) => String(outputsOf(type, name, {}).state.arn);

describe("DatabaseDump", () => {
  let resources: Registrations;
  let dump: DatabaseDump;
  let replicaPrefix: string;
  const inputsOf = (name: string) => resources.named(name).inputs;
  const variablesOf = (name: string) => (inputsOf(name).environment as { variables: object }).variables;
  const PREPARE = arnOf("aws:lambda/function:Function", "shop-dump-prepare-function");
  const DUMP = arnOf("aws:lambda/function:Function", "shop-dump-dump-function");
  const LOGS = (name: string) => arnOf("aws:cloudwatch/logGroup:LogGroup", name);

  before(async () => {
    ({ resources, result: dump } = await deployDump());
    const { state } = outputsOf(
      "random:index/randomString:RandomString",
      "shop-dump-suffix",
      inputsOf("shop-dump-suffix"),
    );
    replicaPrefix = `shop-dump-${state.result}`;
  });

  it("keeps the rules of the house", () => {
    expectHouseRules(resources, "shop-dump", "multicloud-dr:replication:DatabaseDump");
  });

  it("protects nothing: it holds no data", () => {
    expectProtected(resources, []);
  });

  describe("the network", () => {
    it("lets the functions speak with the database, and over HTTPS with AWS's services, and nobody with them", () => {
      const group = String(inputsOf("shop-dump-from-functions").referencedSecurityGroupId);
      expect(group).to.match(/^sg-/);
      expect(inputsOf("shop-dump-from-functions")).to.include({
        securityGroupId: "sg-0database",
        fromPort: 3306,
        toPort: 3306,
      });
      expect(inputsOf("shop-dump-to-database")).to.include({
        securityGroupId: group,
        referencedSecurityGroupId: "sg-0database",
        fromPort: 3306,
        toPort: 3306,
      });
      expect(inputsOf("shop-dump-to-services")).to.include({ securityGroupId: group, fromPort: 443, toPort: 443 });
      expect(resources.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")).to.have.length(1);
      expect(resources.ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")).to.have.length(2);
      expect(inputsOf("shop-dump-group").vpcId).to.equal("vpc-0a1b2c3d");
    });

    it("is that of both functions, in the private subnets", () => {
      for (const name of ["shop-dump-prepare-function", "shop-dump-dump-function"]) {
        expect(inputsOf(name).vpcConfig, name).to.deep.equal({
          subnetIds: ["subnet-0a", "subnet-0b"],
          securityGroupIds: [inputsOf("shop-dump-from-functions").referencedSecurityGroupId],
        });
      }
    });
  });

  describe("the functions", () => {
    it("run on Lambda's Node 24, as long and with as much as they are planned with", () => {
      const common = { runtime: "nodejs24.x", architectures: ["arm64"], handler: "index.handler" };
      for (const [name, plan] of [
        ["shop-dump-prepare-function", PREPARE_FUNCTION],
        ["shop-dump-dump-function", DUMP_FUNCTION],
      ] as const) {
        expect(inputsOf(name), name).to.deep.include({
          ...common,
          timeout: plan.timeoutSeconds,
          memorySize: plan.memoryMib,
        });
      }
      expect(DUMP_FUNCTION.timeoutSeconds).to.equal(900);
    });

    it("are told where to work and where secrets are, and no secret", () => {
      const { secretId } = inputsOf("shop-dump-secret-value");
      expect(variablesOf("shop-dump-prepare-function")).to.deep.equal({
        DATABASE_HOST: "shop.c0ffee.eu-west-1.rds.amazonaws.com",
        DATABASE_PORT: "3306",
        DUMP_SECRET_ARN: secretId,
        ADMIN_SECRET_ARN: ADMIN,
      });
      // The state machine tells it which replica, in each event.
      expect(variablesOf("shop-dump-dump-function")).to.deep.equal({
        DUMP_SECRET_ARN: secretId,
        DUMP_BUCKET: "shop-dumps-1a2b3c4",
      });
    });

    it("know each no more than they need: only the one who reads nothing knows the administrator", () => {
      const secretArn = String(inputsOf("shop-dump-secret-value").secretId);
      expect(inputsOf("shop-dump-prepare-rights").policy).to.equal(
        preparePolicy({ secretArns: [ADMIN, secretArn], logGroupArn: LOGS("shop-dump-prepare-logs") }),
      );
      expect(inputsOf("shop-dump-dump-rights").policy).to.equal(
        dumpPolicy({ secretArn, bucketArn: BUCKET_ARN, logGroupArn: LOGS("shop-dump-dump-logs") }),
      );
    });

    it("have a user of their own to read as", () => {
      const { secretString } = inputsOf("shop-dump-secret-value");
      expect(JSON.parse(String(secretString))).to.include({ username: "dr_dump" });
    });

    it("do not stand before their rights: Lambda makes none in a network that its role may not join", () => {
      for (const one of ["prepare", "dump"]) {
        const { dependencies } = resources.named(`shop-dump-${one}-function`);
        expect(dependencies).to.include(`shop-dump-${one}-rights`);
      }
    });

    it("make the user that the standby follows by, where there is one", async () => {
      const replicatorSecretArn = arn("secretsmanager", "secret:shop-replicator-AbCdEf");
      const { resources: live } = await deployDump({ replicatorSecretArn });
      const variables = live.named("shop-dump-prepare-function").inputs.environment;
      expect(variables).to.have.property("variables").that.includes({ REPLICATOR_SECRET_ARN: replicatorSecretArn });
      expect(live.named("shop-dump-prepare-rights").inputs.policy).to.contain(replicatorSecretArn);
      expect(live.named("shop-dump-dump-rights").inputs.policy).to.not.contain(replicatorSecretArn);
    });
  });

  describe("the machine that dumps", () => {
    it("follows the plan", () => {
      expect(JSON.parse(String(inputsOf("shop-dump-machine").definition))).to.deep.equal(
        dumpPlan({
          databaseIdentifier: "shop-database-server-1a2b3c4",
          replicaPrefix,
          bucketName: "shop-dumps-1a2b3c4",
          prepareArn: PREPARE,
          dumpArn: DUMP,
          concurrency: 8,
          tags: TAGS,
        }),
      );
    });

    it("names replicas after the workload, and like those of no other stack of it", () => {
      expect(replicaPrefix).to.match(/^shop-dump-[0-9a-z]{6}$/);
      expect(`${"a".repeat(16)}-dump-${"a".repeat(6)}`.length, "the longest name of a workload").to.be.at.most(45);
    });

    it("has the rights of its policy, which stand before anybody starts it", () => {
      expect(inputsOf("shop-dump-rights").policy).to.equal(
        dumpMachinePolicy({
          machineArn: arnOf("aws:sfn/stateMachine:StateMachine", "shop-dump-machine"),
          functionArns: [PREPARE, DUMP],
          bucketArn: BUCKET_ARN,
          databaseArn: DATABASE_ARN,
          replicaPrefix,
        }),
      );
      expect(resources.named("shop-dump-schedule").dependencies).to.include("shop-dump-rights");
    });

    it("is started every night at its minute, once: a second start would be a second replica", async () => {
      const { target, ...schedule } = inputsOf("shop-dump-schedule");
      expect(schedule).to.deep.include({
        scheduleExpression: "cron(15 2 * * ? *)",
        scheduleExpressionTimezone: "UTC",
        flexibleTimeWindow: { mode: "OFF" },
      });
      expect(target).to.include({ arn: await settled(dump.machineArn), input: "{}" });
      expect(target).to.have.property("retryPolicy").that.deep.equals({ maximumRetryAttempts: 0 });
    });
  });

  describe("the sweeper", () => {
    it("follows its plan, for the replicas of this machine", async () => {
      expect(JSON.parse(String(inputsOf("shop-dump-sweep-machine").definition))).to.deep.equal(
        sweepPlan({ machineArn: await settled(dump.machineArn), replicaPrefix }),
      );
      expect(inputsOf("shop-dump-sweep-rights").policy).to.contain(`db:${replicaPrefix}-*`);
    });

    it("is started every hour", async () => {
      const { scheduleExpression, target } = inputsOf("shop-dump-sweep-schedule");
      expect(scheduleExpression).to.equal("rate(1 hour)");
      expect(target).to.include({ arn: await settled(dump.sweeperMachineArn) });
    });
  });

  describe("the alarms", () => {
    it("watch both machines, and tell the topic", async () => {
      const alarms = resources.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
      const watched = alarms.map(({ inputs }) => [inputs.metricName, inputs.dimensions]);
      const dumps = { StateMachineArn: await settled(dump.machineArn) };
      const sweeps = { StateMachineArn: await settled(dump.sweeperMachineArn) };
      expect(watched).to.have.deep.members([
        ...[...FAILED_DUMP_RULES, MISSING_DUMP_RULE].map(({ metric }) => [metric, dumps]),
        [FAILED_SWEEP_RULE.metric, sweeps],
      ]);
      for (const { inputs } of alarms) expect(inputs.alarmActions).to.deep.equal([TOPIC]);
    });

    it("are not there where nobody is told", async () => {
      const { resources: silent } = await deployDump({ alarmTopicArn: undefined });
      expect(silent.ofType("aws:cloudwatch/metricAlarm:MetricAlarm")).to.be.empty;
    });
  });

  it("dumps when, and as much at once, as it is told", async () => {
    const { resources: other } = await deployDump({ time: "22:00", concurrency: 40 });
    expect(other.named("shop-dump-schedule").inputs.scheduleExpression).to.equal("cron(0 22 * * ? *)");
    expect(String(other.named("shop-dump-machine").inputs.definition)).to.contain('"MaxConcurrency":40');
  });

  it("tells its machines and functions", async () => {
    expect(await settled(dump.machineArn)).to.match(/:stateMachine:shop-dump-machine-/);
    expect(await settled(dump.sweeperMachineArn)).to.match(/:stateMachine:shop-dump-sweep-machine-/);
    expect(await settled(dump.dumpFunctionName)).to.match(/^shop-dump-dump-function-/);
    expect(await settled(dump.prepareFunctionName)).to.match(/^shop-dump-prepare-function-/);
  });
});
