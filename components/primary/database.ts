import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { ADMINISTRATOR } from "../../lambdas/database/layout.ts";
import { REPLICATE_TAG } from "../../lambdas/secrets/secret-state.ts";
import { loginSecret, newPassword } from "../login-secret.ts";
import type { Tags } from "../tags.ts";
import { DATABASE_PARAMETERS, MYSQL_VERSION } from "./database-parameters.ts";
import { NIGHT } from "./night.ts";

export interface DatabaseArgs {
  /** Subnets of the data tier, in two zones at least. */
  subnetIds: pulumi.Input<string>[];
  /** Security group that says who may connect. */
  securityGroupId: pulumi.Input<string>;
  /** Size of the instance, large enough for Performance Insights (no t3 or t4g below medium). @example "db.m7g.xlarge" */
  instanceClass: string;
  /** Storage to begin with, in GiB, 20 or more. */
  storageGib: number;
  /** Storage up to which it grows by itself, in GiB, at least a tenth more than `storageGib`. */
  maxStorageGib: number;
  /** Days for which it can be restored to any moment, 1 to 35. */
  backupRetentionDays: number;
  /** Name of the database inside the server. @example "app" */
  databaseName: string;
  /**
   * Number of the administrator's password: another number is another password.
   * @default 1
   */
  passwordGeneration?: number;
  /**
   * Refuse to delete the server, and keep its backups when it goes.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

/**
 * The primary's MySQL: two servers in two zones that follow in step, encrypted, spoken to over TLS only.
 *
 * The administrator's password is made here and kept in Secrets Manager as `{"username","password"}`; the state has it
 * encrypted. RDS would make and change one by itself, but then refuses every read replica, which is what the standby's
 * dumps are taken from ("Limitations for Secrets Manager integration"). All is encrypted with the keys that AWS
 * manages: nobody can destroy those.
 */
export class Database extends pulumi.ComponentResource {
  /** Host that always names the server that takes writes. */
  readonly address: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  /** ARN of the secret with the administrator's name and password. */
  readonly secretArn: pulumi.Output<string>;
  readonly identifier: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:primary:Database", name, {}, opts);
    const parent = { parent: this };
    const { tags } = args;
    const protect = args.protectData ?? true;

    const subnets = new aws.rds.SubnetGroup(`${name}-subnets`, { subnetIds: args.subnetIds, tags }, parent);
    const parameters = new aws.rds.ParameterGroup(
      `${name}-parameters`,
      { family: `mysql${MYSQL_VERSION}`, parameters: [...DATABASE_PARAMETERS], tags },
      parent,
    );
    const password = newPassword(name, args.passwordGeneration ?? 1, this);
    // An account has one snapshot of a name, and keeps those of former databases.
    const suffix = new random.RandomString(`${name}-final-suffix`, { length: 8, upper: false, special: false }, parent);
    const server = new aws.rds.Instance(
      `${name}-server`,
      {
        engine: "mysql",
        engineVersion: MYSQL_VERSION,
        autoMinorVersionUpgrade: true,
        instanceClass: args.instanceClass,
        multiAz: true,
        storageType: "gp3",
        allocatedStorage: args.storageGib,
        maxAllocatedStorage: args.maxStorageGib,
        storageEncrypted: true,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [args.securityGroupId],
        publiclyAccessible: false,
        port: 3306,
        caCertIdentifier: "rds-ca-rsa2048-g1",
        parameterGroupName: parameters.name,
        dbName: args.databaseName,
        username: ADMINISTRATOR,
        password,
        backupRetentionPeriod: args.backupRetentionDays,
        backupWindow: NIGHT.databaseBackup,
        maintenanceWindow: NIGHT.databaseMaintenance,
        copyTagsToSnapshot: true,
        deletionProtection: protect,
        deleteAutomatedBackups: !protect,
        // Also when protection is off: it is what remains of a site that was taken down too early.
        skipFinalSnapshot: false,
        finalSnapshotIdentifier: pulumi.interpolate`${name}-final-${suffix.result}`,
        enabledCloudwatchLogsExports: ["error", "slowquery"],
        databaseInsightsMode: "standard",
        performanceInsightsEnabled: true,
        performanceInsightsRetentionPeriod: 7,
        tags,
      },
      { parent: this, protect, retainOnDelete: protect },
    );

    this.address = server.address;
    this.port = server.port;
    this.secretArn = loginSecret(
      name,
      {
        ...{ description: `Administrator of ${name}`, username: ADMINISTRATOR, password, protect },
        // It crosses like any secret of the app's: whoever restores a dump elsewhere, or lends the standby its login, needs it.
        tags: { ...tags, [REPLICATE_TAG]: tags.Workload },
      },
      this,
      // A new password is told when the server takes it: whoever is refused reads again.
      [server],
    );
    this.identifier = server.identifier;
    this.arn = server.arn;
    this.registerOutputs({ address: this.address, secretArn: this.secretArn });
  }
}
