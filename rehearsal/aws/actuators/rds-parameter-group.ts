import {
  CreateDBParameterGroupCommand,
  type DBParameterGroup,
  DeleteDBParameterGroupCommand,
  DescribeDBParameterGroupsCommand,
  DescribeDBParametersCommand,
  ModifyDBParameterGroupCommand,
  type Parameter,
  ResetDBParameterGroupCommand,
} from "@aws-sdk/client-rds";
import type { Actuator, CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, list, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { instancesWith, rdsTags, retagRds } from "./rds-common.ts";
import { FAMILY, parameterProblem, parametersOf, variableOf } from "./rds-parameters.ts";
import { toTagList } from "./tags.ts";

/** Most parameters of one call (ModifyDBParameterGroup). */
const MOST_AT_ONCE = 20;

/** A parameter as the program gives it. */
interface GivenParameter {
  name: string;
  value: string;
  applyMethod?: string;
}

/** aws:rds/parameterGroup:ParameterGroup */
export const parameterGroup: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}`.toLowerCase() },
  replaceOn: ["name", "namePrefix", "family", "description", "region"],

  async check(inputs, context) {
    return [
      ...refuseLeftOut(inputs, ["namePrefix", "skipDestroy"], "give it a name, or none"),
      ...(await checkName(inputs, context)),
      ...checkFamily(inputs),
      ...checkParameters(inputs, context.cloud),
    ];
  },

  async create(inputs, cloud) {
    const name = String(inputs.name);
    await cloud.rds.send(
      new CreateDBParameterGroupCommand({
        DBParameterGroupName: name,
        DBParameterGroupFamily: String(inputs.family),
        Description: text(inputs.description) ?? "Managed by Pulumi",
        Tags: toTagList(inputs.tags),
      }),
    );
    await modify(cloud, name, given(inputs));
    return { id: name, properties: { arn: cloud.arn("rds", `pg:${name}`), tagsAll: inputs.tags } };
  },

  async read({ id, properties }, cloud) {
    const found = await findParameterGroup(cloud, id);
    if (!found) return undefined;
    const command = new DescribeDBParametersCommand({ DBParameterGroupName: id, Source: "user" });
    const { Parameters = [] } = await cloud.rds.send(command);
    const tags = await rdsTags(cloud, cloud.arn("rds", `pg:${id}`));
    const parameters = parametersAsGiven(Parameters, given(properties));
    return { family: found.DBParameterGroupFamily, description: found.Description, parameters, tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    const next = given(inputs);
    const gone = given(properties).filter(({ name }) => !next.some((each) => each.name === name));
    if (gone.length > 0) {
      const Parameters = gone.map(({ name }) => ({ ParameterName: name, ApplyMethod: "pending-reboot" as const }));
      await cloud.rds.send(new ResetDBParameterGroupCommand({ DBParameterGroupName: id, Parameters }));
    }
    await modify(cloud, id, next);
    await applyToServers(cloud, id, next);
    await retagRds(cloud, cloud.arn("rds", `pg:${id}`), properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  async delete({ id }, cloud) {
    const users = await instancesWith(cloud, ({ DBParameterGroups = [] }) =>
      DBParameterGroups.some(({ DBParameterGroupName }) => DBParameterGroupName === id),
    );
    if (users.length > 0) {
      throw new Error(`the parameter group ${id} is in use by ${users.join(", ")} (InvalidDBParameterGroupState)`);
    }
    await ignoreMissing(cloud.rds.send(new DeleteDBParameterGroupCommand({ DBParameterGroupName: id })));
  },
};

export async function findParameterGroup(cloud: AwsCloud, name: string): Promise<DBParameterGroup | undefined> {
  const command = new DescribeDBParameterGroupsCommand({ DBParameterGroupName: name });
  return (await unlessMissing(cloud.rds.send(command)))?.DBParameterGroups?.[0];
}

function given(inputs: Properties): GivenParameter[] {
  return list(inputs.parameters) as GivenParameter[];
}

async function modify(cloud: AwsCloud, name: string, parameters: GivenParameter[]): Promise<void> {
  for (let start = 0; start < parameters.length; start += MOST_AT_ONCE) {
    const Parameters = parameters.slice(start, start + MOST_AT_ONCE).map((parameter) => ({
      ParameterName: parameter.name,
      ParameterValue: parameter.value,
      ApplyMethod: parameter.applyMethod === "pending-reboot" ? ("pending-reboot" as const) : ("immediate" as const),
    }));
    await cloud.rds.send(new ModifyDBParameterGroupCommand({ DBParameterGroupName: name, Parameters }));
  }
}

/** What is dynamic takes effect on the running servers at once, the rest at their next start. */
async function applyToServers(cloud: AwsCloud, group: string, parameters: GivenParameter[]): Promise<void> {
  const users = await instancesWith(cloud, ({ DBParameterGroups = [] }) =>
    DBParameterGroups.some(({ DBParameterGroupName }) => DBParameterGroupName === group),
  );
  for (const identifier of users) {
    const server = cloud.databases.find(cloud.arn("rds", `db:${identifier}`));
    if (!server) continue;
    await server.configure(await parametersOf(cloud, group));
    for (const { name, value, applyMethod } of server.isRunning ? parameters : []) {
      if (applyMethod === "pending-reboot" || value.includes("{")) continue;
      // RDS leaves what the server does not take while it runs to the next reboot.
      await server.setGlobal(variableOf(name), value).catch(() => {});
    }
  }
}

/** The group's parameters in the order, and in the words, in which the program gives them. */
function parametersAsGiven(found: Parameter[], asked: GivenParameter[]): GivenParameter[] {
  const values = new Map(found.map(({ ParameterName = "", ParameterValue = "" }) => [ParameterName, ParameterValue]));
  const kept = asked
    .filter(({ name }) => values.has(name))
    .map((each) => ({ ...each, value: values.get(each.name) ?? "" }));
  const others = [...values].filter(([name]) => !asked.some((each) => each.name === name));
  return [...kept, ...others.map(([name, value]) => ({ name, value }))];
}

async function checkName(inputs: Properties, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const name = text(inputs.name);
  if (name === undefined) return [];
  if (name.length > 255 || !/^[a-z](-?[a-z0-9])*$/.test(name)) {
    const reason = `"${name}" is no name of a parameter group: 1 to 255 lowercase letters, digits and single hyphens between them, beginning with a letter (CreateDBParameterGroup)`;
    return [{ property: "name", reason }];
  }
  if (name === former?.name || !(await findParameterGroup(cloud, name))) return [];
  return [{ property: "name", reason: `the parameter group "${name}" exists already (DBParameterGroupAlreadyExists)` }];
}

function checkFamily({ family }: Properties): Refusal[] {
  if (family === undefined || family === FAMILY) return [];
  return [{ property: "family", reason: `the local AWS runs MySQL 8.4 only: expected ${FAMILY}, found ${family}` }];
}

function checkParameters(inputs: Properties, { databases }: AwsCloud): Refusal[] {
  const names = given(inputs).map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) < index);
  const reasons = [
    ...given(inputs).map((parameter) => parameterProblem(parameter, databases.mysql.parameters)),
    ...twice.map((name) => `"${name}" is given more than once`),
  ];
  return reasons.filter((reason) => reason !== undefined).map((reason) => ({ property: "parameters", reason }));
}
