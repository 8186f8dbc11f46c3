import * as azure from "@pulumi/azure-native";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { ADMINISTRATOR } from "../../lambdas/database/layout.ts";
import type { Tags } from "../tags.ts";
import { SERVER_PARAMETERS } from "./database-parameters.ts";
import type { DatabasePlan } from "./standby-plan.ts";

export interface DatabaseArgs {
  resourceGroupName: pulumi.Input<string>;
  /** Id of the subnet that is delegated to MySQL servers. */
  subnetId: pulumi.Input<string>;
  /** Id of the private DNS zone in which the server finds its name. */
  privateZoneId: pulumi.Input<string>;
  /** The vault that takes the administrator's credentials. */
  vaultName: pulumi.Input<string>;
  /** Short name of the workload; begins the server's name. @example "shop" */
  workload: string;
  /** Compute of the server; it can be changed while the server runs. @example { sku: "Standard_D4ads_v5", tier: "GeneralPurpose" } */
  size: { sku: string; tier: "GeneralPurpose" | "MemoryOptimized" };
  /** Storage in GiB, 20 to 16384; it can grow and never shrink. */
  storageGib: number;
  /** Whether a second server waits in another zone; Azure decides that when it makes the server. */
  highAvailability: boolean;
  /**
   * What becomes of the server when the program leaves it out: see `DatabasePlan.keeping`. A server that is kept after
   * its disaster has its name for good, and the next disaster gets another one.
   */
  keeping: DatabasePlan["keeping"];
  /** Days for which the server can be restored to any moment, 1 to 35. */
  backupRetentionDays: number;
  /**
   * Password of the administrator.
   * @default a random one
   */
  password?: pulumi.Input<string>;
  /** The one database that is made. @example "app" */
  databaseName: string;
  /**
   * Refuse to delete the server and what belongs to it.
   * @default true
   */
  protectData?: boolean;
  /** Tags of every resource. */
  tags: Tags;
}

const PORT = 3306;

/** The standby's MySQL server, without a public address, and the credentials of its administrator in a vault. */
export class Database extends pulumi.ComponentResource {
  readonly serverId: pulumi.Output<string>;
  readonly serverName: pulumi.Output<string>;
  readonly host: pulumi.Output<string>;
  readonly port = PORT;
  /** Address of the secret that holds `{"username","password"}`, without a version: readers get the newest. */
  readonly secretId: pulumi.Output<string>;
  /** Resource id of that secret, where rights to it are given. */
  readonly secretResourceId: pulumi.Output<string>;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("multicloud-dr:standby:Database", name, {}, opts);
    const { resourceGroupName, tags } = args;
    const keep = args.protectData ?? true;
    const data = {
      parent: this,
      protect: keep && args.keeping === "protected",
      retainOnDelete: keep && args.keeping !== "disposable",
    };

    // A server that is kept after its disaster has its name for good, and its secret is named after it.
    const suffix = new random.RandomString(`${name}-suffix`, { length: 8, upper: false, special: false }, data);
    const serverName = pulumi.interpolate`${args.workload}-standby-${suffix.result}`;
    const password = pulumi.secret(args.password ?? this.#password(name, data));
    const secret = new azure.keyvault.Secret(
      `${name}-secret`,
      {
        resourceGroupName,
        vaultName: args.vaultName,
        secretName: serverName,
        properties: {
          value: pulumi.secret(pulumi.jsonStringify({ username: ADMINISTRATOR, password })),
          contentType: "application/json",
        },
        tags,
      },
      data,
    );
    const server = new azure.dbformysql.Server(
      `${name}-server`,
      {
        resourceGroupName,
        serverName,
        version: "8.4",
        administratorLogin: ADMINISTRATOR,
        administratorLoginPassword: password,
        sku: { name: args.size.sku, tier: args.size.tier },
        storage: storageOf(args),
        highAvailability: { mode: args.highAvailability ? "ZoneRedundant" : "Disabled" },
        backup: { backupRetentionDays: args.backupRetentionDays, geoRedundantBackup: "Disabled" },
        network: {
          delegatedSubnetResourceId: args.subnetId,
          privateDnsZoneResourceId: args.privateZoneId,
          publicNetworkAccess: "Disabled",
        },
        tags,
      },
      data,
    );
    const configured = this.#configure(name, args, server);
    const database = new azure.dbformysql.Database(
      `${name}-database`,
      {
        resourceGroupName,
        serverName: server.name,
        databaseName: args.databaseName,
        charset: "utf8mb4",
        collation: "utf8mb4_0900_ai_ci",
      },
      { ...data, dependsOn: configured, deletedWith: server },
    );

    // Told when all of it stands: whoever stops the server in the midst of its parameters would make them fail.
    this.serverId = pulumi.all([server.id, database.id]).apply(([id]) => id);
    this.serverName = server.name;
    this.host = server.fullyQualifiedDomainName;
    this.secretId = secret.properties.secretUri;
    this.secretResourceId = secret.id;
    this.registerOutputs({ serverName: this.serverName, host: this.host, secretId: this.secretId });
  }

  /** Both clouds take 32 letters and digits, and so does MySQL from a follower, which takes no more. */
  #password(name: string, data: pulumi.CustomResourceOptions): pulumi.Output<string> {
    const shape = { length: 32, special: false, minLower: 1, minUpper: 1, minNumeric: 1 };
    return new random.RandomPassword(`${name}-password`, shape, data).result;
  }

  /** Sets the parameters one after another: a flexible server that is busy with one may refuse the next (ServerBusy). */
  #configure(name: string, args: DatabaseArgs, server: azure.dbformysql.Server): pulumi.Resource {
    const retainOnDelete = (args.protectData ?? true) && args.keeping !== "disposable";
    return SERVER_PARAMETERS.reduce<pulumi.Resource>(
      (former, { name: configurationName, value }) =>
        new azure.dbformysql.Configuration(
          `${name}-${configurationName.replaceAll("_", "-")}`,
          {
            resourceGroupName: args.resourceGroupName,
            serverName: server.name,
            configurationName,
            value,
            source: azure.dbformysql.ConfigurationSource.User_override,
          },
          // The provider deletes a parameter by setting its default, which needs a server that runs.
          { parent: this, dependsOn: former, retainOnDelete, deletedWith: server },
        ),
      server,
    );
  }
}

function storageOf({ storageGib, highAvailability }: DatabaseArgs) {
  return {
    storageSizeGB: storageGib,
    // Storage cannot shrink ("Limitations in Azure Database for MySQL"): a server that grew by itself would refuse every
    // update that still names its first size, and the one that makes it larger in a disaster is such an update. Azure
    // gives no choice where there is a second server ("High availability concepts"); that one is full-sized from birth.
    autoGrow: highAvailability ? azure.dbformysql.EnableStatusEnum.Enabled : azure.dbformysql.EnableStatusEnum.Disabled,
    // Paid by use: a load is as fast as the disk can take it, and an idle server costs nothing for it.
    autoIoScaling: azure.dbformysql.EnableStatusEnum.Enabled,
  };
}
