import type { CheckContext, Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { fields, list, refuseLeftOut, text } from "./common.ts";
import { parse } from "./documents.ts";
import { checkRoleArn } from "./role-trust.ts";
import { findStateMachine } from "./state-machine-lookup.ts";

const LEFT_OUT = ["encryptionConfiguration", "loggingConfiguration", "tracingConfiguration", "publish"];
const STATE_TYPES = ["Choice", "Fail", "Map", "Parallel", "Pass", "Succeed", "Task", "Wait"];

/** Everything that Step Functions would refuse about a state machine, as far as the form of its definition goes. */
export async function checkStateMachine(inputs: Properties, context: CheckContext<AwsCloud>): Promise<Refusal[]> {
  const { cloud, former } = context;
  const role = inputs.roleArn === former?.roleArn ? undefined : text(inputs.roleArn);
  return [
    ...refuseLeftOut(inputs, LEFT_OUT, "what an execution did is in its history"),
    ...(await checkName(text(inputs.name), context)),
    ...checkType(text(inputs.type)),
    ...checkDefinition(text(inputs.definition)),
    ...(await checkRoleArn(cloud, role, { property: "roleArn", source: "CreateStateMachine" })),
  ];
}

async function checkName(name: string | undefined, { cloud, former }: CheckContext<AwsCloud>): Promise<Refusal[]> {
  if (name === undefined) return [];
  if (!/^[\w-]{1,80}$/.test(name)) {
    const reason = `"${name}" is no name: 1 to 80 of a-z, A-Z, 0-9, '_' and '-' (CreateStateMachine)`;
    return [{ property: "name", reason }];
  }
  if (name === former?.name || !(await findStateMachine(cloud, cloud.arn("states", `stateMachine:${name}`)))) return [];
  return [{ property: "name", reason: `the state machine "${name}" exists already (StateMachineAlreadyExists)` }];
}

function checkType(type: string | undefined): Refusal[] {
  if (type === undefined || type === "STANDARD" || type === "EXPRESS") return [];
  return [{ property: "type", reason: `"${type}" is neither STANDARD nor EXPRESS (CreateStateMachine)` }];
}

function checkDefinition(definition: string | undefined): Refusal[] {
  if (definition === undefined) return [];
  const refuse = (reason: string) => ({ property: "definition", reason: `${reason} (Amazon States Language)` });
  const machine = parse(definition);
  if (typeof machine !== "object" || machine === null) {
    return [refuse(`${JSON.stringify(definition.slice(0, 40))} is no definition: a JSON object is expected`)];
  }
  if (definition.length > 1024 * 1024)
    return [refuse(`the definition has ${definition.length} characters: 1 MB at most`)];
  return flawsOf(fields(machine)).map(refuse);
}

/** What is wrong with a machine, or with one within a state of another. */
function flawsOf(machine: Properties): string[] {
  const states = fields(machine.States);
  const there = (name: unknown) => Object.hasOwn(states, String(name));
  const flaws = there(machine.StartAt) ? [] : [`StartAt names "${machine.StartAt}": there is no such state`];
  for (const [name, value] of Object.entries(states)) {
    const state = fields(value);
    const type = String(state.Type);
    if (!STATE_TYPES.includes(type)) flaws.push(`the state "${name}" has the Type "${type}": there is no such type`);
    if (name.length > 80) flaws.push(`the name "${name}" has ${name.length} characters: 80 at most`);
    for (const next of leadsTo(state).filter((each) => !there(each))) {
      flaws.push(`the state "${name}" leads to "${next}": there is no such state`);
    }
    if (!["Choice", "Fail", "Succeed"].includes(type) && (state.Next === undefined) !== (state.End === true)) {
      flaws.push(
        `the state "${name}" has ${state.Next === undefined ? "neither" : "both"} Next and End: one of the two`,
      );
    }
    if (type === "Map") flaws.push(...flawsOf(fields(state.ItemProcessor)));
  }
  return flaws;
}

function leadsTo(state: Properties): unknown[] {
  const choices = list(state.Choices).map((choice) => fields(choice).Next);
  const catchers = list(state.Catch).map((catcher) => fields(catcher).Next);
  return [state.Next, state.Default, ...choices, ...catchers].filter((name) => name !== undefined);
}
