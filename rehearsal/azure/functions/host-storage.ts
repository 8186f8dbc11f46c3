import { isAllowed } from "../access.ts";
import type { ResourceManager } from "../resource-manager.ts";

const ACCOUNTS = "Microsoft.Storage/storageAccounts";

/** What the host's locks take, and what an account's data owner has. */
const WRITE_BLOBS = `${ACCOUNTS}/blobServices/containers/blobs/write`;

/**
 * Why the host of an app can't use the storage that its settings name: it keeps the locks of timers there, and does not
 * start without ("App settings reference for Azure Functions", AzureWebJobsStorage). The local host signs in to it as an
 * identity only, which the settings name too ("Guidance for developing Azure Functions", Common properties for
 * identity-based connections).
 *
 * @param identityIds resource ids of the app's identities
 * @returns undefined when it can use it
 */
export function storageObstacle(
  settings: Readonly<Record<string, string>>,
  identityIds: readonly string[],
  resources: ResourceManager,
): string | undefined {
  const {
    AzureWebJobsStorage__accountName: name,
    AzureWebJobsStorage__credential: credential,
    AzureWebJobsStorage__clientId: clientId,
  } = settings;
  if (!name)
    return "expected the app setting AzureWebJobsStorage__accountName, found none: the host keeps its locks there";
  const account = resources.list(ACCOUNTS).find(({ id }) => id.endsWith(`/${name}`));
  if (!account) return `AzureWebJobsStorage__accountName is "${name}", and there is no such storage account`;
  if (credential !== "managedidentity") {
    return `expected "managedidentity" as the app setting AzureWebJobsStorage__credential, found ${credential ?? "none"}`;
  }
  const identity = identityIds.map((id) => resources.get(id)).find((each) => each?.properties.clientId === clientId);
  if (!identity) return `AzureWebJobsStorage__clientId is "${clientId}", which is none of the app's identities`;
  if (isAllowed(resources, String(identity.properties.principalId), account.id, [WRITE_BLOBS])) return undefined;
  return `the identity ${identity.id} may not write blobs in ${name}, where the host keeps its locks`;
}
