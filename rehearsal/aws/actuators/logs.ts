import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  type LogGroup,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Actuator } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, text } from "./common.ts";

/** The periods that CloudWatch Logs knows (PutRetentionPolicy), in days; 0 keeps for ever. */
const RETENTION_DAYS = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** aws:cloudwatch/logGroup:LogGroup */
export const logGroup: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix"],

  async check(inputs, { cloud, former }) {
    const refusals = [];
    const name = text(inputs.name);
    if (name !== undefined && !/^[\w./#-]{1,512}$/.test(name)) {
      const reason = `"${name}" is no log group name: 1 to 512 of a-z, A-Z, 0-9, '_', '-', '/', '.' and '#' (CreateLogGroup)`;
      refusals.push({ property: "name", reason });
    } else if (name !== undefined && name !== former?.name && (await find(cloud, name))) {
      refusals.push({
        property: "name",
        reason: `the log group "${name}" exists already (ResourceAlreadyExistsException)`,
      });
    }
    const { retentionInDays } = inputs;
    if (retentionInDays !== undefined && !RETENTION_DAYS.includes(Number(retentionInDays))) {
      const reason = `${retentionInDays} is no retention period: one of ${RETENTION_DAYS.join(", ")} days (PutRetentionPolicy)`;
      refusals.push({ property: "retentionInDays", reason });
    }
    return refusals;
  },

  async create(inputs, cloud) {
    const logGroupName = String(inputs.name);
    await cloud.logs.send(new CreateLogGroupCommand({ logGroupName }));
    await retain(cloud, logGroupName, inputs.retentionInDays);
    return {
      id: logGroupName,
      properties: { arn: cloud.arn("logs", `log-group:${logGroupName}`), tagsAll: inputs.tags },
    };
  },

  async read({ id }, cloud) {
    const found = await find(cloud, id);
    return found && { retentionInDays: found.retentionInDays };
  },

  async update({ id }, inputs, cloud) {
    await retain(cloud, id, inputs.retentionInDays);
    return { tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.logs.send(new DeleteLogGroupCommand({ logGroupName: id }))),
};

async function find(cloud: AwsCloud, name: string): Promise<LogGroup | undefined> {
  const { logGroups = [] } = await cloud.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  return logGroups.find(({ logGroupName }) => logGroupName === name);
}

async function retain(cloud: AwsCloud, logGroupName: string, days: unknown): Promise<void> {
  if (days) await cloud.logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: Number(days) }));
}
