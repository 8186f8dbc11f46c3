import { isIPv4 } from "node:net";
import { cidr, overlap, parseCidr } from "../../../components/cidr.ts";
import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";

const SKUS = [
  ...["LRS", "GRS", "RAGRS", "ZRS", "GZRS", "RAGZRS"].map((redundancy) => `Standard_${redundancy}`),
  ...["LRS", "GRS", "ZRS", "GZRS"].map((redundancy) => `StandardV2_${redundancy}`),
  ...["Premium_LRS", "Premium_ZRS", "PremiumV2_LRS", "PremiumV2_ZRS"],
];
const KINDS = ["Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage"];

/** Addresses that a rule cannot name, because they never reach the public endpoint (RFC 1918). */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(cidr);

/** Most address rules of an account, and longest life of a policy in days. */
const MOST_ADDRESS_RULES = 400;
const LONGEST_IMMUTABILITY = 146_000;

/** What Azure would refuse about a storage account, besides name, tags and region. */
export function accountRefusals(inputs: Properties, cloud: AzureCloud, former: Properties | undefined): Refusal[] {
  return [
    ...takenRefusals(inputs, cloud, former),
    ...kindRefusals(inputs),
    ...featureRefusals(inputs),
    ...policyRefusals(inputs),
    ...addressRefusals(inputs),
  ];
}

function takenRefusals({ accountName }: Properties, cloud: AzureCloud, former: Properties | undefined): Refusal[] {
  const accounts = cloud.resources.list("Microsoft.Storage/storageAccounts");
  const taken = accounts.some(({ id }) => id.endsWith(`/${accountName}`));
  if (!taken || accountName === former?.accountName) return [];
  const reason = `"${accountName}" is taken; account names are unique in the whole of Azure (StorageAccountAlreadyTaken)`;
  return [{ property: "accountName", reason }];
}

function kindRefusals({ kind, sku, accessTier }: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const name = (sku as { name?: string } | undefined)?.name ?? "";
  const premium = name.startsWith("Premium");
  if (name !== "" && !SKUS.includes(name)) {
    refusals.push({ property: "sku.name", reason: `"${name}" is no SKU of storage accounts (SKU Types)` });
  }
  if (kind !== undefined && !KINDS.includes(String(kind))) {
    refusals.push({ property: "kind", reason: `"${kind}" is no kind of storage account (Types of storage accounts)` });
  }
  if (/V2_/.test(name) && kind !== undefined && kind !== "FileStorage") {
    const reason = `${name} is for FileStorage only, the kind is ${kind} (Types of storage accounts)`;
    refusals.push({ property: "sku.name", reason });
  }
  if ((kind === "BlockBlobStorage" || kind === "FileStorage") && /^Standard_/.test(name)) {
    refusals.push({
      property: "kind",
      reason: `${kind} needs a premium SKU, found ${name} (Types of storage accounts)`,
    });
  }
  if ((kind === "BlobStorage" || kind === "Storage") && /ZRS$|^Premium_ZRS$/.test(name)) {
    const reason = `${kind} accounts are not zone-redundant, found ${name}; take StorageV2 (Types of storage accounts)`;
    refusals.push({ property: "kind", reason });
  }
  if (kind === "BlobStorage" && accessTier === undefined) {
    const reason = "no tier is given; BlobStorage accounts need one (Storage Accounts - Create, accessTier)";
    refusals.push({ property: "accessTier", reason });
  }
  if (accessTier !== undefined && !["Hot", "Cool", "Cold", "Premium"].includes(String(accessTier))) {
    const reason = `"${accessTier}" is no default tier: Hot, Cool, Cold or Premium (Access tiers for blob data)`;
    refusals.push({ property: "accessTier", reason });
  } else if (accessTier !== undefined && name !== "" && premium !== (accessTier === "Premium")) {
    const reason = `"${accessTier}" is a tier of ${premium ? "standard" : "premium"} accounts, the SKU is ${name} (Access tiers for blob data)`;
    refusals.push({ property: "accessTier", reason });
  }
  return refusals;
}

/** Features that need one another, or rule one another out. */
function featureRefusals(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const { kind, isHnsEnabled, enableNfsV3, isSftpEnabled, enableHttpsTrafficOnly } = inputs;
  const refuse = (property: string, reason: string) => refusals.push({ property, reason });
  if (isHnsEnabled === true && kind !== undefined && kind !== "StorageV2" && kind !== "BlockBlobStorage") {
    refuse("isHnsEnabled", `${kind} accounts have no hierarchical namespace (Azure Data Lake Storage)`);
  }
  if (isSftpEnabled === true && isHnsEnabled !== true) {
    refuse("isSftpEnabled", "SFTP needs isHnsEnabled (SFTP support for Azure Blob Storage)");
  }
  if (enableNfsV3 === true && isHnsEnabled !== true) {
    refuse("enableNfsV3", "NFS 3.0 needs isHnsEnabled (NFS 3.0 support in Azure Blob Storage)");
  }
  if (enableNfsV3 === true && enableHttpsTrafficOnly !== false) {
    refuse(
      "enableHttpsTrafficOnly",
      "NFS 3.0 does not encrypt: it needs false here (NFS 3.0 support in Azure Blob Storage)",
    );
  }
  if (isHnsEnabled === true && immutabilityOf(inputs)?.enabled === true) {
    const reason =
      "version-level immutability is not supported with a hierarchical namespace (Configure immutability policies for blob versions)";
    refuse("immutableStorageWithVersioning", reason);
  }
  return refusals;
}

interface AccountImmutability {
  enabled?: boolean;
  immutabilityPolicy?: { immutabilityPeriodSinceCreationInDays?: number; state?: string };
}

function immutabilityOf(inputs: Properties): AccountImmutability | undefined {
  return inputs.immutableStorageWithVersioning as AccountImmutability | undefined;
}

function policyRefusals(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const property = "immutableStorageWithVersioning.immutabilityPolicy";
  const { enabled, immutabilityPolicy: policy } = immutabilityOf(inputs) ?? {};
  if (!policy) return [];
  if (enabled !== true) {
    const reason =
      "a default policy needs enabled: true beside it (Storage Accounts - Create, ImmutableStorageAccount)";
    refusals.push({ property, reason });
  }
  const days = policy.immutabilityPeriodSinceCreationInDays;
  if (days !== undefined && !(Number.isInteger(days) && days >= 1 && days <= LONGEST_IMMUTABILITY)) {
    const reason = `${days} days; expected 1 to ${LONGEST_IMMUTABILITY} (Storage Accounts - Create, AccountImmutabilityPolicyProperties)`;
    refusals.push({ property: `${property}.immutabilityPeriodSinceCreationInDays`, reason });
  }
  return refusals;
}

function addressRefusals(inputs: Properties): Refusal[] {
  const property = "networkRuleSet.ipRules";
  const source = "(Configure Azure Storage firewalls and virtual networks)";
  const rules = (inputs.networkRuleSet as { ipRules?: { iPAddressOrRange?: string }[] } | undefined)?.ipRules ?? [];
  const refusals: Refusal[] =
    rules.length > MOST_ADDRESS_RULES
      ? [{ property, reason: `${rules.length} rules; at most ${MOST_ADDRESS_RULES} ${source}` }]
      : [];
  for (const { iPAddressOrRange: address = "" } of rules) {
    const range = parseCidr(isIPv4(address) ? `${address}/32` : address);
    if (!range) refusals.push({ property, reason: `"${address}" is no IPv4 address or range ${source}` });
    else if (address.includes("/") && range.prefix > 30) {
      refusals.push({ property, reason: `"${address}": write ranges of one or two addresses as addresses ${source}` });
    } else if (PRIVATE.some((each) => overlap(each, range))) {
      refusals.push({ property, reason: `"${address}" is private; rules are for public addresses ${source}` });
    }
  }
  return refusals;
}
