import type { Properties } from "../provider/codec.ts";
import type { BlobRequest } from "./access.ts";
import { keepsVersions } from "./blob-settings.ts";
import type { Resource, ResourceManager } from "./resource-manager.ts";

interface Policy {
  immutabilityPeriodSinceCreationInDays?: number;
  allowProtectedAppendWrites?: boolean;
  allowProtectedAppendWritesAll?: boolean;
  state?: string;
}

/** How the blobs of a container are protected: each version by itself, or every blob as it stands. */
interface Protection {
  level: "version" | "container";
  policy: Policy;
}

const BLOB_CODE = "BlobImmutableDueToPolicy";
const CONTAINER_CODE = "ContainerProtectedFromDeletion";

/** Operations that change what is there, by their `comp` ("Version-level WORM policies for immutable blob data"). */
const IN_PLACE = ["metadata", "page", "appendblock"];
/** Those that a container's policy prohibits besides ("Container-level WORM policies for immutable blob data"). */
const ON_WHAT_IS_THERE = [...IN_PLACE, "", "blocklist", "properties", "snapshot", "incrementalcopy"];

/**
 * Why a request to the blob service must not be carried out; undefined when nothing protects what it is for.
 *
 * Every policy counts as active: no blob here lives for a day.
 *
 * @param isThere whether there is the blob or the version, or any of them in the container; asked only where it matters
 */
export async function immutabilityRefusal(
  resources: ResourceManager,
  account: Resource,
  request: BlobRequest,
  isThere: () => Promise<boolean>,
): Promise<{ code: string; message: string } | undefined> {
  const protection = protectionOf(resources, account, request.container);
  const versions = keepsVersions(resources, account);
  if (!protection || !isProhibited(request, protection, versions) || !(await isThere())) return undefined;
  if (request.blob === "") {
    return { code: CONTAINER_CODE, message: "The container has an immutability policy and is not empty." };
  }
  return { code: BLOB_CODE, message: "This operation is not permitted as the blob is immutable due to a policy." };
}

/** What protects the blobs of a container: its own policy, else the account's for every version. */
export function protectionOf(resources: ResourceManager, account: Resource, container: string): Protection | undefined {
  const id = `${account.id}/blobServices/default/containers/${container}`;
  const own = resources.get(`${id}/immutabilityPolicies/default`)?.properties as Policy | undefined;
  const ofAccount = versioned(account.properties);
  const level = ofAccount?.enabled || versioned(resources.get(id)?.properties)?.enabled ? "version" : "container";
  if (own) return { level, policy: own };
  const policy = ofAccount?.enabled ? ofAccount.immutabilityPolicy : undefined;
  return policy && policy.state !== "Disabled" ? { level, policy } : undefined;
}

function versioned(properties: Properties | undefined) {
  return properties?.immutableStorageWithVersioning as { enabled?: boolean; immutabilityPolicy?: Policy } | undefined;
}

function isProhibited(
  { method, blob, query, onlyIfNew }: BlobRequest,
  { level, policy }: Protection,
  versions: boolean,
): boolean {
  const comp = query.get("comp") ?? "";
  if (blob === "") return method === "DELETE";
  // Where versions are kept, the current one only becomes a former one, which is protected as it was.
  if (method === "DELETE") return level === "container" || !versions || query.has("versionid");
  if (method !== "PUT" || onlyIfNew) return false;
  if (comp === "appendblock" && (policy.allowProtectedAppendWrites || policy.allowProtectedAppendWritesAll)) {
    return false;
  }
  // A policy for versions lets a blob be overwritten: that makes another version and leaves the former as it is.
  return (level === "version" ? IN_PLACE : ON_WHAT_IS_THERE).includes(comp);
}
