import type { CreateDBInstanceCommandInput, DBInstance } from "@aws-sdk/client-rds";
import type { Properties } from "../../provider/codec.ts";
import { list, number, text } from "./common.ts";

type Settings = Omit<CreateDBInstanceCommandInput, "DBInstanceIdentifier" | "DBInstanceClass" | "Engine">;

/** The settings that can be changed on an instance as RDS's API writes them. */
export function instanceRequest(inputs: Properties): Settings {
  const groups = list(inputs.vpcSecurityGroupIds).map(String);
  return {
    AllocatedStorage: number(inputs.allocatedStorage),
    AutoMinorVersionUpgrade: flag(inputs.autoMinorVersionUpgrade),
    AvailabilityZone: text(inputs.availabilityZone),
    BackupRetentionPeriod: number(inputs.backupRetentionPeriod) ?? 0,
    CACertificateIdentifier: text(inputs.caCertIdentifier),
    CopyTagsToSnapshot: flag(inputs.copyTagsToSnapshot) ?? false,
    DBParameterGroupName: text(inputs.parameterGroupName),
    DBSubnetGroupName: text(inputs.dbSubnetGroupName),
    DatabaseInsightsMode: inputs.databaseInsightsMode as Settings["DatabaseInsightsMode"],
    DeletionProtection: flag(inputs.deletionProtection) ?? false,
    EnableCloudwatchLogsExports: list(inputs.enabledCloudwatchLogsExports).map(String),
    EnableIAMDatabaseAuthentication: flag(inputs.iamDatabaseAuthenticationEnabled),
    EnablePerformanceInsights: flag(inputs.performanceInsightsEnabled),
    EngineVersion: text(inputs.engineVersion),
    Iops: number(inputs.iops),
    KmsKeyId: text(inputs.kmsKeyId),
    MaxAllocatedStorage: number(inputs.maxAllocatedStorage) || undefined,
    MonitoringInterval: number(inputs.monitoringInterval),
    MonitoringRoleArn: text(inputs.monitoringRoleArn),
    MultiAZ: flag(inputs.multiAz) ?? false,
    PerformanceInsightsRetentionPeriod: number(inputs.performanceInsightsRetentionPeriod),
    PreferredBackupWindow: text(inputs.backupWindow),
    PreferredMaintenanceWindow: text(inputs.maintenanceWindow),
    PubliclyAccessible: flag(inputs.publiclyAccessible) ?? false,
    StorageEncrypted: flag(inputs.storageEncrypted) ?? false,
    StorageThroughput: number(inputs.storageThroughput),
    StorageType: text(inputs.storageType),
    VpcSecurityGroupIds: groups.length > 0 ? groups : undefined,
  };
}

/** The settings that the emulator's record has, as the inputs write them; the others are in the engine's state alone. */
export function instanceSettings(found: DBInstance, properties: Properties): Properties {
  const groups = (found.VpcSecurityGroups ?? []).map(({ VpcSecurityGroupId }) => VpcSecurityGroupId);
  const sameGroups =
    JSON.stringify(groups.toSorted()) === JSON.stringify(list(properties.vpcSecurityGroupIds).toSorted());
  return {
    allocatedStorage: found.AllocatedStorage,
    autoMinorVersionUpgrade: found.AutoMinorVersionUpgrade,
    backupRetentionPeriod: found.BackupRetentionPeriod,
    backupWindow: found.PreferredBackupWindow,
    copyTagsToSnapshot: found.CopyTagsToSnapshot,
    dbSubnetGroupName: found.DBSubnetGroup?.DBSubnetGroupName,
    deletionProtection: found.DeletionProtection,
    instanceClass: found.DBInstanceClass,
    maintenanceWindow: found.PreferredMaintenanceWindow,
    maxAllocatedStorage: found.MaxAllocatedStorage ?? (properties.maxAllocatedStorage === 0 ? 0 : undefined),
    multiAz: found.MultiAZ,
    parameterGroupName: found.DBParameterGroups?.[0]?.DBParameterGroupName,
    publiclyAccessible: found.PubliclyAccessible,
    storageEncrypted: found.StorageEncrypted,
    storageType: found.StorageType,
    vpcSecurityGroupIds: sameGroups ? properties.vpcSecurityGroupIds : groups,
  };
}

function flag(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}
