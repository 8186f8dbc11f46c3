import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { planContainerQueue, pushPattern } from "../../../components/replication/container-plan.ts";
import { containerReplicatorPolicy } from "../../../components/replication/container-policies.ts";
import {
  ContainerReplication,
  type ContainerReplicationArgs,
} from "../../../components/replication/container-replication.ts";
import { invokerPolicy, queueFromRulePolicy } from "../../../components/replication/policies.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { arn, outputsOf, TENANT_ID } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const ARGS: ContainerReplicationArgs = {
  repositories: ["shop/web", "shop/jobs"],
  target: {
    loginServer: pulumi.output("shop1a2b3c4d.azurecr.io"),
    resourceGroupName: "shop-standby",
    identityName: "shop-containers-writer",
    clientId: "12345678-1111-4222-8333-444455556666",
    tenantId: TENANT_ID,
    markerUrl: "https://shopmarker.z1.web.core.windows.net/declared/site.json",
  },
  webIdentityIssuer: "https://0a1b2c3d.tokens.sts.global.api.aws",
  tags: TAGS,
};

function deployReplication(args: Partial<ContainerReplicationArgs> = {}) {
  return deploy(() => new ContainerReplication("shop-containers", { ...ARGS, ...args }));
}

const arnOf = (type: string, name: string) => String(outputsOf(type, name, {}).state.arn);
const QUEUE = "aws:sqs/queue:Queue";

describe("ContainerReplication", () => {
  let resources: Registrations;
  let replication: ContainerReplication;
  const plan = planContainerQueue();
  const inputsOf = (name: string) => resources.named(name).inputs;

  before(async () => {
    ({ resources, result: replication } = await deployReplication());
  });

  it("keeps the rules of the house, and protects nothing: what it holds comes again from the registry", () => {
    expectHouseRules(resources, "shop-containers", "multicloud-dr:replication:ContainerReplication");
    expectProtected(resources, []);
  });

  it("has queues with the plan's numbers, that encrypt, and that set aside what fails too often", () => {
    expect(inputsOf("shop-containers-queue")).to.include({
      visibilityTimeoutSeconds: plan.visibilitySeconds,
      messageRetentionSeconds: plan.retentionSeconds,
      sqsManagedSseEnabled: true,
    });
    expect(inputsOf("shop-containers-dead-letters")).to.include({
      messageRetentionSeconds: plan.keptSeconds,
      sqsManagedSseEnabled: true,
    });
    expect(JSON.parse(String(inputsOf("shop-containers-queue").redrivePolicy))).to.deep.equal({
      deadLetterTargetArn: arnOf(QUEUE, "shop-containers-dead-letters"),
      maxReceiveCount: plan.maxReceives,
    });
  });

  it("has the pushes of its repositories come into the queue, once it takes them and somebody waits for them", () => {
    expect(inputsOf("shop-containers-pushes").eventPattern).to.equal(pushPattern(ARGS.repositories));
    expect(inputsOf("shop-containers-pushes-queue")).to.include({ arn: arnOf(QUEUE, "shop-containers-queue") });
    expect(resources.named("shop-containers-pushes-queue").dependencies).to.include.members([
      "shop-containers-queue-policy",
      "shop-containers-wake",
    ]);
    expect(inputsOf("shop-containers-queue-policy").policy).to.equal(
      queueFromRulePolicy(
        arnOf(QUEUE, "shop-containers-queue"),
        arnOf("aws:cloudwatch/eventRule:EventRule", "shop-containers-pushes"),
      ),
    );
  });

  it("copies by a function that is told where to, and no secret, and stands after its rights and its trust", async () => {
    expect(inputsOf("shop-containers-replicator")).to.deep.include({
      runtime: "nodejs24.x",
      timeout: 900,
      environment: {
        variables: {
          REPOSITORIES: "shop/web shop/jobs",
          COPY_REGISTRY: "shop1a2b3c4d.azurecr.io",
          AZURE_CLIENT_ID: "12345678-1111-4222-8333-444455556666",
          AZURE_TENANT_ID: TENANT_ID,
          MARKER_URL: "https://shopmarker.z1.web.core.windows.net/declared/site.json",
          QUEUE_URL: await settled(replication.queueUrl),
          DEAD_LETTER_QUEUE_URL: await settled(replication.deadLetterQueueUrl),
        },
      },
    });
    expect(resources.named("shop-containers-replicator").dependencies).to.include.members([
      "shop-containers-rights",
      "shop-containers-trust-credential",
    ]);
    expect(inputsOf("shop-containers-trust-credential")).to.include({
      resourceName: "shop-containers-writer",
      subject: inputsOf("shop-containers-replicator").role,
    });
    expect(inputsOf("shop-containers-rounds")).to.include({ recursiveLoop: "Allow" });
  });

  it("has the rights of the policy: to read these repositories, and no others", () => {
    const { policy } = inputsOf("shop-containers-rights");
    const [logGroupArn = ""] = /arn:aws:logs:[^"*]*(?=:\*)/.exec(String(policy)) ?? [];
    expect(policy).to.equal(
      containerReplicatorPolicy({
        repositories: ARGS.repositories,
        queueArn: arnOf(QUEUE, "shop-containers-queue"),
        deadLetterQueueArn: arnOf(QUEUE, "shop-containers-dead-letters"),
        logGroupArn,
      }),
    );
    const { Statement } = JSON.parse(String(policy)) as { Statement: { Sid: string; Resource: unknown }[] };
    expect(Statement.find(({ Sid }) => Sid === "ReadImages")?.Resource).to.deep.equal([
      "arn:aws:ecr:eu-west-1:111122223333:repository/shop/web",
      "arn:aws:ecr:eu-west-1:111122223333:repository/shop/jobs",
    ]);
  });

  it("is woken by the queue, one message a run, and takes back single ones", () => {
    expect(inputsOf("shop-containers-wake")).to.deep.include({
      batchSize: 1,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: plan.concurrency },
    });
  });

  it("looks at every tag each night, by a role that may invoke it and nothing else", () => {
    expect(inputsOf("shop-containers-sweep").target).to.include({ input: '{"sweep":true}' });
    const functionArn = arnOf("aws:lambda/function:Function", "shop-containers-replicator");
    expect(inputsOf("shop-containers-sweep-rights").policy).to.equal(invokerPolicy(functionArn));
  });

  it("rings when pushes wait, copies lag, or an image was set aside; and not where nobody is told", async () => {
    const type = "aws:cloudwatch/metricAlarm:MetricAlarm";
    expect(resources.ofType(type)).to.be.empty;
    const { resources: watched } = await deployReplication({ alarmTopicArn: arn("sns", "shop-alarms") });
    expect(watched.ofType(type).map(({ name }) => name)).to.have.members([
      "shop-containers-oldest-push",
      "shop-containers-set-aside",
      "shop-containers-lag",
    ]);
  });
});
