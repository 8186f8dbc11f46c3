import type { BlobService } from "./blob-service.ts";
import type { ResourceManager } from "./resource-manager.ts";

/** What the Azure actuators act on. */
export interface AzureCloud {
  resources: ResourceManager;
  blobs: BlobService;
  /** Object ids of the people in the directory; its other principals are identities among the resources. */
  users: ReadonlySet<string>;
  /** Region of resources that name none; the provider's `location`. */
  location: string | undefined;
}
