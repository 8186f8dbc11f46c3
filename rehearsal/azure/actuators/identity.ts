import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

/** Most federated credentials that one identity may have ("Important considerations for federated identity credentials"). */
const MOST_CREDENTIALS = 20;

const IDENTITY = {
  property: "resourceName",
  id: (inputs: Properties, cloud: AzureCloud) =>
    inGroup(cloud, inputs.resourceGroupName, `Microsoft.ManagedIdentity/userAssignedIdentities/${inputs.resourceName}`),
};

/** azure-native:managedidentity:UserAssignedIdentity */
export const userAssignedIdentity = armActuator({
  id: IDENTITY.id,
  name: {
    property: "resourceName",
    pattern: /^[a-zA-Z0-9][\w-]{2,127}$/,
    rule: "3 to 128 letters, digits, '_' and '-', beginning with a letter or digit (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  outputs: (_inputs, _id, { resources }) => ({
    clientId: crypto.randomUUID(),
    principalId: crypto.randomUUID(),
    tenantId: resources.tenantId,
  }),
});

/** azure-native:managedidentity:FederatedIdentityCredential */
export const federatedIdentityCredential = armActuator({
  id: (inputs, cloud) =>
    `${IDENTITY.id(inputs, cloud)}/federatedIdentityCredentials/${inputs.federatedIdentityCredentialResourceName}`,
  name: {
    property: "federatedIdentityCredentialResourceName",
    pattern: /^[a-zA-Z0-9][\w-]{2,119}$/,
    rule: "3 to 120 letters, digits, '_' and '-', beginning with a letter or digit (Important considerations for federated identity credentials)",
    auto: "suffix",
  },
  parent: IDENTITY,
  check: credentialRefusals,
});

function credentialRefusals(inputs: Properties, cloud: AzureCloud, former: Properties | undefined): Refusal[] {
  const refusals: Refusal[] = [];
  const { issuer, subject, audiences } = inputs;
  if (typeof issuer === "string" && !/^https:\/\/\S{1,592}$/.test(issuer)) {
    const reason = `"${issuer}" is no https URL of at most 600 characters (Important considerations for federated identity credentials)`;
    refusals.push({ property: "issuer", reason });
  }
  if (typeof subject === "string" && (subject === "" || subject.length > 600)) {
    refusals.push({
      property: "subject",
      reason: `${subject.length} characters; expected 1 to 600 (Federated identity credentials)`,
    });
  }
  for (const [property, value] of Object.entries({ issuer, subject, audiences: audiences && String(audiences) })) {
    if (typeof value !== "string") continue;
    if (value.includes("*")) {
      const reason = `"${value}" has a wildcard; values are compared as they are (Important considerations for federated identity credentials)`;
      refusals.push({ property, reason });
    }
    if (value !== value.trim()) {
      const reason = `"${value}" has blanks around it; Entra then refuses the exchange (Important considerations for federated identity credentials)`;
      refusals.push({ property, reason });
    }
  }
  if (Array.isArray(audiences) && audiences.length !== 1) {
    const reason = `${audiences.length} audiences; a federated credential has exactly one (Important considerations for federated identity credentials)`;
    refusals.push({ property: "audiences", reason });
  }
  const siblings = cloud.resources
    .list("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials")
    .filter(({ id }) => id.toLowerCase().startsWith(`${IDENTITY.id(inputs, cloud).toLowerCase()}/`));
  if (!former && siblings.length >= MOST_CREDENTIALS) {
    const reason = `the identity has ${MOST_CREDENTIALS} federated credentials already, the most there may be`;
    refusals.push({ property: IDENTITY.property, reason });
  }
  const twin = siblings.find(
    ({ id, properties }) =>
      !id.endsWith(`/${inputs.federatedIdentityCredentialResourceName}`) &&
      properties.issuer === issuer &&
      properties.subject === subject,
  );
  if (twin && issuer !== undefined && subject !== undefined) {
    const reason = `${twin.id} has the same issuer and subject; the pair is unique on an identity (Important considerations for federated identity credentials)`;
    refusals.push({ property: "subject", reason });
  }
  return refusals;
}
