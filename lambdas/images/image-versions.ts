import { z } from "zod";
import type { ResourceManager } from "../shared/resource-manager.ts";

/** The API of Microsoft.Compute/galleries; since 2022-03-03 a version can be made of a blob by its account's id. */
const API_VERSION = "2024-03-03";

/** A version as far as it matters here. */
const VERSION = z.object({
  name: z.string(),
  properties: z
    .object({ provisioningState: z.string().default("Succeeded") })
    .default({ provisioningState: "Succeeded" }),
});

/** What a version is made of. */
export interface VersionSource {
  /** URL of the page blob with the disk, and the account that it is in. */
  blobUrl: string;
  storageAccountId: string;
  /** Where its replicas are kept. @example "germanywestcentral" */
  location: string;
  tags: Record<string, string>;
}

/** The versions of an image in a gallery. */
export class ImageVersions {
  readonly #manager: ResourceManager;
  readonly #definition: string;

  /** @param definition id of the image definition */
  constructor(manager: ResourceManager, definition: string) {
    this.#manager = manager;
    this.#definition = definition;
  }

  idOf(version: string): string {
    return `${this.#definition}/versions/${version}`;
  }

  /** Begins to make one, which nobody gets who asks for the latest. */
  create(version: string, source: VersionSource): Promise<void> {
    return this.#manager.put(this.idOf(version), API_VERSION, versionBody(source, { excludeFromLatest: true }));
  }

  /** @example "Creating" */
  async state(version: string): Promise<string | undefined> {
    const found = await this.#manager.get(this.idOf(version), API_VERSION);
    return found === undefined ? undefined : VERSION.parse(found).properties.provisioningState;
  }

  /** From now on it is the latest, if it is the newest. */
  promote(version: string): Promise<void> {
    const body = { properties: { publishingProfile: { excludeFromLatest: false } } };
    return this.#manager.patch(this.idOf(version), API_VERSION, body);
  }

  async list(): Promise<string[]> {
    const found = await this.#manager.get(`${this.#definition}/versions`, API_VERSION);
    return z
      .object({ value: z.array(VERSION) })
      .parse(found ?? { value: [] })
      .value.map(({ name }) => name);
  }

  delete(version: string): Promise<void> {
    return this.#manager.delete(this.idOf(version), API_VERSION);
  }
}

/** A version of the disk in a page blob; Azure keeps a copy of its own of it. */
export function versionBody({ blobUrl, storageAccountId, location, tags }: VersionSource, profile: object): object {
  return {
    location,
    tags,
    properties: {
      publishingProfile: {
        ...profile,
        targetRegions: [{ name: location, regionalReplicaCount: 1, storageAccountType: "Standard_ZRS" }],
      },
      storageProfile: { osDiskImage: { hostCaching: "ReadWrite", source: { storageAccountId, uri: blobUrl } } },
    },
  };
}
