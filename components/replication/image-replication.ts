import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { metricAlarm } from "../metric-alarm.ts";
import type { Tags } from "../tags.ts";
import { starterPolicy } from "./dump-policies.ts";
import { FAILED_IMAGE_RULES, LOOK_HOURS, waitingRule } from "./image-alarms.ts";
import { imageBucket } from "./image-bucket.ts";
import { imageFunction } from "./image-function.ts";
import { imagePlan } from "./image-plan.ts";
import { exporterPolicy, exporterTrustPolicy, imageMachinePolicy } from "./image-policies.ts";
import { invokerTrustPolicy } from "./policies.ts";
import { scheduledMachine } from "./scheduled-machine.ts";

export interface ImageReplicationArgs {
  /** Short name of the workload; images that bear it as their tag `Workload` follow. @example "shop" */
  workload: string;
  target: {
    /** Where the account of disks answers, its container and its id. */
    blobEndpoint: pulumi.Input<string>;
    containerName: pulumi.Input<string>;
    accountId: pulumi.Input<string>;
    /** Id of the gallery's image definition. */
    imageDefinitionId: pulumi.Input<string>;
    /** The identity that may do all this, and its resource group. */
    resourceGroupName: pulumi.Input<string>;
    identityName: pulumi.Input<string>;
    clientId: pulumi.Input<string>;
    tenantId: pulumi.Input<string>;
    /** Where a server is started to see whether it boots. */
    boot: { resourceGroupId: pulumi.Input<string>; subnetId: pulumi.Input<string>; vmSize: pulumi.Input<string> };
    /** @example "germanywestcentral" */
    location: string;
  };
  /** Versions of the image that are kept at the standby, 1 at least. @example 3 */
  versions: number;
  /** Hours for which the newest image may wait to be at the standby, before somebody is told. @example 24 */
  maxLagHours: number;
  /** The AWS account's issuer of web identities. */
  webIdentityIssuer: pulumi.Input<string>;
  /** Topic that is told when an image does not get there; without it nobody is told. */
  alarmTopicArn?: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * Has every new image of the servers follow to the standby: exported, copied, made a version in the gallery, seen booting
 * where there is no way in or out, and then made the one that the standby's servers start from.
 *
 * A new image wakes it at once, and every few hours it looks by itself.
 */
export class ImageReplication extends pulumi.ComponentResource {
  readonly machineArn: pulumi.Output<string>;
  readonly functionName: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;

  constructor(name: string, args: ImageReplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:replication:ImageReplication", name, {}, opts);
    const { tags, workload } = args;

    const { bucketName, bucketArn } = imageBucket(`${name}-exports`, { tags }, this);
    const carrier = imageFunction(`${name}-carrier`, { ...args, bucketName, bucketArn }, this);
    const exporter = this.#exporter(`${name}-exporter`, bucketArn, carrier.arn, tags);
    this.machineArn = scheduledMachine(
      name,
      {
        definition: pulumi
          .output({ workload, bucketName, exportRoleName: exporter.name, functionArn: carrier.arn })
          .apply(imagePlan),
        ownArn: carrier.arn,
        policy: (machineArn) =>
          pulumi
            .output({ machineArn, functionArn: carrier.arn, bucketArn, exportRoleArn: exporter.arn })
            .apply(imageMachinePolicy),
        schedule: {
          description: "Looks for images of the servers that the standby has not got.",
          expression: `rate(${LOOK_HOURS} hours)`,
        },
        tags,
      },
      this,
    );
    this.#wake(`${name}-new`, this.machineArn, tags);
    if (args.alarmTopicArn) this.#watch(name, args, args.alarmTopicArn, carrier.name);

    this.functionName = carrier.name;
    this.bucketName = bucketName;
    this.registerOutputs({ machineArn: this.machineArn, bucketName });
  }

  /** The role that AWS exports by. */
  #exporter(name: string, bucketArn: pulumi.Output<string>, ownArn: pulumi.Output<string>, tags: Tags): aws.iam.Role {
    const account = ownArn.apply((arn) => String(arn.split(":")[4]));
    const region = ownArn.apply((arn) => String(arn.split(":")[3]));
    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: account.apply(exporterTrustPolicy), tags },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${name}-rights`,
      { role: role.name, policy: pulumi.output({ bucketArn, region }).apply(exporterPolicy) },
      { parent: this },
    );
    return role;
  }

  /** Starts the machine when any image is made: whose it is, the machine finds out. */
  #wake(name: string, machineArn: pulumi.Output<string>, tags: Tags): void {
    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: machineArn.apply((arn) => invokerTrustPolicy("events.amazonaws.com", arn)), tags },
      { parent: this },
    );
    const rights = new aws.iam.RolePolicy(
      `${name}-rights`,
      { role: role.name, policy: machineArn.apply(starterPolicy) },
      { parent: this },
    );
    const rule = new aws.cloudwatch.EventRule(
      name,
      {
        name,
        description: "A new image of EC2's is there to be had.",
        // "Monitor AMI events using Amazon EventBridge".
        eventPattern: JSON.stringify({
          source: ["aws.ec2"],
          "detail-type": ["EC2 AMI State Change"],
          detail: { State: ["available"] },
        }),
        tags,
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-target`,
      { rule: rule.name, arn: machineArn, roleArn: role.arn, input: "{}" },
      { parent: this, dependsOn: rights },
    );
  }

  #watch(
    name: string,
    { maxLagHours, tags }: ImageReplicationArgs,
    topicArn: pulumi.Input<string>,
    functionName: pulumi.Output<string>,
  ): void {
    for (const rule of FAILED_IMAGE_RULES) {
      metricAlarm(name, rule, { dimensions: { StateMachineArn: this.machineArn }, topicArn, tags }, { parent: this });
    }
    const dimensions = { FunctionName: functionName };
    metricAlarm(name, waitingRule(maxLagHours), { dimensions, topicArn, tags }, { parent: this });
  }
}
