import { expect } from "chai";
import { ImageReplication, type ImageReplicationArgs } from "../../../components/replication/image-replication.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { arn, SUBSCRIPTION, TENANT_ID } from "../../support/mock-outputs.ts";
import { deploy, type Registrations } from "../../support/mocks.ts";

const TOPIC = arn("sns", "shop-alarms");
const GROUP = `${SUBSCRIPTION}/resourceGroups/shop-standby`;
const ARGS: ImageReplicationArgs = {
  workload: "shop",
  target: {
    blobEndpoint: "https://shopimages.blob.core.windows.net/",
    containerName: "images",
    accountId: `${GROUP}/providers/Microsoft.Storage/storageAccounts/shopimages`,
    imageDefinitionId: `${GROUP}/providers/Microsoft.Compute/galleries/shop/images/shop-server`,
    resourceGroupName: "shop-standby",
    identityName: "shop-image-writer",
    clientId: "11111111-2222-4333-8444-555566667777",
    tenantId: TENANT_ID,
    boot: {
      resourceGroupId: `${SUBSCRIPTION}/resourceGroups/shop-boot-checks`,
      subnetId: `${SUBSCRIPTION}/resourceGroups/shop-boot-checks/subnets/checks`,
      vmSize: "Standard_D2s_v5",
    },
    location: "germanywestcentral",
  },
  versions: 3,
  maxLagHours: 24,
  webIdentityIssuer: "https://0a1b2c3d.tokens.sts.global.api.aws",
  alarmTopicArn: TOPIC,
  tags: TAGS,
};

describe("ImageReplication", () => {
  let resources: Registrations;
  before(async () => {
    ({ resources } = await deploy(() => new ImageReplication("shop-images", ARGS)));
  });
  const inputsOf = (name: string) => resources.named(name).inputs;

  it("keeps the rules of the house, and protects nothing: an export is made again at will", () => {
    expectHouseRules(resources, "shop-images", "multicloud-dr:replication:ImageReplication");
    expectProtected(resources, []);
  });

  it("lets exports go after a week, and keeps no former ones", () => {
    const rules = inputsOf("shop-images-exports-lifecycle").rules as Record<string, unknown>[];
    expect(rules.find(({ id }) => id === "exports")).to.deep.include({
      filter: { prefix: "exports/" },
      expiration: { days: 7 },
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    });
  });

  it("tells the function where everything is, and what it makes is the standby's", () => {
    const { variables } = inputsOf("shop-images-carrier-function").environment as { variables: Record<string, string> };
    expect(variables).to.include({
      IMAGES_BLOB_ENDPOINT: ARGS.target.blobEndpoint,
      IMAGES_CONTAINER: "images",
      IMAGE_DEFINITION_ID: ARGS.target.imageDefinitionId,
      IMAGE_VERSIONS: "3",
      BOOT_SIZE: "Standard_D2s_v5",
      LOCATION: "germanywestcentral",
    });
    expect(JSON.parse(String(variables.TAGS))).to.deep.equal({ ...TAGS, Purpose: "standby" });
  });

  it("is woken by any new image, and looks by itself every six hours", () => {
    expect(JSON.parse(String(inputsOf("shop-images-new").eventPattern))).to.deep.equal({
      source: ["aws.ec2"],
      "detail-type": ["EC2 AMI State Change"],
      detail: { State: ["available"] },
    });
    expect(inputsOf("shop-images-new-target").arn).to.match(/:stateMachine:shop-images-machine/);
    expect(inputsOf("shop-images-schedule").scheduleExpression).to.equal("rate(6 hours)");
  });

  it("rings when an image does not get there, however it ends, and when one waits too long or nobody looks", () => {
    const alarms = resources.ofType("aws:cloudwatch/metricAlarm:MetricAlarm");
    expect(alarms.map(({ name }) => name.replace("shop-images-", ""))).to.have.members([
      ...["failed", "timed-out", "aborted", "waiting"],
    ]);
    for (const { inputs } of alarms) expect(inputs.alarmActions).to.deep.equal([TOPIC]);
    expect(inputsOf("shop-images-waiting")).to.include({
      metricName: "ImageWaiting",
      threshold: 24 * 3_600_000,
      period: 3600,
      evaluationPeriods: 7,
      treatMissingData: "breaching",
    });
  });

  it("tells nobody where there is no topic", async () => {
    const { resources: quiet } = await deploy(
      () => new ImageReplication("shop-images", { ...ARGS, alarmTopicArn: undefined }),
    );
    expect(quiet.ofType("aws:cloudwatch/metricAlarm:MetricAlarm")).to.be.empty;
  });
});
