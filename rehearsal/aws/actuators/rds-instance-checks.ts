import { type DBInstance, DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import type { CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { number, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { findParameterGroup } from "./rds-parameter-group.ts";
import { findSubnetGroup } from "./rds-subnet-group.ts";
import { windowRefusals } from "./rds-windows.ts";

const LEFT_OUT = [
  ...["allowMajorVersionUpgrade", "blueGreenUpdate", "characterSetName", "customIamInstanceProfile", "domain"],
  ...["customerOwnedIpEnabled", "dedicatedLogVolume", "domainAuthSecretArn", "domainDnsIps", "domainFqdn"],
  ...["domainIamRoleName", "domainOu", "ncharCharacterSetName", "networkType", "optionGroupName", "passwordWo"],
  ...["passwordWoVersion", "replicaMode", "replicateSourceDb", "restoreToPointInTime", "snapshotIdentifier"],
  ...["timezone", "upgradeStorageConfig"],
];

/** What must not change on an instance here; RDS would restart or rename it. */
const STEADY = ["identifier", "port"];

/** Form of each text, and the rule in words. */
const FORMS: Record<string, [RegExp, string]> = {
  identifier: [
    /^[a-z](-?[a-z0-9]){0,62}$/,
    "1 to 63 lowercase letters, digits and single hyphens between them, beginning with a letter (CreateDBInstance)",
  ],
  engine: [/^mysql$/, "the local AWS runs MySQL only"],
  engineVersion: [/^8\.4(\.\d{1,2})?$/, "the local AWS takes 8.4 and its patches only; support of 8.0 has ended"],
  instanceClass: [
    /^db\.[a-z]\w+(-\w+)?\.(micro|small|medium|large|(\d+)?xlarge)$/,
    "such as db.m7g.large (DB instance classes)",
  ],
  storageType: [/^(gp2|gp3|io1|io2|standard)$/, "one of gp2, gp3, io1, io2, standard (CreateDBInstance)"],
  username: [/^[A-Za-z]\w{0,15}$/, "1 to 16 letters, digits and '_', beginning with a letter (CreateDBInstance)"],
  password: [
    /^(?=.{8,41}$)[!#-.0-?A-~]*$/,
    'not 8 to 41 printable ASCII letters without / " @ and blanks (CreateDBInstance)',
  ],
  dbName: [/^[A-Za-z]\w{0,63}$/, "1 to 64 letters, digits and '_', beginning with a letter (CreateDBInstance)"],
  caCertIdentifier: [
    /^rds-ca-(rsa2048|rsa4096|ecc384)-g1$/,
    "one of rds-ca-rsa2048-g1, rds-ca-rsa4096-g1, rds-ca-ecc384-g1 (Using SSL/TLS to encrypt a connection)",
  ],
  finalSnapshotIdentifier: [
    /^[A-Za-z](-?[A-Za-z0-9]){0,254}$/,
    "1 to 255 letters, digits and single hyphens between them, beginning with a letter (DeleteDBInstance)",
  ],
};

/** Least and most of each number (CreateDBInstance). */
const RANGES: Record<string, [number, number]> = {
  allocatedStorage: [20, 65_536],
  backupRetentionPeriod: [0, 35],
  maxAllocatedStorage: [0, 65_536],
  port: [1150, 65_535],
};

/** Values that are one of a few (CreateDBInstance). */
const CHOICES: Record<string, unknown[]> = {
  databaseInsightsMode: ["standard", "advanced"],
  enabledCloudwatchLogsExports: ["audit", "error", "general", "iam-db-auth-error", "slowquery"],
  monitoringInterval: [0, 1, 5, 10, 15, 30, 60],
  // A week, whole months of 31 days, or two years.
  performanceInsightsRetentionPeriod: [7, ...Array.from({ length: 23 }, (_, month) => (month + 1) * 31), 731],
};

/** Everything that RDS would refuse about an instance. */
export async function checkInstance(inputs: Properties, context: CheckContext<AwsCloud>): Promise<Refusal[]> {
  return [
    ...refuseLeftOut(inputs, LEFT_OUT, "make a new MySQL without this"),
    ...formRefusals(inputs),
    ...storageRefusals(inputs, context.former),
    ...passwordRefusals(inputs, context.unknown),
    ...missingRefusals(inputs, context.unknown),
    ...steadyRefusals(inputs, context.former),
    ...windowRefusals(inputs),
    ...(await takenRefusals(inputs, context)),
  ];
}

export async function findInstance(cloud: AwsCloud, identifier: string): Promise<DBInstance | undefined> {
  const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier });
  return (await unlessMissing(cloud.rds.send(command)))?.DBInstances?.[0];
}

function formRefusals(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  for (const [property, [form, rule]] of Object.entries(FORMS)) {
    const value = text(inputs[property]);
    if (value === undefined || form.test(value)) continue;
    // A password is not repeated where people read along.
    refusals.push({ property, reason: property === "password" ? `it is ${rule}` : `"${value}": ${rule}` });
  }
  for (const [property, [least, most]] of Object.entries(RANGES)) {
    const value = inputs[property];
    if (value === undefined || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)) continue;
    refusals.push({ property, reason: `${value} is out of range: ${least} to ${most} (CreateDBInstance)` });
  }
  for (const [property, choices] of Object.entries(CHOICES)) {
    for (const value of [inputs[property]].flat().filter((each) => each !== undefined && !choices.includes(each))) {
      refusals.push({ property, reason: `${value} is none of ${choices.join(", ")} (CreateDBInstance)` });
    }
  }
  if (number(inputs.monitoringInterval) && inputs.monitoringRoleArn === undefined) {
    const reason = "given without monitoringRoleArn: enhanced monitoring needs a role (CreateDBInstance)";
    refusals.push({ property: "monitoringInterval", reason });
  }
  return refusals;
}

function storageRefusals(inputs: Properties, former: Properties | undefined): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (property: string, reason: string) => refusals.push({ property, reason });
  const allocated = number(inputs.allocatedStorage);
  const most = number(inputs.maxAllocatedStorage);
  const type = text(inputs.storageType);
  // 0 turns storage autoscaling off.
  if (allocated !== undefined && most && most < allocated * 1.1) {
    const reason = `${most} GiB: at least a tenth above allocatedStorage, ${allocated} GiB (Managing capacity automatically with Amazon RDS storage autoscaling)`;
    refuse("maxAllocatedStorage", reason);
  }
  if (allocated !== undefined && allocated < Number(former?.allocatedStorage ?? 0)) {
    refuse(
      "allocatedStorage",
      `${allocated} GiB is less than it has, ${former?.allocatedStorage}: storage only grows (ModifyDBInstance)`,
    );
  }
  if ((type === "io1" || type === "io2") && (allocated ?? 100) < 100) {
    refuse("allocatedStorage", `${allocated} GiB: ${type} begins at 100 GiB (CreateDBInstance)`);
  }
  if (type === "gp3" && (allocated ?? 400) < 400) {
    for (const property of ["iops", "storageThroughput"].filter((each) => inputs[each] !== undefined)) {
      refuse(
        property,
        "gp3 of MySQL below 400 GiB has 3000 IOPS and 125 MiB/s, no more and no less (Amazon RDS DB instance storage)",
      );
    }
  }
  return refusals;
}

function passwordRefusals(inputs: Properties, unknown: ReadonlySet<string>): Refusal[] {
  const given = inputs.password !== undefined || unknown.has("password");
  if (inputs.manageMasterUserPassword === true && given) {
    return [
      { property: "password", reason: "given beside manageMasterUserPassword: RDS makes it then (CreateDBInstance)" },
    ];
  }
  if (given || inputs.manageMasterUserPassword === true || unknown.has("manageMasterUserPassword")) return [];
  return [
    { property: "password", reason: "no password is given: set it, or manageMasterUserPassword (CreateDBInstance)" },
  ];
}

function missingRefusals(inputs: Properties, unknown: ReadonlySet<string>): Refusal[] {
  return ["allocatedStorage", "engine", "instanceClass", "username"]
    .filter((property) => inputs[property] === undefined && !unknown.has(property))
    .map((property) => ({ property, reason: "it must be given for a new database (CreateDBInstance)" }));
}

function steadyRefusals(inputs: Properties, former: Properties | undefined): Refusal[] {
  if (!former) return [];
  return STEADY.filter((property) => inputs[property] !== undefined && inputs[property] !== former[property]).map(
    (property) => ({
      property,
      reason: `the local AWS does not change it from ${former[property]}: replace the instance`,
    }),
  );
}

/** That nobody else has the name. */
async function takenRefusals(inputs: Properties, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const identifier = text(inputs.identifier);
  if (identifier === undefined || former || !(await findInstance(cloud, identifier))) return [];
  return [{ property: "identifier", reason: `the instance "${identifier}" exists already (DBInstanceAlreadyExists)` }];
}

/**
 * Fails unless the groups that an instance names are there. Asked when it is made, not when it is checked: in a preview
 * their names are known and they are yet to be made.
 */
export async function requireGroups(inputs: Properties, cloud: AwsCloud): Promise<void> {
  const subnets = text(inputs.dbSubnetGroupName);
  if (subnets !== undefined && !(await findSubnetGroup(cloud, subnets))) {
    throw new Error(`dbSubnetGroupName: there is no subnet group "${subnets}" (DBSubnetGroupNotFoundFault)`);
  }
  const parameters = text(inputs.parameterGroupName);
  if (parameters !== undefined && !(await findParameterGroup(cloud, parameters))) {
    throw new Error(`parameterGroupName: there is no parameter group "${parameters}" (DBParameterGroupNotFound)`);
  }
}
