import type { Properties } from "../provider/codec.ts";

/** A resource as the local Azure keeps it, with the properties of its Pulumi type. */
export interface Resource {
  /** `/subscriptions/…/resourceGroups/…/providers/…`, in the case in which it was first written. */
  id: string;
  properties: Properties;
}

/** The local Azure's control plane: one subscription's resources by id. Like Azure, it takes no note of case in ids. */
export class ResourceManager {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly #resources = new Map<string, Resource>();
  /** By id in lower case. Lists are asked for all the time, so it is not worked out each time; of an id it never changes. */
  readonly #types = new Map<string, string>();

  constructor(subscriptionId: string, tenantId: string) {
    this.subscriptionId = subscriptionId;
    this.tenantId = tenantId;
  }

  /** @param path what follows the subscription in the id @example "resourceGroups/shop-standby" */
  id(path: string): string {
    return `/subscriptions/${this.subscriptionId}/${path}`;
  }

  get(id: string): Resource | undefined {
    return this.#resources.get(id.toLowerCase());
  }

  put(id: string, properties: Properties): void {
    const former = this.get(id);
    this.#resources.set(id.toLowerCase(), { id: former?.id ?? id, properties });
    this.#types.set(id.toLowerCase(), typeOf(id));
  }

  /** Removes a resource and all that lives below it; returns what went, the resource itself last. */
  delete(id: string): Resource[] {
    const below = `${id.toLowerCase()}/`;
    const gone = [...this.#resources.entries()].filter(([key]) => key === id.toLowerCase() || key.startsWith(below));
    for (const [key] of gone) this.#resources.delete(key);
    return gone.map(([, resource]) => resource).sort((one, other) => other.id.length - one.id.length);
  }

  /** Removes one resource and leaves what lives below it; returns what went. */
  deleteAlone(id: string): Resource[] {
    const gone = this.get(id);
    this.#resources.delete(id.toLowerCase());
    return gone ? [gone] : [];
  }

  /** All resources of a type. @param type as it stands in ids @example "Microsoft.Storage/storageAccounts" */
  list(type: string): Resource[] {
    const wanted = type.toLowerCase();
    return [...this.#resources].filter(([key]) => this.#types.get(key) === wanted).map(([, resource]) => resource);
  }

  /** What lives directly below an id. @param path the id, and the last word of a type @example "…/images/shop/versions" */
  below(path: string): Resource[] {
    const begin = `${path.toLowerCase()}/`;
    return [...this.#resources.values()].filter(
      ({ id }) => id.toLowerCase().startsWith(begin) && !id.slice(begin.length).includes("/"),
    );
  }

  /** Whether anything lives at the id, or it is the subscription itself. */
  exists(id: string): boolean {
    return id.toLowerCase() === this.id("").slice(0, -1).toLowerCase() || this.get(id) !== undefined;
  }

  /** Ids of everything there is. */
  ids(): string[] {
    return [...this.#resources.values()].map(({ id }) => id);
  }
}

const PROVIDERS = "/providers/";

/** `…/providers/Microsoft.X/a/1/b/2` is of the type `microsoft.x/a/b`; a group is of `resourcegroups`. */
export function typeOf(id: string): string {
  const begin = id.toLowerCase().lastIndexOf(PROVIDERS);
  if (begin === -1) return "resourcegroups";
  const [namespace, ...rest] = id
    .toLowerCase()
    .slice(begin + PROVIDERS.length)
    .split("/");
  return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}
