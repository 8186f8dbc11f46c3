import type { AzureCloud } from "../cloud.ts";

const CONTAINER = /\/storageAccounts\/([^/]+)\/blobServices\/default\/containers\/([^/]+)$/i;
const ACCOUNT = /\/Microsoft\.Storage\/storageAccounts\/([^/]+)$/i;

/**
 * Gives back what a resource held outside the control plane, once it is gone. By id and not by type, because
 * with a resource goes all that lives in it: with a group its accounts, with an account its containers.
 */
export async function release(id: string, { blobs }: AzureCloud): Promise<void> {
  const [, holder = "", container] = CONTAINER.exec(id) ?? [];
  if (container !== undefined) await blobs.control("DELETE", holder, container);
  const [, account] = ACCOUNT.exec(id) ?? [];
  if (account !== undefined) await blobs.shut(account);
}
