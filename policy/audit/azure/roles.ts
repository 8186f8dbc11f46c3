/** What a role allows, as Azure's role definitions have it. */
export interface AzureRole {
  /** @example "Storage Blob Data Owner" */
  name: string;
  actions: readonly string[];
  notActions: readonly string[];
  dataActions: readonly string[];
  notDataActions: readonly string[];
}

type Parts = Partial<Omit<AzureRole, "name">> & { id: string };

const STORAGE = "Microsoft.Storage/storageAccounts";
const CONTAINERS = `${STORAGE}/blobServices/containers`;
const BLOBS = `${CONTAINERS}/blobs`;
const KEYS = "Microsoft.KeyVault/vaults/keys";

/**
 * Azure's own roles that the audit knows, cut to what can destroy a copy or lead to somebody who can ("Azure built-in
 * roles", as of July 2026). One that is not here is reported, and not guessed at: its definition can be written into
 * the people file.
 */
const BUILT_IN: Record<string, Parts> = {
  Owner: { id: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", actions: ["*"] },
  Contributor: {
    id: "b24988ac-6180-42a0-ab88-20f7382dd24c",
    actions: ["*"],
    notActions: [
      ...["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write"],
      ...[
        "Microsoft.Authorization/elevateAccess/Action",
        "Microsoft.Resources/deploymentStacks/manageDenySetting/action",
      ],
      ...["Microsoft.Subscription/cancel/action", "Microsoft.Subscription/enable/action"],
    ],
  },
  Reader: { id: "acdd72a7-3385-48ef-bd42-f606fba81ae7", actions: ["*/read"] },
  "User Access Administrator": {
    id: "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    actions: ["*/read", "Microsoft.Authorization/*"],
  },
  "Role Based Access Control Administrator": {
    id: "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    actions: [
      "*/read",
      "Microsoft.Authorization/roleAssignments/write",
      "Microsoft.Authorization/roleAssignments/delete",
    ],
  },
  "Storage Account Contributor": {
    id: "17d1049b-9a84-46fb-8f53-869881c3d3ab",
    actions: ["Microsoft.Authorization/*/read", `${STORAGE}/*`, "Microsoft.Resources/deployments/*"],
  },
  "Storage Account Backup Contributor": {
    id: "e5e2a7ff-d759-4cd2-bb51-3152d37e2eb1",
    actions: [
      ...[`${STORAGE}/read`, `${STORAGE}/write`, `${STORAGE}/blobServices/read`, `${STORAGE}/blobServices/write`],
      ...[
        "Microsoft.Authorization/locks/read",
        "Microsoft.Authorization/locks/write",
        "Microsoft.Authorization/locks/delete",
      ],
      `${STORAGE}/objectReplicationPolicies/*`,
    ],
  },
  "Storage Account Key Operator Service Role": {
    id: "81a9662b-bebf-436f-a333-f67b29880f12",
    actions: [`${STORAGE}/listkeys/action`, `${STORAGE}/regeneratekey/action`],
  },
  "Reader and Data Access": {
    id: "c12c1c16-33a1-487b-954d-41c89c60f349",
    actions: [`${STORAGE}/listKeys/action`, `${STORAGE}/ListAccountSas/action`, `${STORAGE}/read`],
  },
  "Storage Blob Data Owner": {
    id: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    actions: [`${CONTAINERS}/*`, `${STORAGE}/blobServices/generateUserDelegationKey/action`],
    dataActions: [`${BLOBS}/*`],
  },
  "Storage Blob Data Contributor": {
    id: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    actions: [`${CONTAINERS}/delete`, `${CONTAINERS}/read`, `${CONTAINERS}/write`],
    dataActions: ["delete", "read", "write", "move/action", "add/action"].map((action) => `${BLOBS}/${action}`),
  },
  "Storage Blob Data Reader": {
    id: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    actions: [`${CONTAINERS}/read`],
    dataActions: [`${BLOBS}/read`],
  },
  "Key Vault Administrator": {
    id: "00482a5a-887f-4fb3-b363-3b7fe8e74483",
    actions: ["Microsoft.KeyVault/vaults/read", "Microsoft.KeyVault/vaults/*/read"],
    dataActions: ["Microsoft.KeyVault/vaults/*"],
  },
  "Key Vault Contributor": {
    id: "f25e0fa2-a7c8-4377-a976-54943a77a395",
    actions: ["Microsoft.KeyVault/*"],
    notActions: ["Microsoft.KeyVault/locations/deletedVaults/purge/action", "Microsoft.KeyVault/hsmPools/*"],
  },
  "Key Vault Crypto Officer": {
    id: "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
    dataActions: [`${KEYS}/*`, "Microsoft.KeyVault/vaults/keyrotationpolicies/*"],
  },
  "Key Vault Purge Operator": {
    id: "a68e7c17-0ab2-4c09-9a58-125dae29748c",
    actions: ["Microsoft.KeyVault/locations/deletedVaults/purge/action", "Microsoft.KeyVault/deletedVaults/read"],
  },
  "Key Vault Secrets User": {
    id: "4633458b-17de-408a-b874-0445c86b69e6",
    dataActions: ["Microsoft.KeyVault/vaults/secrets/getSecret/action"],
  },
  "Managed Identity Contributor": {
    id: "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
    actions: [
      ...["read", "write", "delete"].map((action) => `Microsoft.ManagedIdentity/userAssignedIdentities/${action}`),
      "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/*",
    ],
  },
  "Managed Identity Operator": {
    id: "f1a07417-d97a-45cb-824c-7a7467783830",
    actions: ["Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action"],
  },
  "Website Contributor": { id: "de139f84-1756-47ae-9be6-808fbbe84772", actions: ["Microsoft.Web/sites/*"] },
  "Monitoring Reader": { id: "43d0d8ad-25c7-4714-9337-8ba259a9fe05", actions: ["*/read"] },
};

/** Roles by what people call them, and by the last part of their id. */
export class RoleCatalogue {
  readonly #roles = new Map<string, AzureRole>();

  constructor(own: readonly (AzureRole & { id?: string })[] = []) {
    for (const [name, { id, ...parts }] of Object.entries(BUILT_IN)) this.#add(id, { ...NOTHING, ...parts, name });
    for (const { id, ...role } of own) this.#add(id, role);
  }

  #add(id: string | undefined, role: AzureRole): void {
    this.#roles.set(role.name.toLowerCase(), role);
    if (id) this.#roles.set(id.toLowerCase(), role);
  }

  /** The role of a name or a resource id; undefined when nobody said what it allows. */
  find(nameOrId: string): AzureRole | undefined {
    return this.#roles.get((nameOrId.split("/").at(-1) ?? nameOrId).toLowerCase());
  }

  /** What people can write for a role. */
  get names(): string[] {
    return [...new Set([...this.#roles.values()].map(({ name }) => name))];
  }
}

const NOTHING = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
