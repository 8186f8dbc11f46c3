import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  ListTagsForResourceCommand,
  type StateMachineType,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import type { Actuator } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { asGiven } from "./documents.ts";
import { requireTrust, type Trusted } from "./role-trust.ts";
import { checkStateMachine } from "./state-machine-checks.ts";
import { findStateMachine } from "./state-machine-lookup.ts";
import { removedTags, tagsOf } from "./tags.ts";

const STEP_FUNCTIONS: Trusted = {
  service: "states.amazonaws.com",
  error: "AccessDeniedException",
  source: "CreateStateMachine",
};

/**
 * aws:sfn/stateMachine:StateMachine; its `id` is its ARN.
 *
 * Whether its role has the rights is not looked at: they name the machine, so they come after it.
 */
export const stateMachine: Actuator<AwsCloud> = {
  autoname: { property: "name", make: (name, hex) => `${name}-${hex.slice(0, 7)}` },
  replaceOn: ["name", "namePrefix", "type"],

  check: checkStateMachine,

  async create(inputs, cloud) {
    await requireTrust(cloud, String(inputs.roleArn), STEP_FUNCTIONS);
    const { stateMachineArn, creationDate } = await cloud.sfn.send(
      new CreateStateMachineCommand({
        name: String(inputs.name),
        type: (inputs.type ?? "STANDARD") as StateMachineType,
        definition: String(inputs.definition),
        roleArn: String(inputs.roleArn),
        tags: listOf(inputs.tags),
      }),
    );
    const arn = String(stateMachineArn);
    const creation = creationDate?.toISOString();
    return { id: arn, properties: { arn, creationDate: creation, status: "ACTIVE", tagsAll: inputs.tags } };
  },

  async read({ id, properties }, cloud) {
    const found = await findStateMachine(cloud, id);
    if (!found) return undefined;
    const { tags = [] } = await cloud.sfn.send(new ListTagsForResourceCommand({ resourceArn: id }));
    const there = Object.fromEntries(tags.map(({ key = "", value = "" }) => [key, value]));
    return {
      arn: id,
      status: found.status,
      type: found.type,
      definition: asGiven(found.definition, properties.definition),
      roleArn: found.roleArn,
      tags: there,
      tagsAll: there,
    };
  },

  async update({ id, properties }, inputs, cloud) {
    await requireTrust(cloud, String(inputs.roleArn), STEP_FUNCTIONS);
    const { definition, roleArn } = inputs;
    await cloud.sfn.send(
      new UpdateStateMachineCommand({
        stateMachineArn: id,
        definition: String(definition),
        roleArn: String(roleArn),
      }),
    );
    const tagKeys = removedTags(properties.tags, inputs.tags);
    if (tagKeys.length > 0) await cloud.sfn.send(new UntagResourceCommand({ resourceArn: id, tagKeys }));
    const tags = listOf(inputs.tags);
    if (tags.length > 0) await cloud.sfn.send(new TagResourceCommand({ resourceArn: id, tags }));
    return { tagsAll: inputs.tags };
  },

  // One that is gone already is no error to Step Functions itself ("DeleteStateMachine"); to the emulator it is.
  async delete({ id }, cloud) {
    if (!(await findStateMachine(cloud, id))) return;
    await cloud.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: id }));
  },
};

function listOf(tags: unknown): { key: string; value: string }[] {
  return Object.entries(tagsOf(tags)).map(([key, value]) => ({ key, value }));
}
