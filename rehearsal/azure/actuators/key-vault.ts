import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { LONGEST_SECRET } from "../vault-requests.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

/** The vault that `vaultName` names. */
const VAULT = {
  property: "vaultName",
  id: (inputs: Properties, cloud: AzureCloud) =>
    inGroup(cloud, inputs.resourceGroupName, `Microsoft.KeyVault/vaults/${inputs.vaultName}`),
};

/** The settings of a vault that are looked at here. */
interface VaultSettings extends Properties {
  tenantId?: string;
  sku?: { name?: string; family?: string };
  createMode?: string;
  enableRbacAuthorization?: boolean;
  enablePurgeProtection?: boolean;
  enableSoftDelete?: boolean;
  softDeleteRetentionInDays?: number;
  accessPolicies?: unknown[];
}

/** azure-native:keyvault:Vault */
export const vault = armActuator({
  id: VAULT.id,
  name: {
    property: "vaultName",
    pattern: /^(?=.{3,24}$)[a-zA-Z]([a-zA-Z0-9]|-(?!-))*[a-zA-Z0-9]$/,
    rule: "3 to 24 letters, digits and single hyphens, beginning with a letter (About keys, secrets, and certificates)",
    auto: "suffix",
  },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  check: vaultRefusals,
  onCreate: ({ vaultName }, { vaults }) => vaults.open(String(vaultName)),
  outputs: (inputs, _id, { vaults }) => ({
    properties: {
      ...(inputs.properties as object),
      vaultUri: vaults.uriOf(String(inputs.vaultName)),
      provisioningState: "Succeeded",
    },
  }),
});

/** azure-native:keyvault:Secret */
export const secret = armActuator({
  id: (inputs, cloud) => `${VAULT.id(inputs, cloud)}/secrets/${inputs.secretName}`,
  name: {
    property: "secretName",
    pattern: /^[a-zA-Z0-9-]{1,127}$/,
    rule: "1 to 127 letters, digits and hyphens (About keys, secrets, and certificates)",
    auto: "suffix",
  },
  parent: VAULT,
  longestTagName: LONGEST_TAG_NAME,
  check: secretRefusals,
  onWrite: ({ vaultName, secretName, properties, tags }, _id, { vaults }) => {
    const { value = "", contentType, attributes } = secretIn(properties);
    const enabled = attributes?.enabled ?? true;
    const given = (tags ?? {}) as Record<string, string>;
    vaults.set(String(vaultName), String(secretName), { value, contentType, enabled, tags: given });
  },
  outputs: ({ vaultName, secretName, properties }, _id, { vaults }) => {
    // The value is never told again.
    const { value: _, ...told } = secretIn(properties);
    const secretUri = `${vaults.uriOf(String(vaultName))}secrets/${secretName}`;
    const secretUriWithVersion = `${secretUri}/${vaults.versionOf(String(vaultName), String(secretName))}`;
    return { properties: { ...told, secretUri, secretUriWithVersion } };
  },
});

function secretIn(properties: unknown) {
  return (properties ?? {}) as { value?: string; contentType?: string; attributes?: { enabled?: boolean } };
}

function vaultRefusals(inputs: Properties, cloud: AzureCloud, former: Properties | undefined): Refusal[] {
  const { vaultName } = inputs;
  const settings = (inputs.properties ?? {}) as VaultSettings;
  const refusals: Refusal[] = nameRefusals(vaultName, settings, cloud, former);
  const refuse = (property: string, reason: string) =>
    refusals.push({ property: `properties.${property}`, reason: `${reason} (Vaults - Create Or Update)` });
  const { tenantId, sku, softDeleteRetentionInDays: days } = settings;
  if (tenantId !== undefined && tenantId !== cloud.resources.tenantId) {
    refuse("tenantId", `${tenantId} is not the subscription's tenant ${cloud.resources.tenantId}`);
  }
  if (sku && (sku.family !== "A" || !["standard", "premium"].includes(String(sku.name)))) {
    refuse("sku", `${JSON.stringify(sku)} is no SKU: the family A, standard or premium`);
  }
  if (days !== undefined && !(Number.isInteger(days) && days >= 7 && days <= 90)) {
    refuse("softDeleteRetentionInDays", `${days} days; expected 7 to 90`);
  }
  if (settings.enableSoftDelete === false) refuse("enableSoftDelete", "soft delete can no longer be off");
  if (settings.enablePurgeProtection === false) {
    refuse("enablePurgeProtection", "false is no value of it: leave it out to have none");
  }
  if (inputs.properties && !settings.enableRbacAuthorization && !settings.accessPolicies) {
    refuse("accessPolicies", "none are given, which only a vault with enableRbacAuthorization takes");
  }
  return [...refusals, ...changeRefusals(settings, former)];
}

/** What a vault, once made, keeps for good ("Azure Key Vault recovery management with soft delete and purge protection"). */
function changeRefusals(settings: VaultSettings, former: Properties | undefined): Refusal[] {
  const was = (former?.properties ?? {}) as VaultSettings;
  const refusals: Refusal[] = [];
  if (was.enablePurgeProtection && !settings.enablePurgeProtection) {
    const reason = "it is on and can never be taken off (Azure Key Vault soft-delete overview)";
    refusals.push({ property: "properties.enablePurgeProtection", reason });
  }
  const [days, given] = [was.softDeleteRetentionInDays, settings.softDeleteRetentionInDays];
  if (days !== undefined && given !== undefined && given !== days) {
    const reason = `${given}, but it is ${days} since the vault was made and can't change (Azure Key Vault soft-delete overview)`;
    refusals.push({ property: "properties.softDeleteRetentionInDays", reason });
  }
  return refusals;
}

function nameRefusals(
  vaultName: unknown,
  { createMode }: VaultSettings,
  { resources, vaults }: AzureCloud,
  former: Properties | undefined,
): Refusal[] {
  if (typeof vaultName !== "string" || vaultName === former?.vaultName) return [];
  const taken = resources
    .list("Microsoft.KeyVault/vaults")
    .some(({ id }) => id.toLowerCase().endsWith(`/${vaultName.toLowerCase()}`));
  if (taken) {
    const reason = `"${vaultName}" is taken; vault names are unique in the whole of Azure (VaultAlreadyExists)`;
    return [{ property: "vaultName", reason }];
  }
  if (!vaults.isDeleted(vaultName) || createMode === "recover") return [];
  const reason = `a deleted vault "${vaultName}" is still kept: take another name, or createMode "recover" (ConflictError)`;
  return [{ property: "vaultName", reason }];
}

function secretRefusals(inputs: Properties, cloud: AzureCloud, former: Properties | undefined): Refusal[] {
  const refusals: Refusal[] = [];
  const { vaultName, secretName } = inputs;
  const { value } = secretIn(inputs.properties);
  if (value !== undefined && Buffer.byteLength(value) > LONGEST_SECRET) {
    const reason = `${Buffer.byteLength(value)} bytes; at most ${LONGEST_SECRET} (About Azure Key Vault secrets)`;
    refusals.push({ property: "properties.value", reason });
  }
  const isNew = former?.secretName !== secretName || former?.vaultName !== vaultName;
  if (isNew && cloud.vaults.isSecretDeleted(String(vaultName), String(secretName))) {
    const reason = `a deleted secret "${secretName}" is still kept in ${vaultName}: recover it, or take another name (ObjectIsDeletedButRecoverable)`;
    refusals.push({ property: "secretName", reason });
  }
  return refusals;
}
