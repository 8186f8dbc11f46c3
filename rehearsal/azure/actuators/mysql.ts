import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { FLEXIBLE_SERVERS } from "../flexible-servers.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { serverRefusals } from "./mysql-checks.ts";
import { expectRunning, setParameter, stopped } from "./mysql-effects.ts";
import { configurationRefusals, defaultParameters } from "./mysql-parameters.ts";
import { azureProcedures } from "./mysql-procedures.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

/** The port of every server; none can be chosen. */
const PORT = 3306;

const SYSTEM_DATABASES = ["information_schema", "mysql", "performance_schema", "sys"];

const SERVER = {
  property: "serverName",
  id: (inputs: Properties, cloud: AzureCloud) =>
    inGroup(cloud, inputs.resourceGroupName, `${FLEXIBLE_SERVERS}/${inputs.serverName}`),
};

/**
 * azure-native:dbformysql:Server, a flexible server, with a real MySQL behind it: its host is an address of this
 * machine, since nobody could resolve a name of Azure's form.
 */
export const mysqlServer = armActuator({
  id: SERVER.id,
  name: {
    property: "serverName",
    pattern: /^(?=.{3,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    rule: "3 to 63 lowercase letters, digits and hyphens, no hyphen at either end (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  replaceOn: ["administratorLogin", "availabilityZone", "createMode", "restorePointInTime", "sourceServerResourceId"],
  check: serverRefusals,
  onCreate: async (inputs, cloud) => {
    await cloud.pace.take("databaseCreation");
    const server = await cloud.databases.create(SERVER.id(inputs, cloud), {
      name: String(inputs.serverName),
      port: PORT,
      // What a server has that is made without a word on it.
      lowerCaseNames: true,
      parameters: defaultParameters(inputs),
      administrator: { user: String(inputs.administratorLogin), password: String(inputs.administratorLoginPassword) },
    });
    for (const statement of azureProcedures(cloud.databases.authority)) await server.query(statement);
  },
  onWrite: async (inputs, id, cloud) => {
    const former = cloud.resources.get(id)?.properties;
    if (!former || !changes(former, inputs)) return;
    expectRunning(id, cloud);
    if (!isDeepStrictEqual(former.sku, inputs.sku)) await resize(id, cloud);
    const { administratorLogin: user, administratorLoginPassword: password } = inputs;
    if (password === undefined || password === former.administratorLoginPassword) return;
    await cloud.databases.get(id).query("ALTER USER ?@'%' IDENTIFIED BY ?", [user, password]);
  },
  outputs: (_inputs, id, cloud) => ({
    fullyQualifiedDomainName: cloud.databases.get(id).address,
    privateEndpointConnections: [],
    replicaCapacity: 10,
    replicationRole: "None",
    state: "Ready",
  }),
});

/** azure-native:dbformysql:Configuration, a server parameter; every server has every one, and keeps it. */
export const mysqlConfiguration = armActuator({
  id: (inputs, cloud) => `${SERVER.id(inputs, cloud)}/configurations/${inputs.configurationName}`,
  name: {
    property: "configurationName",
    pattern: /^[a-z][a-z0-9_.]*$/,
    rule: "the name of a server parameter (Server parameters)",
  },
  parent: SERVER,
  settings: true,
  check: (inputs, cloud) => configurationRefusals(inputs, SERVER.id(inputs, cloud), cloud),
  onWrite: async (inputs, _id, cloud) => {
    // Between check and write the server may have come.
    const [refusal] = configurationRefusals(inputs, SERVER.id(inputs, cloud), cloud);
    if (refusal) throw new Error(`${refusal.property}: ${refusal.reason}`);
    await setParameter(SERVER.id(inputs, cloud), String(inputs.configurationName), String(inputs.value), cloud);
  },
  outputs: ({ value, source }) => ({ currentValue: value, source: source ?? "user-override", isReadOnly: "False" }),
  keeps: (id, cloud) => stopped(serverOf(id), cloud),
});

/** azure-native:dbformysql:Database */
export const mysqlDatabase = armActuator({
  id: (inputs, cloud) => `${SERVER.id(inputs, cloud)}/databases/${inputs.databaseName}`,
  name: {
    property: "databaseName",
    pattern: /^[A-Za-z0-9_-]{1,64}$/,
    rule: "1 to 64 letters, digits, '_' and '-' (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: SERVER,
  replaceOn: ["charset", "collation"],
  check: ({ databaseName: name }) =>
    SYSTEM_DATABASES.includes(String(name).toLowerCase())
      ? [{ property: "databaseName", reason: `"${name}" is MySQL's own (Databases - Create Or Update)` }]
      : [],
  onCreate: async (inputs, cloud) => {
    const id = SERVER.id(inputs, cloud);
    expectRunning(id, cloud);
    const { charset = "utf8mb4", collation, databaseName } = inputs;
    const collate = collation === undefined ? "" : " COLLATE ?";
    await cloud.databases
      .get(id)
      .query(`CREATE DATABASE ?? CHARACTER SET ?${collate}`, [databaseName, charset, collation]);
  },
  outputs: ({ charset, collation }) => ({
    charset: charset ?? "utf8mb4",
    collation: collation ?? "utf8mb4_0900_ai_ci",
  }),
  keeps: (id, cloud) => stopped(serverOf(id), cloud),
});

/** Another size means a restart ("Service tiers", scale resources). */
async function resize(id: string, { databases, pace }: AzureCloud): Promise<void> {
  await databases.get(id).stop();
  await pace.take("databaseScaling");
  await databases.get(id).start();
}

function changes(former: Properties, inputs: Properties): boolean {
  return Object.keys(inputs).some((key) => !isDeepStrictEqual(inputs[key], former[key]));
}

function serverOf(id: string): string {
  return id.slice(0, id.lastIndexOf("/", id.lastIndexOf("/") - 1));
}
