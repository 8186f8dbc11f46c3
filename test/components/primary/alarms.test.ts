import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { Alarms, type AlarmsArgs } from "../../../components/primary/alarms.ts";
import { alarmKeyPolicy, alarmTopicPolicy } from "../../../components/primary/resource-policies.ts";
import { databaseRules } from "../../../components/primary/site-alarms.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const ARGS: AlarmsArgs = {
  email: "ops@example.com",
  loadBalancerArnSuffix: pulumi.output("app/shop/50dc6c495c0c9188"),
  targetGroupArnSuffix: pulumi.output("targetgroup/shop/73e2d6bc24d8a067"),
  databaseIdentifier: pulumi.output("shop-database-1a2b3c4"),
  databaseStorageGib: 100,
  tags: TAGS,
};

function deployAlarms(args: Partial<AlarmsArgs> = {}) {
  return deploy(() => new Alarms("shop-alarms", { ...ARGS, ...args }));
}

describe("Alarms", () => {
  let resources: Registrations;
  let topicArn: string;
  const inputsOf = (name: string) => resources.named(`shop-alarms-${name}`).inputs;

  before(async () => {
    const { resources: made, result } = await deployAlarms();
    resources = made;
    topicArn = await settled(result.topicArn);
  });

  it("keeps the rules of the house", () => {
    expectHouseRules(resources, "shop-alarms", "multicloud-dr:primary:Alarms");
  });

  it("protects nothing: it holds no data, and its key no data's key", () => {
    expectProtected(resources, []);
  });

  describe("the topic", () => {
    it("is encrypted with a key that turns over, of which alarms may make use", () => {
      const keyArn = String(inputsOf("topic").kmsMasterKeyId);
      expect(keyArn).to.match(/^arn:aws:kms:eu-west-1:111122223333:key\//);
      expect(inputsOf("key")).to.include({ enableKeyRotation: true, deletionWindowInDays: 30 });
      expect(inputsOf("key-policy").policy).to.equal(alarmKeyPolicy(keyArn, topicArn));
      expect(inputsOf("key-policy").keyId).to.equal(keyArn.split("/")[1]);
    });

    it("lets the account's alarms in, and nobody without TLS", () => {
      expect(inputsOf("topic-policy")).to.deep.equal({ arn: topicArn, policy: alarmTopicPolicy(topicArn) });
    });

    it("is told of only when alarms can reach it: both policies stand before", () => {
      expect(resources.named("shop-alarms-topic-policy").dependencies).to.include("shop-alarms-key-policy");
      expect(resources.named("shop-alarms-server-errors").dependencies).to.include("shop-alarms-topic-policy");
    });

    it("writes to the mailbox that it is given, and to none without one", async () => {
      expect(inputsOf("email")).to.deep.equal({ topic: topicArn, protocol: "email", endpoint: "ops@example.com" });
      const { resources: silent } = await deployAlarms({ email: "" });
      expect(silent.ofType("aws:sns/topicSubscription:TopicSubscription")).to.be.empty;
    });
  });

  describe("the alarms", () => {
    const LoadBalancer = "app/shop/50dc6c495c0c9188";
    const database = { DBInstanceIdentifier: "shop-database-1a2b3c4" };

    it("are these, each of its own subject", () => {
      const alarms = resources.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
      expect(Object.fromEntries(alarms.map(({ name, inputs }) => [name, inputs.dimensions]))).to.deep.equal({
        "shop-alarms-balancer-errors": { LoadBalancer },
        "shop-alarms-server-errors": { LoadBalancer },
        "shop-alarms-unhealthy-servers": { LoadBalancer, TargetGroup: "targetgroup/shop/73e2d6bc24d8a067" },
        "shop-alarms-database-storage": database,
        "shop-alarms-database-cpu": database,
      });
    });

    it("all tell the topic when they ring, and when they stop", () => {
      for (const { inputs } of resources.ofType("aws:cloudwatch/metricAlarm:MetricAlarm")) {
        expect(inputs).to.deep.include({ alarmActions: [topicArn], okActions: [topicArn] });
      }
    });

    it("know the database's size", async () => {
      for (const databaseStorageGib of [20, 1000]) {
        const { resources: sized } = await deployAlarms({ databaseStorageGib });
        const [storage] = databaseRules(databaseStorageGib);
        expect(sized.named("shop-alarms-database-storage").inputs.threshold).to.equal(storage?.threshold);
      }
    });

    it("watch a replica where there is one", async () => {
      const { resources: fed } = await deployAlarms({ replicaIdentifier: pulumi.output("shop-replica") });
      for (const name of ["replica-lag", "replica-stopped"]) {
        const { dimensions } = fed.named(`shop-alarms-${name}`).inputs;
        expect(dimensions).to.deep.equal({ DBInstanceIdentifier: "shop-replica" });
      }
    });
  });
});
