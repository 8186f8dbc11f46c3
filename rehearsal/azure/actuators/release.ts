import { inUrl } from "../blob-service.ts";
import type { AzureCloud } from "../cloud.ts";
import { releaseMysql } from "./mysql-effects.ts";

const CONTAINER = /\/storageAccounts\/([^/]+)\/blobServices\/default\/containers\/([^/]+)$/i;
const BLOB = /\/storageAccounts\/([^/]+)\/blobServices\/default\/containers\/([^/]+)\/blobs\/(.+)$/i;
const ACCOUNT = /\/Microsoft\.Storage\/storageAccounts\/([^/]+)$/i;
const APP = /\/Microsoft\.Web\/sites\/[^/]+$/i;
const APP_SETTINGS = /^(.*\/Microsoft\.Web\/sites\/[^/]+)\/config\/appsettings$/i;
const VAULT = /\/Microsoft\.KeyVault\/vaults\/([^/]+)(?:\/secrets\/([^/]+))?$/i;
const REGISTRY = /\/Microsoft\.ContainerRegistry\/registries\/([^/]+)$/i;
const SCALE_SET = /\/Microsoft\.Compute\/virtualMachineScaleSets\/[^/]+$/i;
const CONTAINER_APP = /\/Microsoft\.App\/containerApps\/[^/]+$/i;
const AUTOSCALE = /\/Microsoft\.Insights\/autoscaleSettings\/[^/]+$/i;
const SERVED = /\/Microsoft\.Cdn\/profiles\/[^/]+\/(afdEndpoints|customDomains)\/[^/]+$/i;
const BALANCER = /\/Microsoft\.Network\/loadBalancers\/[^/]+$/i;

/**
 * Gives back what a resource held outside the control plane, once it is gone. By id and not by type, because
 * with a resource goes all that lives in it: with a group its accounts, with an account its containers.
 */
export async function release(id: string, cloud: AzureCloud): Promise<void> {
  const { balancers, blobs, containerApps, frontDoors, functions, registries } = cloud;
  const { resources, scaleSets, vaults, websites } = cloud;
  const [, holder = "", container] = CONTAINER.exec(id) ?? [];
  if (container !== undefined) await blobs.control("DELETE", holder, container);
  const [, owner = "", home = "", blob] = BLOB.exec(id) ?? [];
  if (blob !== undefined) (await blobs.blob("DELETE", owner, home, inUrl(blob))).resume();
  const [, account] = ACCOUNT.exec(id) ?? [];
  if (account !== undefined) {
    websites.shut(account);
    await blobs.shut(account);
  }
  if (APP.test(id)) await functions.remove(id);
  const [, app = ""] = APP_SETTINGS.exec(id) ?? [];
  if (resources.exists(app)) await functions.configure(app, {});
  await releaseMysql(id, cloud);
  if (SCALE_SET.test(id)) await scaleSets.delete(id);
  if (CONTAINER_APP.test(id)) await containerApps.delete(id);
  if (AUTOSCALE.test(id)) scaleSets.unlimit(id);
  if (BALANCER.test(id)) balancers.delete(id);
  if (SERVED.test(id)) frontDoors.delete(id);
  const [, registry] = REGISTRY.exec(id) ?? [];
  if (registry !== undefined) registries.shut(registry);
  const [, vault = "", secret] = VAULT.exec(id) ?? [];
  if (vault !== "" && secret === undefined) vaults.shut(vault);
  // With its vault a secret is deleted as it is, and recovered with it too.
  else if (secret && resources.exists(id.slice(0, id.lastIndexOf("/secrets/")))) vaults.remove(vault, secret);
}
