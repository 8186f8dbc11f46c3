import { isDocument, type PolicyDocument, readDocument } from "../iam/document.ts";
import type { Unread } from "../people/read.ts";
import type { PeopleFile } from "../people/schema.ts";
import { type AuditResource, at, textAt, UNKNOWN } from "../resources.ts";

/** A place that could not be read; `pending` where it can be once it is deployed. */
export interface UnreadResource extends Unread {
  pending: boolean;
  urn?: string;
}

/** All resources together, with what the people file says of where they are. */
export class Estate {
  readonly resources: readonly AuditResource[];
  readonly people: PeopleFile;
  /** What could not be read so far. */
  readonly unread: UnreadResource[] = [];
  readonly #byType = new Map<string, AuditResource[]>();
  readonly #accounts = new Map<string, string>();
  readonly #subscriptions = new Map<string, string>();

  /** Whether stacks are missing, so that whom a resource names may be of another one. */
  readonly partial: boolean;

  constructor(resources: readonly AuditResource[], people: PeopleFile, partial = false) {
    this.resources = resources;
    this.partial = partial;
    this.people = people;
    for (const resource of resources) {
      const all = this.#byType.get(resource.type);
      if (all) all.push(resource);
      else this.#byType.set(resource.type, [resource]);
    }
    for (const [name, { stacks }] of Object.entries(people.accounts)) {
      for (const stack of stacks) this.#accounts.set(stack, name);
    }
    for (const [name, { stacks }] of Object.entries(people.subscriptions)) {
      for (const stack of stacks) this.#subscriptions.set(stack, name);
    }
  }

  ofType(type: string): readonly AuditResource[] {
    return this.#byType.get(type) ?? [];
  }

  /** The account that a resource is in, by its name in the people file. */
  accountOf(resource: AuditResource): string {
    return this.#placeOf(resource, this.#accounts, "account");
  }

  /** The subscription that a resource is in. */
  subscriptionOf(resource: AuditResource): string {
    return this.#placeOf(resource, this.#subscriptions, "subscription");
  }

  #placeOf({ stack, name, urn }: AuditResource, places: Map<string, string>, kind: string): string {
    const found = places.get(stack);
    if (found !== undefined) return found;
    const what = `expected an ${kind} of the people file that stack ${stack} is deployed into, found none; add ${stack} to its \`stacks\``;
    if (!this.unread.some((each) => each.what === what)) this.unread.push({ place: name, urn, what, pending: false });
    return "?";
  }

  /** A resource id of Azure's in the audit's own writing; undefined while it is not known. */
  scopeOf(resource: AuditResource, id: string | undefined): string | undefined {
    if (id === undefined) return undefined;
    const [, guid, rest = ""] = /^\/subscriptions\/([^/]+)(.*)$/i.exec(id) ?? [];
    if (guid === undefined) return id;
    const named = Object.entries(this.people.subscriptions).find(
      ([, { id: own }]) => own?.toLowerCase() === guid.toLowerCase(),
    );
    return `${named?.[0] ?? this.subscriptionOf(resource)}${rest}`;
  }

  /**
   * Where something on Azure is. A policy is not told the ids of resources: then the scope is made of their names, with
   * a star for what is not known.
   *
   * @param kind provider and type @example "Microsoft.Storage/storageAccounts"
   * @param named input that names it @example "accountName"
   */
  placeOf(resource: AuditResource, kind: string, named: string): string {
    const id = this.scopeOf(resource, textAt(resource, "id"));
    if (id !== undefined) return id;
    const group = textAt(resource, "resourceGroupName") ?? "*";
    const name = textAt(resource, named) ?? textAt(resource, "name") ?? "*";
    return `${this.subscriptionOf(resource)}/resourceGroups/${group}/providers/${kind}/${name}`;
  }

  /** What belongs to the same component: what begins with the same name, in the same one. */
  siblings(of: AuditResource, type: string): readonly AuditResource[] {
    const base = of.name.slice(0, of.name.lastIndexOf("-") + 1);
    return this.ofType(type).filter(
      ({ stack, within, name }) => stack === of.stack && within.join() === of.within.join() && name.startsWith(base),
    );
  }

  /** The policy in a property, by its name or its path. What cannot be read is reported. */
  documentAt(resource: AuditResource, path: string | (string | number)[], what: string): PolicyDocument[] {
    const value = at(resource, ...[path].flat());
    if (value === undefined) return [];
    if (value === UNKNOWN) {
      this.cannotRead(resource, `${what} is not known before the deployment`, true);
      return [];
    }
    const read = readDocument(value, `${what} of ${resource.name}`);
    if (isDocument(read)) return [read];
    this.cannotRead(resource, read.wrong);
    return [];
  }

  cannotRead({ name, urn, stack }: AuditResource, what: string, pending = false): void {
    this.unread.push({ place: `${name} in stack ${stack}`, urn, what, pending });
  }

  /** The name of the workload that a resource is of. */
  workloadOf(resource: AuditResource): string {
    return textAt(resource, "tags", "Workload") ?? resource.name.split("-")[0] ?? "";
  }
}

/** Whether a component of a type has a resource in it. @param component without the project's name */
export function isIn({ within }: AuditResource, component: string): boolean {
  return within.some((type) => type === `multicloud-dr:${component}`);
}
