import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { armActuator } from "./arm.ts";
import { ACCOUNT } from "./blob-checks.ts";

/** Most rules of a lifecycle policy ("Azure Blob Storage lifecycle management overview"). */
const MOST_RULES = 100;

/** Longest life of an immutability policy in days (Blob Containers - Create Or Update Immutability Policy). */
const LONGEST_IMMUTABILITY = 146_000;

/** A rule of a lifecycle policy, as far as it is looked at here. */
interface Rule {
  name?: string;
  type?: string;
  definition?: { actions?: Record<string, unknown>; filters?: { blobTypes?: string[]; prefixMatch?: string[] } };
}

/** azure-native:storage:ManagementPolicy. It is kept and checked; nothing here lives long enough for it to act. */
export const managementPolicy = armActuator({
  id: (inputs, cloud) => `${ACCOUNT.id(inputs, cloud)}/managementPolicies/${inputs.managementPolicyName}`,
  name: {
    property: "managementPolicyName",
    pattern: /^default$/,
    rule: 'an account has one lifecycle policy, "default" (Management Policies - Create Or Update)',
  },
  parent: ACCOUNT,
  check: lifecycleRefusals,
  outputs: () => ({ lastModifiedTime: new Date().toISOString() }),
});

/** The container that `accountName` and `containerName` name. */
const CONTAINER = {
  property: "containerName",
  id: (inputs: Properties, cloud: AzureCloud) =>
    `${ACCOUNT.id(inputs, cloud)}/blobServices/default/containers/${inputs.containerName}`,
};

/** azure-native:storage:BlobContainerImmutabilityPolicy. The blob service heeds it. */
export const containerImmutability = armActuator({
  id: (inputs, cloud) => `${CONTAINER.id(inputs, cloud)}/immutabilityPolicies/${inputs.immutabilityPolicyName}`,
  name: {
    property: "immutabilityPolicyName",
    pattern: /^default$/,
    rule: 'a container has one policy, "default" (Blob Containers - Create Or Update Immutability Policy)',
  },
  parent: CONTAINER,
  replaceOn: ["accountName"],
  check: immutabilityRefusals,
  // Locking is an operation of its own, which the provider does not have.
  outputs: () => ({ state: "Unlocked", etag: `"${crypto.randomUUID()}"` }),
});

function lifecycleRefusals(inputs: Properties): Refusal[] {
  const property = "policy.rules";
  const source = "(Azure Blob Storage lifecycle management overview)";
  const rules = (inputs.policy as { rules?: Rule[] } | undefined)?.rules;
  if (!rules) return [];
  const refusals: Refusal[] = [];
  if (rules.length === 0 || rules.length > MOST_RULES) {
    refusals.push({ property, reason: `${rules.length} rules; expected 1 to ${MOST_RULES} ${source}` });
  }
  rules.forEach(({ name, type, definition }, index) => {
    const refuse = (part: string, reason: string) =>
      refusals.push({ property: `${property}[${index}].${part}`, reason: `${reason} ${source}` });
    if (rules.findIndex((other) => other.name === name) < index) refuse("name", `"${name}" is another rule's name`);
    if (type !== "Lifecycle") refuse("type", `"${type}" is no type of rule; expected "Lifecycle"`);
    const { blobTypes = [] } = definition?.filters ?? {};
    if (blobTypes.length === 0)
      refuse("definition.filters.blobTypes", "no type is given; expected blockBlob, appendBlob");
    if (Object.keys(definition?.actions ?? {}).length === 0) refuse("definition.actions", "the rule does nothing");
    const tiered = JSON.stringify(definition?.actions ?? {}).includes("tierTo");
    if (tiered && blobTypes.includes("appendBlob"))
      refuse("definition.actions", "append blobs cannot change their tier");
  });
  return refusals;
}

function immutabilityRefusals(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const source = "(Blob Containers - Create Or Update Immutability Policy)";
  const days = inputs.immutabilityPeriodSinceCreationInDays;
  const inRange = Number.isInteger(days) && Number(days) >= 1 && Number(days) <= LONGEST_IMMUTABILITY;
  if (days !== undefined && !inRange) {
    const reason = `${days} days; expected 1 to ${LONGEST_IMMUTABILITY} ${source}`;
    refusals.push({ property: "immutabilityPeriodSinceCreationInDays", reason });
  }
  if (inputs.allowProtectedAppendWrites === true && inputs.allowProtectedAppendWritesAll === true) {
    const reason = `it cannot stand beside allowProtectedAppendWritesAll ${source}`;
    refusals.push({ property: "allowProtectedAppendWrites", reason });
  }
  return refusals;
}
