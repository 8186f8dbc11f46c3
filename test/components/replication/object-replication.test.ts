import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { ObjectReplication, type ObjectReplicationArgs } from "../../../components/replication/object-replication.ts";
import {
  invokerPolicy,
  invokerTrustPolicy,
  objectReplicatorPolicy,
  queueFromBucketPolicy,
} from "../../../components/replication/policies.ts";
import { oldestEventRule, parkedRule } from "../../../components/replication/queue-alarms.ts";
import { planQueue } from "../../../components/replication/queue-plan.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { arn, outputsOf, TENANT_ID } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const BUCKET_ARN = "arn:aws:s3:::shop-content-1a2b3c4";
const CLIENT_ID = "12345678-1111-4222-8333-444455556666";
const MARKER_URL = "https://shopmarker.z1.web.core.windows.net/declared/content.json";

const ARGS: ObjectReplicationArgs = {
  source: {
    bucketName: pulumi.output("shop-content-1a2b3c4"),
    bucketArn: pulumi.output(BUCKET_ARN),
  },
  target: {
    blobEndpoint: pulumi.output("https://shopcopies.blob.core.windows.net/"),
    containerName: "content",
    resourceGroupName: "shop-standby",
    identityName: "shop-content-writer",
    clientId: CLIENT_ID,
    tenantId: TENANT_ID,
    markerUrl: pulumi.output(MARKER_URL),
  },
  concurrency: 20,
  serverSideCopy: false,
  webIdentityIssuer: "https://0a1b2c3d.tokens.sts.global.api.aws",
  tags: TAGS,
};

function deployReplication(args: Partial<ObjectReplicationArgs> = {}) {
  return deploy(() => new ObjectReplication("shop-objects", { ...ARGS, ...args }));
}

const arnOf = (type: string, name: string) => String(outputsOf(type, name, {}).state.arn);

describe("ObjectReplication", () => {
  let resources: Registrations;
  let replication: ObjectReplication;
  const plan = planQueue(20);
  const inputsOf = (name: string) => resources.named(name).inputs;

  before(async () => {
    ({ resources, result: replication } = await deployReplication());
  });

  it("keeps the rules of the house", () => {
    expectHouseRules(resources, "shop-objects", "multicloud-dr:replication:ObjectReplication");
  });

  it("protects nothing: what it holds is on its way, and comes again from the bucket", () => {
    expectProtected(resources, []);
  });

  describe("the queues", () => {
    it("has the plan's numbers, encrypts, and sets aside what fails too often", () => {
      expect(inputsOf("shop-objects-queue")).to.include({
        visibilityTimeoutSeconds: plan.visibilitySeconds,
        messageRetentionSeconds: plan.retentionSeconds,
        sqsManagedSseEnabled: true,
      });
      for (const kept of ["shop-objects-dead-letters", "shop-objects-parked"]) {
        expect(inputsOf(kept), kept).to.include({
          messageRetentionSeconds: plan.keptSeconds,
          sqsManagedSseEnabled: true,
        });
      }
      const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(String(inputsOf("shop-objects-queue").redrivePolicy));
      expect(deadLetterTargetArn).to.match(/^arn:aws:sqs:eu-west-1:111122223333:shop-objects-dead-letters/);
      expect(maxReceiveCount).to.equal(plan.maxReceives);
    });

    it("sets nothing aside twice: the dead letters stay where they are", () => {
      expect(inputsOf("shop-objects-dead-letters")).to.not.have.property("redrivePolicy");
    });

    it("have nobody take from what is parked: the replicator itself goes and gets it", () => {
      const sources = resources.ofType("aws:lambda/eventSourceMapping:EventSourceMapping");
      expect(sources.map(({ name }) => name)).to.deep.equal(["shop-objects-wake"]);
    });

    it("takes messages of this bucket only", async () => {
      const queueUrl = await settled(replication.queueUrl);
      expect(inputsOf("shop-objects-queue-policy")).to.deep.equal({
        queueUrl,
        policy: queueFromBucketPolicy(String(inputsOf("shop-objects-wake").eventSourceArn), BUCKET_ARN),
      });
    });
  });

  describe("the replicator", () => {
    it("runs the bundle on Lambda's Node 24, no longer than the plan lets it", async () => {
      expect(inputsOf("shop-objects-replicator")).to.deep.include({
        runtime: "nodejs24.x",
        architectures: ["arm64"],
        handler: "index.handler",
        timeout: plan.functionTimeoutSeconds,
        memorySize: plan.memoryMib,
      });
      const { assets } = inputsOf("shop-objects-replicator").code as pulumi.asset.AssetArchive;
      expect(Object.keys(await assets)).to.deep.equal(["index.js"]);
    });

    it("may wake itself as often as a large object takes: Lambda would end that as a loop after 16 rounds", () => {
      expect(inputsOf("shop-objects-rounds")).to.include({
        functionName: outputsOf("aws:lambda/function:Function", "shop-objects-replicator", {}).state.name,
        recursiveLoop: "Allow",
      });
    });

    it("is told from where to copy and where to, its queues and the marker, and no secret", async () => {
      expect(inputsOf("shop-objects-replicator").environment).to.deep.equal({
        variables: {
          SOURCE_BUCKET: "shop-content-1a2b3c4",
          COPY_BLOB_ENDPOINT: "https://shopcopies.blob.core.windows.net/",
          COPY_CONTAINER: "content",
          AZURE_CLIENT_ID: CLIENT_ID,
          AZURE_TENANT_ID: TENANT_ID,
          MARKER_URL,
          QUEUE_URL: await settled(replication.queueUrl),
          PARKED_QUEUE_URL: await settled(replication.parkedQueueUrl),
          DEAD_LETTER_QUEUE_URL: await settled(replication.deadLetterQueueUrl),
          SERVER_SIDE_COPY: "false",
          NODE_OPTIONS: "--max-semi-space-size=4",
        },
      });
    });

    it("is told when Azure may fetch objects itself", async () => {
      const { resources: fetching } = await deployReplication({ serverSideCopy: true });
      expect(fetching.named("shop-objects-replicator").inputs.environment)
        .to.have.property("variables")
        .that.includes({ SERVER_SIDE_COPY: "true" });
    });

    it("works as its own role, which Lambda alone may take on", () => {
      const { Statement } = inputsOf("shop-objects-role").assumeRolePolicy as { Statement: object[] };
      expect(Statement).to.deep.equal([
        {
          Sid: "AllowAssumeRole",
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "lambda.amazonaws.com" },
        },
      ]);
      expect(inputsOf("shop-objects-replicator").role).to.match(/^arn:aws:iam::111122223333:role\/shop-objects-role/);
    });

    it("has the rights of the policy, on this bucket, these queues and this log", () => {
      const queueArn = String(inputsOf("shop-objects-wake").eventSourceArn);
      const { role, policy } = inputsOf("shop-objects-rights");
      expect(role).to.match(/^shop-objects-role/);
      const [logGroupArn] = /arn:aws:logs:[^"*]*(?=:\*)/.exec(String(policy)) ?? [];
      expect(logGroupArn).to.match(/:log-group:shop-objects-logs/);
      expect(policy).to.equal(
        objectReplicatorPolicy({
          bucketArn: BUCKET_ARN,
          queueArn,
          parkedQueueArn: arnOf("aws:sqs/queue:Queue", "shop-objects-parked"),
          deadLetterQueueArn: arnOf("aws:sqs/queue:Queue", "shop-objects-dead-letters"),
          logGroupArn: String(logGroupArn),
        }),
      );
    });

    it("writes to a log that is kept for a month", () => {
      expect(inputsOf("shop-objects-logs").retentionInDays).to.equal(30);
      const { logGroup, logFormat } = inputsOf("shop-objects-replicator").loggingConfig as Record<string, string>;
      expect(logGroup).to.match(/^shop-objects-logs/);
      expect(logFormat).to.equal("JSON");
    });

    it("is believed by the writer's identity in Azure", () => {
      expect(inputsOf("shop-objects-trust-credential")).to.include({
        resourceGroupName: "shop-standby",
        resourceName: "shop-content-writer",
        issuer: ARGS.webIdentityIssuer,
        subject: inputsOf("shop-objects-replicator").role,
      });
    });

    it("does not stand before its rights and its trust: the first message would be spent on an error", () => {
      expect(resources.named("shop-objects-replicator").dependencies).to.include.members([
        "shop-objects-rights",
        "shop-objects-trust-credential",
      ]);
    });
  });

  describe("the wake-up", () => {
    it("hands over the plan's batches, and takes back single messages", () => {
      const { eventSourceArn, functionName } = inputsOf("shop-objects-wake");
      expect(eventSourceArn).to.match(/^arn:aws:sqs:eu-west-1:111122223333:shop-objects-queue/);
      expect(functionName).to.match(/^arn:aws:lambda:eu-west-1:111122223333:function:shop-objects-replicator/);
      expect(inputsOf("shop-objects-wake")).to.deep.include({
        batchSize: plan.batchSize,
        functionResponseTypes: ["ReportBatchItemFailures"],
      });
    });

    it("runs as many replicators at once as it is told", async () => {
      for (const concurrency of [2, 20, 1000]) {
        const { resources: bounded } = await deployReplication({ concurrency });
        expect(bounded.named("shop-objects-wake").inputs.scalingConfig).to.deep.equal({
          maximumConcurrency: concurrency,
        });
      }
    });
  });

  describe("the bucket's events", () => {
    it("go to the queue when an object is created, tagged, removed, expired, or back from an archive", () => {
      const { eventSourceArn } = inputsOf("shop-objects-wake");
      const events = [
        ...["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:ObjectTagging:*"],
        ...["s3:LifecycleExpiration:*", "s3:ObjectRestore:Completed"],
      ];
      expect(inputsOf("shop-objects-events")).to.deep.equal({
        bucket: "shop-content-1a2b3c4",
        queues: [{ queueArn: eventSourceArn, events }],
      });
    });

    it("flow only when the queue takes them and somebody waits for them", () => {
      expect(resources.named("shop-objects-events").dependencies).to.include.members([
        "shop-objects-queue-policy",
        "shop-objects-wake",
      ]);
    });
  });

  describe("of what only some of is carried", () => {
    it("are those of the prefixes, each by a rule of its own", async () => {
      const { resources: some } = await deployReplication({
        source: { ...ARGS.source, prefixes: ["manifests/", "daily/"] },
      });
      const { queues } = some.named("shop-objects-events").inputs as { queues: Record<string, unknown>[] };
      expect(queues.map(({ filterPrefix }) => filterPrefix)).to.deep.equal(["manifests/", "daily/"]);
      for (const { events } of queues) expect(events).to.include("s3:ObjectRemoved:*");
    });

    it("are additions alone, where what goes from the bucket is to stay in the container", async () => {
      const { resources: kept } = await deployReplication({ source: { ...ARGS.source, additionsOnly: true } });
      const { queues } = kept.named("shop-objects-events").inputs as { queues: Record<string, unknown>[] };
      expect(queues.map(({ events }) => events)).to.deep.equal([["s3:ObjectCreated:*"]]);
    });
  });

  describe("where no declaration forbids to write", () => {
    it("asks for no marker, and resumes nothing, because nothing is ever parked", async () => {
      const { markerUrl: _, ...target } = ARGS.target;
      const { resources: free } = await deployReplication({ target, alarmTopicArn: arn("sns", "shop-alarms") });
      const { variables } = free.named("shop-objects-replicator").inputs.environment as { variables: object };
      expect(variables).to.not.have.property("MARKER_URL");
      const gone = resources.names.filter((name) => !free.names.includes(name));
      expect(gone).to.deep.equal(["shop-objects-resume", "shop-objects-resume-rights", "shop-objects-resume-role"]);
      const alarms = free.ofType("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name }) => name);
      expect(alarms).to.have.members(["shop-objects-oldest-event", "shop-objects-set-aside", "shop-objects-lag"]);
    });
  });

  describe("the resumption of what was parked", () => {
    it("is tried every minute, on the minute, and not again in between", async () => {
      expect(inputsOf("shop-objects-resume")).to.deep.include({
        scheduleExpression: "rate(1 minute)",
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: await settled(replication.functionArn),
          roleArn: arnOf("aws:iam/role:Role", "shop-objects-resume-role"),
          input: '{"resume":true}',
          retryPolicy: { maximumRetryAttempts: 0 },
        },
      });
    });

    it("works as a role of its own that may only invoke the replicator", async () => {
      const functionArn = await settled(replication.functionArn);
      const { assumeRolePolicy } = inputsOf("shop-objects-resume-role");
      expect(assumeRolePolicy).to.equal(invokerTrustPolicy("scheduler.amazonaws.com", functionArn));
      const { role, policy } = inputsOf("shop-objects-resume-rights");
      expect(role).to.match(/^shop-objects-resume-role/);
      expect(policy).to.equal(invokerPolicy(functionArn));
      expect(resources.named("shop-objects-resume").dependencies).to.include("shop-objects-resume-rights");
    });
  });

  describe("the alarms", () => {
    const alarmTopicArn = arn("sns", "shop-alarms");
    const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";

    it("tell the topic when events wait, copies lag, an event was set aside, or will soon be lost", async () => {
      const { resources: watched } = await deployReplication({ alarmTopicArn: pulumi.output(alarmTopicArn) });
      expectHouseRules(watched, "shop-objects", "multicloud-dr:replication:ObjectReplication");
      const alarms: [string, number, string, RegExp][] = [
        ["oldest-event", oldestEventRule(plan).threshold, "QueueName", /^shop-objects-queue-/],
        ["set-aside", 0, "QueueName", /^shop-objects-dead-letters-/],
        ["parked", parkedRule(plan).threshold, "QueueName", /^shop-objects-parked-/],
        ["lag", 900_000, "FunctionName", /^shop-objects-replicator-/],
      ];
      expect(watched.ofType(alarmType)).to.have.length(alarms.length);
      for (const [name, threshold, dimension, of] of alarms) {
        const { inputs } = watched.ofType(alarmType).find((each) => each.name === `shop-objects-${name}`) ?? {};
        expect(inputs, name).to.deep.include({ threshold, alarmActions: [alarmTopicArn] });
        expect(inputs?.dimensions, name).to.have.property(dimension).that.matches(of);
      }
    });

    it("are none where there is no topic to tell", () => {
      expect(resources.ofType(alarmType)).to.be.empty;
    });
  });

  it("keeps secret what it was given as a secret", async () => {
    const { resources: secretive } = await deployReplication({
      target: { ...ARGS.target, clientId: pulumi.secret(CLIENT_ID) },
    });
    expect(secretive.named("shop-objects-replicator").secrets).to.deep.equal(["environment"]);
    expect(resources.customs.flatMap(({ secrets }) => secrets)).to.be.empty;
  });

  it("tells where its queues and its function are", async () => {
    expect(await settled(replication.queueUrl)).to.match(
      /^https:\/\/sqs\.eu-west-1\.amazonaws\.com\/111122223333\/shop-objects-queue-/,
    );
    expect(await settled(replication.deadLetterQueueUrl)).to.match(/\/shop-objects-dead-letters-/);
    expect(await settled(replication.parkedQueueUrl)).to.match(/\/shop-objects-parked-/);
    expect(await settled(replication.functionName)).to.match(/^shop-objects-replicator-/);
  });
});
