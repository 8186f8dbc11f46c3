import {
  CreateDBInstanceCommand,
  type DBInstance,
  DeleteDBInstanceCommand,
  ModifyDBInstanceCommand,
} from "@aws-sdk/client-rds";
import type { Parameters } from "../../local/mysqld.ts";
import type { Actuator } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { number, text } from "./common.ts";
import { rdsTags, retagRds } from "./rds-common.ts";
import { RDS_EXTERNAL_SOURCE } from "./rds-external-source.ts";
import { checkInstance, findInstance, requireGroups } from "./rds-instance-checks.ts";
import { instanceRequest, instanceSettings } from "./rds-instance-settings.ts";
import { parametersOf } from "./rds-parameters.ts";
import { RDS_PROCEDURES } from "./rds-procedures.ts";
import { createMasterSecret, deleteMasterSecret, masterSecretOf, newPassword } from "./rds-secret.ts";
import { toTagList } from "./tags.ts";

/** MySQL's own port, which RDS takes when none is given. */
const PORT = 3306;

/**
 * aws:rds/instance:Instance; its `id` is its resource id. MySQL only, and behind it a real server: `address` is
 * an address of this machine, since nobody could resolve a host name of RDS's form.
 *
 * The emulator keeps the record; what its record has no room for the engine's state keeps.
 */
export const instance: Actuator<AwsCloud> = {
  replaceOn: [
    ...["availabilityZone", "backupTarget", "dbName", "engine", "identifierPrefix", "kmsKeyId", "region"],
    ...["storageEncrypted", "username"],
  ],

  check: checkInstance,

  async create(inputs, cloud) {
    await requireGroups(inputs, cloud);
    const identifier = text(inputs.identifier) ?? `${text(inputs.identifierPrefix) ?? "terraform-"}${Date.now()}`;
    const arn = cloud.arn("rds", `db:${identifier}`);
    const username = String(inputs.username);
    const managed = inputs.manageMasterUserPassword === true;
    const password = managed ? newPassword() : String(inputs.password);
    const { DBInstance } = await cloud.rds.send(
      new CreateDBInstanceCommand({
        ...instanceRequest(inputs),
        DBInstanceIdentifier: identifier,
        DBInstanceClass: String(inputs.instanceClass),
        Engine: "mysql",
        MasterUsername: username,
        MasterUserPassword: password,
        DBName: text(inputs.dbName),
        Tags: toTagList(inputs.tags),
      }),
    );
    if (inputs.backupWindow !== undefined) {
      // The emulator takes it from a change only.
      const PreferredBackupWindow = text(inputs.backupWindow);
      await cloud.rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: identifier, PreferredBackupWindow }));
    }
    const parameters = await serverParameters(cloud, inputs);
    const server = await cloud.databases.create(arn, {
      name: identifier,
      port: number(inputs.port) ?? PORT,
      lowerCaseNames: parameters.lower_case_table_names === "1",
      parameters,
      administrator: { user: username, password },
    });
    for (const statement of [...RDS_PROCEDURES, ...RDS_EXTERNAL_SOURCE]) await server.query(statement);
    if (inputs.dbName !== undefined) await server.query("CREATE DATABASE ??", [inputs.dbName]);
    const secret = managed
      ? [await createMasterSecret(cloud, arn, { username, password }, inputs.masterUserSecretKmsKeyId, inputs.tags)]
      : [];
    return {
      id: String(DBInstance?.DbiResourceId),
      properties: { ...outputs(cloud, DBInstance, inputs), masterUserSecrets: secret },
    };
  },

  async read({ properties }, cloud) {
    const found = await findInstance(cloud, String(properties.identifier));
    if (!found) return undefined;
    const tags = await rdsTags(cloud, String(found.DBInstanceArn));
    return { ...instanceSettings(found, properties), ...outputs(cloud, found, properties), tags, tagsAll: tags };
  },

  async update({ properties }, inputs, cloud) {
    const identifier = String(properties.identifier);
    const arn = cloud.arn("rds", `db:${identifier}`);
    const { DBInstance } = await cloud.rds.send(
      new ModifyDBInstanceCommand({
        ...instanceRequest(inputs),
        DBInstanceIdentifier: identifier,
        DBInstanceClass: text(inputs.instanceClass),
        ApplyImmediately: inputs.applyImmediately === true,
        // What it has already, as the most, turns storage autoscaling off (ModifyDBInstance).
        MaxAllocatedStorage: number(inputs.maxAllocatedStorage) || number(inputs.allocatedStorage),
      }),
    );
    const masterUserSecrets = await changePassword(cloud, arn, properties, inputs);
    await changeServer(cloud, arn, properties, inputs);
    await retagRds(cloud, arn, properties.tags, inputs.tags);
    return { ...outputs(cloud, DBInstance, inputs), masterUserSecrets };
  },

  async delete({ properties }, cloud) {
    const DBInstanceIdentifier = String(properties.identifier);
    if (!(await findInstance(cloud, DBInstanceIdentifier))) return;
    const skip = properties.skipFinalSnapshot === true;
    const snapshot = text(properties.finalSnapshotIdentifier);
    if (!skip && snapshot === undefined) {
      throw new Error(
        `${DBInstanceIdentifier} has no finalSnapshotIdentifier, and skipFinalSnapshot is not true: RDS deletes it ` +
          "only with a final snapshot or with the word to do without (DeleteDBInstance)",
      );
    }
    await cloud.rds.send(
      new DeleteDBInstanceCommand({
        DBInstanceIdentifier,
        SkipFinalSnapshot: skip,
        FinalDBSnapshotIdentifier: skip ? undefined : snapshot,
        DeleteAutomatedBackups: properties.deleteAutomatedBackups !== false,
      }),
    );
    await cloud.databases.destroy(cloud.arn("rds", `db:${DBInstanceIdentifier}`));
    await deleteMasterSecret(cloud, masterSecretOf(properties));
  },
};

function outputs(cloud: AwsCloud, found: DBInstance | undefined, inputs: Properties): Properties {
  const identifier = String(found?.DBInstanceIdentifier);
  const server = cloud.databases.find(cloud.arn("rds", `db:${identifier}`));
  const given = String(inputs.engineVersion ?? found?.EngineVersion);
  return {
    identifier,
    arn: cloud.arn("rds", `db:${identifier}`),
    address: server?.address,
    endpoint: server && `${server.address}:${server.port}`,
    port: server?.port,
    hostedZoneId: found?.Endpoint?.HostedZoneId,
    resourceId: found?.DbiResourceId,
    status: found?.DBInstanceStatus,
    availabilityZone: found?.AvailabilityZone,
    engineVersion: given,
    // The newest patch, as RDS takes it when only the release is named.
    engineVersionActual: given === "8.4" ? "8.4.7" : given,
    latestRestorableTime: found?.LatestRestorableTime?.toISOString(),
    listenerEndpoints: [],
    replicas: [],
    tagsAll: inputs.tags,
  };
}

/** What the server begins with; binary logs are written only while automated backups are kept (Backup retention period). */
async function serverParameters(cloud: AwsCloud, inputs: Properties): Promise<Parameters> {
  const parameters = await parametersOf(cloud, text(inputs.parameterGroupName));
  return keepsBackups(inputs) ? parameters : { ...parameters, disable_log_bin: "ON", gtid_mode: "OFF" };
}

/** RDS keeps backups for a day when its API is told nothing; the provider then tells it 0. */
function keepsBackups(inputs: Properties): boolean {
  return (number(inputs.backupRetentionPeriod) ?? 0) > 0;
}

/** Another parameter group waits for the next reboot; turning backups on or off is one. */
async function changeServer(cloud: AwsCloud, arn: string, former: Properties, inputs: Properties): Promise<void> {
  const server = cloud.databases.get(arn);
  await server.configure(await serverParameters(cloud, inputs));
  if (keepsBackups(former) === keepsBackups(inputs)) return;
  await server.stop();
  await server.start();
}

/** Brings the master user's password to where the inputs want it, and tells of the secret that holds it. */
async function changePassword(
  cloud: AwsCloud,
  arn: string,
  former: Properties,
  inputs: Properties,
): Promise<unknown[]> {
  const secret = masterSecretOf(former);
  const managed = inputs.manageMasterUserPassword === true;
  if (managed && secret) return [secret];
  const username = String(inputs.username);
  const password = managed ? newPassword() : String(inputs.password);
  if (managed || secret || former.password !== inputs.password) {
    await cloud.databases.get(arn).query("ALTER USER ?@'%' IDENTIFIED BY ?", [username, password]);
  }
  await deleteMasterSecret(cloud, secret);
  if (!managed) return [];
  return [await createMasterSecret(cloud, arn, { username, password }, inputs.masterUserSecretKmsKeyId, inputs.tags)];
}
