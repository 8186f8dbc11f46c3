import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { armActuator } from "./arm.ts";
import { ACCOUNT } from "./blob-checks.ts";
import { keyRefusals } from "./blobs.ts";

/** The container that a website is served from; Azure makes it when the website is enabled, and leaves it there. */
const WEB = "$web";

/** azure-native:storage:StorageAccountStaticWebsite */
export const staticWebsite = armActuator({
  id: (inputs, cloud) => `${ACCOUNT.id(inputs, cloud)}/staticWebsite/default`,
  // It has no name of its own: an account has one website.
  name: { property: "accountName", pattern: /./, rule: "the name of a storage account" },
  parent: ACCOUNT,
  check: (inputs, cloud) => [...kindRefusals(inputs, cloud), ...keyRefusals(inputs, cloud)],
  outputs: () => ({ containerName: WEB }),
  onCreate: async (inputs, cloud) => {
    const container = `${ACCOUNT.id(inputs, cloud)}/blobServices/default/containers/${WEB}`;
    if (cloud.resources.exists(container)) return;
    await cloud.blobs.control("PUT", String(inputs.accountName), WEB);
    cloud.resources.put(container, { name: WEB, containerName: WEB, publicAccess: "None" });
  },
});

function kindRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const account = cloud.resources.get(ACCOUNT.id(inputs, cloud))?.properties;
  if (!account || account.kind === "StorageV2" || account.kind === "BlockBlobStorage") return [];
  const reason = `${account.kind} accounts serve no websites; take StorageV2 (Static website hosting in Azure Storage)`;
  return [{ property: "accountName", reason }];
}
