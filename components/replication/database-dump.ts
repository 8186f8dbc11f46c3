import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { DUMP_USER } from "../../lambdas/database/account-name.ts";
import { loginSecret, newPassword } from "../login-secret.ts";
import { metricAlarm } from "../metric-alarm.ts";
import type { Tags } from "../tags.ts";
import { dumpAccess } from "./dump-access.ts";
import { FAILED_DUMP_RULES, FAILED_SWEEP_RULE, MISSING_DUMP_RULE } from "./dump-alarms.ts";
import { type DumpFunctions, dumpFunctions } from "./dump-functions.ts";
import { dumpPlan } from "./dump-plan.ts";
import { dumpMachinePolicy, sweeperPolicy } from "./dump-policies.ts";
import { everyDayAt } from "./dump-time.ts";
import { scheduledMachine } from "./scheduled-machine.ts";
import { sweepPlan } from "./sweep-plan.ts";

export interface DatabaseDumpArgs {
  /** Short name of the workload; begins the replicas' names. @example "shop" */
  workload: string;
  /** The instance to dump. */
  database: {
    identifier: pulumi.Input<string>;
    arn: pulumi.Input<string>;
    host: pulumi.Input<string>;
    port: pulumi.Input<number>;
    /** The group that says who may connect; a rule is added to it. */
    securityGroupId: pulumi.Input<string>;
    /** ARN of the secret with its administrator's name and password. */
    secretArn: pulumi.Input<string>;
  };
  /** The network of the database, and subnets of it from which AWS's services are in reach. */
  vpcId: pulumi.Input<string>;
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Where dumps are written to. */
  bucket: { bucketName: pulumi.Input<string>; bucketArn: pulumi.Input<string> };
  /** Parts of the database that are dumped at once, at most. */
  concurrency: number;
  /** When the night's dump begins, in UTC. @example "02:15" */
  time: string;
  /** ARN of the secret with a user that the standby follows the database by; without it there is no such user. */
  replicatorSecretArn?: pulumi.Input<string>;
  /** Topic that is told when a dump fails or is missing; without it nobody is told. */
  alarmTopicArn?: pulumi.Input<string>;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * Dumps a database every night without disturbing it: from a replica that is made for it, stopped, read in many parts
 * at once, and deleted. A sweeper looks every hour for replicas that a dump which was ended from outside has left.
 */
export class DatabaseDump extends pulumi.ComponentResource {
  readonly machineArn: pulumi.Output<string>;
  readonly sweeperMachineArn: pulumi.Output<string>;
  /** The function that dumps, and that which prepares the primary. */
  readonly dumpFunctionName: pulumi.Output<string>;
  readonly prepareFunctionName: pulumi.Output<string>;

  constructor(name: string, args: DatabaseDumpArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:replication:DatabaseDump", name, {}, opts);
    const { tags } = args;

    const group = dumpAccess(
      name,
      {
        vpcId: args.vpcId,
        databaseSecurityGroupId: args.database.securityGroupId,
        databasePort: args.database.port,
        tags,
      },
      this,
    );
    const secretArn = loginSecret(
      name,
      {
        description: `User that dumps for ${name}`,
        username: DUMP_USER,
        password: newPassword(name, 1, this),
        // It is made anew at will: the next dump gives the user what is in it.
        protect: false,
        tags,
      },
      this,
    );
    const functions = dumpFunctions(name, { ...args, dumpSecretArn: secretArn, securityGroupId: group.id }, this);
    const replicaPrefix = this.#replicaPrefix(name, args.workload);
    this.machineArn = this.#dump(name, args, functions, replicaPrefix);
    this.sweeperMachineArn = this.#sweep(`${name}-sweep`, args, replicaPrefix);
    if (args.alarmTopicArn) this.#watch(name, args.alarmTopicArn, tags);

    this.dumpFunctionName = functions.dump.name;
    this.prepareFunctionName = functions.prepare.name;
    this.registerOutputs({ machineArn: this.machineArn, sweeperMachineArn: this.sweeperMachineArn });
  }

  /** What is named so is deleted: the same workload may stand twice in an account, as for a test. */
  #replicaPrefix(name: string, workload: string): pulumi.Output<string> {
    const shape = { length: 6, upper: false, special: false };
    const suffix = new random.RandomString(`${name}-suffix`, shape, { parent: this });
    return pulumi.interpolate`${workload}-dump-${suffix.result}`;
  }

  #dump(
    name: string,
    args: DatabaseDumpArgs,
    { prepare, dump }: DumpFunctions,
    replicaPrefix: pulumi.Output<string>,
  ): pulumi.Output<string> {
    const { database, bucket, concurrency, tags } = args;
    const definition = pulumi
      .output({
        databaseIdentifier: database.identifier,
        replicaPrefix,
        bucketName: bucket.bucketName,
        prepareArn: prepare.arn,
        dumpArn: dump.arn,
        concurrency,
        tags,
      })
      .apply(dumpPlan);
    const resources = {
      functionArns: [prepare.arn, dump.arn],
      bucketArn: bucket.bucketArn,
      databaseArn: database.arn,
      replicaPrefix,
    };
    return scheduledMachine(
      name,
      {
        definition,
        ownArn: dump.arn,
        policy: (machineArn) => pulumi.output({ machineArn, ...resources }).apply(dumpMachinePolicy),
        schedule: { description: "Dumps the database every night.", expression: everyDayAt(args.time) },
        tags,
      },
      this,
    );
  }

  #sweep(name: string, { database, tags }: DatabaseDumpArgs, replicaPrefix: pulumi.Output<string>) {
    const swept = pulumi.output({ machineArn: this.machineArn, replicaPrefix });
    const resources = { dumpMachineArn: this.machineArn, databaseArn: database.arn, replicaPrefix };
    return scheduledMachine(
      name,
      {
        definition: swept.apply(sweepPlan),
        ownArn: this.machineArn,
        policy: () => pulumi.output(resources).apply(sweeperPolicy),
        schedule: { description: "Deletes replicas that dumps have left.", expression: "rate(1 hour)" },
        tags,
      },
      this,
    );
  }

  #watch(name: string, topicArn: pulumi.Input<string>, tags: Tags): void {
    const told = { topicArn, tags };
    for (const rule of [...FAILED_DUMP_RULES, MISSING_DUMP_RULE]) {
      metricAlarm(name, rule, { dimensions: { StateMachineArn: this.machineArn }, ...told }, { parent: this });
    }
    const dimensions = { StateMachineArn: this.sweeperMachineArn };
    metricAlarm(name, FAILED_SWEEP_RULE, { dimensions, ...told }, { parent: this });
  }
}
