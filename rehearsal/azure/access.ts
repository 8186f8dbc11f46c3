import { nameIn } from "./blob-names.ts";
import { type Asked, like, parseCondition } from "./conditions.ts";
import type { Resource, ResourceManager } from "./resource-manager.ts";

/** What a role allows, as a role definition has it. */
export interface Permission {
  actions?: string[];
  notActions?: string[];
  dataActions?: string[];
  notDataActions?: string[];
}

const SERVICES = "Microsoft.Storage/storageAccounts/blobServices";
const CONTAINERS = `${SERVICES}/containers`;
const DELEGATE = `${SERVICES}/generateUserDelegationKey/action`;
const SECRETS = "Microsoft.KeyVault/vaults/secrets";

/** What doing something with a secret takes ("Key Vault built-in roles for Key Vault data plane operations"). */
export const SECRET_ACTIONS = {
  /** Its value. */
  get: `${SECRETS}/getSecret/action`,
  /** What there is, but for the values. */
  list: `${SECRETS}/readMetadata/action`,
  set: `${SECRETS}/setSecret/action`,
  /** All but the value. */
  change: `${SECRETS}/update/action`,
  delete: `${SECRETS}/delete`,
} as const;

/**
 * Built-in roles that are assigned here, by their ids of the whole world ("Azure built-in roles for Storage", "Azure
 * built-in roles for Security").
 */
export const BUILT_IN_ROLES: Readonly<Record<string, Permission>> = {
  // Storage Blob Data Reader
  "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1": {
    actions: [`${CONTAINERS}/read`, DELEGATE],
    dataActions: [`${CONTAINERS}/blobs/read`],
  },
  // Storage Blob Data Contributor
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe": {
    actions: [`${CONTAINERS}/delete`, `${CONTAINERS}/read`, `${CONTAINERS}/write`, DELEGATE],
    dataActions: ["read", "write", "delete", "move/action", "add/action"].map(
      (action) => `${CONTAINERS}/blobs/${action}`,
    ),
  },
  // Storage Blob Data Owner
  "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": {
    actions: [`${CONTAINERS}/*`, DELEGATE],
    dataActions: [`${CONTAINERS}/blobs/*`],
  },
  // Reader ("Azure built-in roles for General")
  "acdd72a7-3385-48ef-bd42-f606fba81ae7": { actions: ["*/read"] },
  // Key Vault Reader
  "21090545-7ca7-4776-b22c-e363652d74d2": { dataActions: ["Microsoft.KeyVault/vaults/*/read", SECRET_ACTIONS.list] },
  // Key Vault Secrets User
  "4633458b-17de-408a-b874-0445c86b69e6": { dataActions: [SECRET_ACTIONS.get, SECRET_ACTIONS.list] },
};

/** A request to the blob service as far as rights depend on it. */
export interface BlobRequest {
  method: string;
  /** Empty for requests to the account. */
  container: string;
  /** Empty for requests to the container. */
  blob: string;
  query: URLSearchParams;
  /** Whether the request succeeds only when the blob does not exist yet (If-None-Match: *). */
  onlyIfNew: boolean;
  /** Whether it sets index tags along with what it writes (x-ms-tags). */
  setsTags?: boolean;
  /** The index tags that the blob has; only where a condition asks for them. */
  tags?: Readonly<Record<string, string>>;
}

/**
 * All that a request needs: of each of these one action at least ("Permissions for calling data operations"). Tags
 * are read and written by a right of their own, also along with a blob.
 */
export function neededFor(request: BlobRequest): string[][] {
  const lists = request.blob === "" && request.query.get("comp") === "list";
  const readsTags = lists && (request.query.get("include") ?? "").split(",").includes("tags");
  const more = [...(request.setsTags ? ["write"] : []), ...(readsTags ? ["read"] : [])];
  return [actionsFor(request), ...more.map((action) => [`${CONTAINERS}/blobs/tags/${action}`])];
}

/**
 * The actions any one of which lets a request pass ("Permissions for calling data operations").
 */
export function actionsFor(request: BlobRequest): string[] {
  const reads = request.method === "GET" || request.method === "HEAD";
  const comp = request.query.get("comp") ?? "";
  if (request.container === "") return accountActions(request.query.get("restype") ?? "", comp, reads);
  if (request.blob === "") return containerActions(request.method, comp, reads);
  return blobActions(request, comp, reads);
}

function accountActions(restype: string, comp: string, reads: boolean): string[] {
  if (comp === "userdelegationkey") return [DELEGATE];
  if (comp === "blobs") return [`${CONTAINERS}/blobs/filter/action`];
  if (restype === "service") return [`${SERVICES}/${reads ? "read" : "write"}`];
  return [`${CONTAINERS}/read`];
}

function containerActions(method: string, comp: string, reads: boolean): string[] {
  if (comp === "list") return [`${CONTAINERS}/blobs/read`];
  if (comp === "blobs") return [`${CONTAINERS}/blobs/filter/action`];
  if (comp === "acl") return [`${CONTAINERS}/${reads ? "getAcl" : "setAcl"}/action`];
  if (method === "DELETE") return [`${CONTAINERS}/delete`];
  return [`${CONTAINERS}/${reads ? "read" : "write"}`];
}

function blobActions({ method, query, onlyIfNew }: BlobRequest, comp: string, reads: boolean): string[] {
  if (comp === "tags") return [`${CONTAINERS}/blobs/tags/${reads ? "read" : "write"}`];
  // A query is a read, though it is sent as a POST.
  if (reads || comp === "query") return [`${CONTAINERS}/blobs/read`];
  if (comp === "immutabilityPolicies" || comp === "legalhold") {
    return [`${CONTAINERS}/blobs/immutableStorage/runAsSuperUser/action`];
  }
  if (method === "DELETE") {
    return [`${CONTAINERS}/blobs/${query.has("versionid") ? "deleteBlobVersion/action" : "delete"}`];
  }
  // What adds and never changes what is there needs no more than the right to add: Put Blob and Copy Blob of a
  // blob that is new, a block at the end of an append blob, a snapshot. Put Block and Put Block List do need `write`.
  const adds = (comp === "" && onlyIfNew) || comp === "appendblock" || comp === "snapshot";
  return adds ? [`${CONTAINERS}/blobs/add/action`, `${CONTAINERS}/blobs/write`] : [`${CONTAINERS}/blobs/write`];
}

/**
 * Whether a principal may do one of the actions at a scope, by the role assignments that there are.
 *
 * @param request what conditions of assignments look at; without it they find nothing there
 */
export function isAllowed(
  resources: ResourceManager,
  principalId: string,
  scope: string,
  actions: string[],
  request?: BlobRequest,
): boolean {
  return allow(resources, assignmentsOf(resources, principalId, scope), actions, request);
}

/** Whether one of these assignments lets any of the actions pass. */
export function allow(
  resources: ResourceManager,
  assignments: Resource[],
  actions: string[],
  request?: BlobRequest,
): boolean {
  return assignments.some(({ properties: { roleDefinitionId, condition } }) => {
    const granted = actions.filter((action) =>
      permissionsOf(resources, String(roleDefinitionId)).some((permission) => grants(permission, action)),
    );
    const holds = condition === undefined ? () => true : parseCondition(String(condition));
    return granted.some((action) => holds(askedBy(action, request)));
  });
}

/** Whether what these assignments allow depends on the index tags of blobs. */
export function dependOnTags(assignments: Resource[]): boolean {
  return assignments.some(({ properties }) =>
    String(properties.condition).includes(`@Resource[${CONTAINERS}/blobs/tags`),
  );
}

/** The role assignments that a principal has at a scope. */
export function assignmentsOf(resources: ResourceManager, principalId: string, scope: string): Resource[] {
  return resources
    .list("Microsoft.Authorization/roleAssignments")
    .filter(({ properties }) => properties.principalId === principalId && covers(String(properties.scope), scope));
}

/** What a condition may ask of a request ("Actions and attributes for Azure role assignment conditions for Blob Storage"). */
function askedBy(action: string, request: BlobRequest | undefined): Asked {
  if (!request) return { action, subOperation: undefined, attributes: {} };
  const { container, blob, query, tags = {} } = request;
  const prefix = query.get("prefix");
  const tagged = Object.entries(tags).map(([name, value]) => [
    `@Resource[${CONTAINERS}/blobs/tags:${name}<$key_case_sensitive$>]`,
    value,
  ]);
  return {
    action,
    subOperation: blob === "" && query.get("comp") === "list" ? "Blob.List" : undefined,
    attributes: {
      [`@Resource[${CONTAINERS}:name]`]: container,
      ...(blob === "" ? {} : { [`@Resource[${CONTAINERS}/blobs:path]`]: nameIn(blob) }),
      [`@Resource[${CONTAINERS}/blobs:isCurrentVersion]`]: !query.has("versionid") && !query.has("snapshot"),
      ...Object.fromEntries(tagged),
      ...(prefix === null ? {} : { [`@Request[${CONTAINERS}/blobs:prefix]`]: prefix }),
    },
  };
}

/** The permissions of a role, built in or defined here; empty when there is no such role. */
export function permissionsOf(resources: ResourceManager, roleDefinitionId: string): Permission[] {
  const builtIn = BUILT_IN_ROLES[roleDefinitionId.slice(roleDefinitionId.lastIndexOf("/") + 1)];
  if (builtIn) return [builtIn];
  return (resources.get(roleDefinitionId)?.properties.permissions as Permission[] | undefined) ?? [];
}

/** Whether a right at `outer` holds at `inner`. */
export function covers(outer: string, inner: string): boolean {
  return `${inner.toLowerCase()}/`.startsWith(`${outer.toLowerCase().replace(/\/$/, "")}/`);
}

/** Actions on blobs and secrets are data actions; those on containers are control-plane actions, even with a token. */
function grants(permission: Permission, action: string): boolean {
  const data = action.startsWith(`${CONTAINERS}/blobs/`) || action.startsWith(`${SECRETS}/`);
  const allowed = (data ? permission.dataActions : permission.actions) ?? [];
  const excepted = (data ? permission.notDataActions : permission.notActions) ?? [];
  return allowed.some((pattern) => like(pattern, action)) && !excepted.some((pattern) => like(pattern, action));
}
