import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { Actuator, Refusal } from "../../provider/actuator.ts";
import { archiveBytes, assetBytes, isArchive } from "../../provider/assets.ts";
import type { Properties } from "../../provider/codec.ts";
import { inUrl } from "../blob-service.ts";
import type { AzureCloud } from "../cloud.ts";
import { protectionOf } from "../immutability.ts";
import { armActuator } from "./arm.ts";
import { ACCOUNT } from "./blob-checks.ts";

const TIERS = ["Hot", "Cool", "Cold", "Archive"];

const arm = armActuator({
  id: (inputs, cloud) => `${containerOf(inputs, cloud)}/blobs/${inputs.blobName}`,
  name: {
    property: "blobName",
    pattern: /^[^\\]{1,1024}$/,
    rule: "1 to 1024 characters without a backslash (Naming and referencing containers, blobs, and metadata)",
    auto: "copy",
  },
  parent: ACCOUNT,
  replaceOn: ["containerName", "source", "contentMd5", "type"],
  check: (inputs, cloud) => [...keyRefusals(inputs, cloud), ...ownRefusals(inputs)],
  outputs: (inputs, _id, { blobs }) => ({
    name: inputs.blobName,
    type: inputs.type ?? "Block",
    url: `${blobs.endpointOf(String(inputs.accountName))}${inputs.containerName}/${inputs.blobName}`,
  }),
  onWrite: write,
  keeps: (id, { resources }) => {
    const [, accountId = "", container = ""] = /^(.*)\/blobServices\/default\/containers\/([^/]+)\//i.exec(id) ?? [];
    const account = resources.get(accountId);
    const kept = account && resources.get(id) && protectionOf(resources, account, container);
    return kept && `${id} is kept by an immutability policy (BlobImmutableDueToPolicy)`;
  },
});

/** azure-native:storage:Blob */
export const blob: Actuator<AzureCloud> = {
  ...arm,
  async read(state, cloud) {
    const { accountName, containerName, blobName } = state.properties;
    const reply = await cloud.blobs.blob("HEAD", String(accountName), String(containerName), inUrl(blobName));
    reply.resume();
    return reply.statusCode === 200 ? arm.read(state, cloud) : undefined;
  },
};

/**
 * The provider writes blobs and websites with the account's key, which it asks the control plane for, and not as
 * the identity that deploys (pulumi-azure-native, custom_storage_azidentity.go and issue 2015).
 */
export function keyRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const account = cloud.resources.get(ACCOUNT.id(inputs, cloud))?.properties;
  if (account?.allowSharedKeyAccess !== false) return [];
  const reason =
    "the provider writes here with the account's key, and the account forbids keys: allowSharedKeyAccess must not be false (KeyBasedAuthenticationNotPermitted)";
  return [{ property: "accountName", reason }];
}

function containerOf(inputs: Properties, cloud: AzureCloud): string {
  return `${ACCOUNT.id(inputs, cloud)}/blobServices/default/containers/${inputs.containerName}`;
}

function ownRefusals({ type, source, accessTier }: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  if (type !== undefined && type !== "Block" && type !== "Append") {
    refusals.push({ property: "type", reason: `"${type}" is no type of blob here: Block or Append (Blob)` });
  }
  if (type === "Append" && source !== undefined) {
    refusals.push({ property: "source", reason: "an Append blob begins empty: leave the source out (Blob)" });
  }
  if (accessTier !== undefined && !TIERS.includes(String(accessTier))) {
    const reason = `"${accessTier}" is no tier of a blob: ${TIERS.join(", ")} (Access tiers for blob data)`;
    refusals.push({ property: "accessTier", reason });
  }
  return refusals;
}

async function write(inputs: Properties, _id: string, cloud: AzureCloud): Promise<void> {
  const { accountName, containerName, blobName, source, contentType, metadata, accessTier, type } = inputs;
  if (!cloud.resources.exists(containerOf(inputs, cloud))) {
    throw new Error(`containerName: there is no container ${containerName} in ${accountName} (ContainerNotFound)`);
  }
  const named = Object.entries((metadata ?? {}) as object).map(([key, value]) => [`x-ms-meta-${key}`, value]);
  const headers = {
    "x-ms-blob-type": `${type ?? "Block"}Blob`,
    ...(contentType === undefined ? {} : { "x-ms-blob-content-type": contentType }),
    ...(accessTier === undefined ? {} : { "x-ms-access-tier": accessTier }),
    ...Object.fromEntries(named),
  };
  const bytesOf = isArchive(source) ? archiveBytes : assetBytes;
  const body = source === undefined ? Buffer.alloc(0) : await bytesOf(`source of ${blobName}`, source);
  const where = [String(accountName), String(containerName), inUrl(blobName)] as const;
  await done(await cloud.blobs.blob("PUT", ...where, { headers, body }), String(blobName));
}

async function done(reply: IncomingMessage, name: string): Promise<void> {
  const body = await text(reply);
  if (reply.statusCode !== 201)
    throw new Error(`writing the blob ${name} was answered with ${reply.statusCode}: ${body}`);
}
