import type { TokenCredential } from "@azure/core-auth";
import type { Certificate } from "../local/certificate.ts";
import type { Service, ServiceError } from "../local/service.ts";
import { LocalProvider } from "../provider/provider.ts";
import { AZURE_ACTUATORS } from "./actuators/index.ts";
import { Authority, type TrustedIssuer } from "./authority.ts";
import { startAzurite } from "./azurite.ts";
import { BlobService, STORAGE_AUDIENCE } from "./blob-service.ts";
import type { AzureCloud } from "./cloud.ts";
import { ResourceManager } from "./resource-manager.ts";

const SUBSCRIPTION_ID = "00000000-1111-4222-8333-444455556666";
const TENANT_ID = "99999999-8888-4777-8666-555544443333";

/** Somebody of the team who may read every copy; the rehearsal looks at the copies as this one. */
const OPERATOR_ID = "77777777-0000-4000-8000-000000000001";
const BLOB_DATA_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";

/** Azurite's accounts are fixed at its start: so many storage accounts there can be at once. */
const ROOM = Array.from({ length: 32 }, (_, index) => `account${String(index).padStart(2, "0")}`);

export interface LocalAzureOptions {
  /** Folder for data and logs. */
  folder: string;
  certificate: Certificate;
  /** Issuers outside whose tokens federated credentials may trust. */
  issuers: TrustedIssuer[];
  /** Called once when the emulator dies. */
  onDeath(error: ServiceError): void;
}

/** A local Azure: control plane, token authority, and blob endpoints that heed role assignments. */
export class LocalAzure implements AsyncDisposable {
  readonly service: Service;
  readonly resources: ResourceManager;
  readonly authority: Authority;
  readonly blobs: BlobService;

  private constructor(service: Service, resources: ResourceManager, authority: Authority, blobs: BlobService) {
    this.service = service;
    this.resources = resources;
    this.authority = authority;
    this.blobs = blobs;
  }

  /** @throws ServiceError when the emulator does not start */
  static async start(options: LocalAzureOptions): Promise<LocalAzure> {
    const resources = new ResourceManager(SUBSCRIPTION_ID, TENANT_ID);
    const authority = await Authority.start(resources, options.issuers, options.certificate);
    await using started = new AsyncDisposableStack();
    started.defer(() => authority.close());
    const { service, port } = await startAzurite({ ...options, accounts: ROOM });
    started.use(service);
    const blobs = await BlobService.start(resources, authority, { port, accounts: ROOM }, options.certificate);
    started.move();
    return new LocalAzure(service, resources, authority, blobs);
  }

  /** The provider as the engine configures it. @param config keys of the provider without its namespace */
  provider(config: Record<string, string>): LocalProvider {
    const { resources, blobs } = this;
    const cloud: AzureCloud = { resources, blobs, users: new Set([OPERATOR_ID]), location: config.location };
    return new LocalProvider({
      registry: AZURE_ACTUATORS,
      cloud,
      invokes: {
        "azure-native:authorization:getClientConfig": async () => ({
          clientId: OPERATOR_ID,
          objectId: OPERATOR_ID,
          subscriptionId: SUBSCRIPTION_ID,
          tenantId: TENANT_ID,
        }),
      },
      identify: (token, name) => {
        const [, namespace, type] = token.split(":");
        const id = this.resources.id(`resourceGroups/recorded/providers/Microsoft.${namespace}/${type}/${name}`);
        return { id, arn: id };
      },
    });
  }

  /** A credential of the operator, who may read every blob there is. */
  operator(): TokenCredential {
    const scope = this.resources.id("").slice(0, -1);
    const roleDefinitionId = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${BLOB_DATA_READER}`;
    // The team's own assignment, made by hand long before: none of the stacks', and not in their way.
    this.resources.put(`${scope}/providers/Microsoft.Authorization/roleAssignments/${OPERATOR_ID}`, {
      principalId: OPERATOR_ID,
      roleDefinitionId,
      scope,
    });
    return {
      getToken: async () => ({
        token: await this.authority.issue(OPERATOR_ID, STORAGE_AUDIENCE),
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    };
  }

  /** Ids of everything that is not there from the start. */
  remains(): string[] {
    return this.resources.ids().filter((id) => !id.endsWith(OPERATOR_ID));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.blobs.close();
    this.authority.close();
    await this.service.stop();
  }
}
