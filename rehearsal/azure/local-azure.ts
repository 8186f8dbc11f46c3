import type { TokenCredential } from "@azure/core-auth";
import type { Certificate } from "../local/certificate.ts";
import type { MysqlServers } from "../local/mysql-servers.ts";
import type { Names } from "../local/names.ts";
import type { Service, ServiceError } from "../local/service.ts";
import { LocalProvider } from "../provider/provider.ts";
import { AZURE_ACTUATORS } from "./actuators/index.ts";
import { Authority, type TrustedIssuer } from "./authority.ts";
import { startAzurite } from "./azurite.ts";
import { BlobService, STORAGE_AUDIENCE } from "./blob-service.ts";
import type { AzureCloud, AzureParts } from "./cloud.ts";
import { FLEXIBLE_SERVERS, FlexibleServers } from "./flexible-servers.ts";
import { FrontDoors } from "./front-doors.ts";
import type { FunctionApp } from "./functions/function-app.ts";
import { FunctionsHost } from "./functions/host.ts";
import { IdentityEndpoint } from "./identity-endpoint.ts";
import { KeyVaults } from "./key-vault.ts";
import { LoadBalancers } from "./load-balancers.ts";
import { MysqlServerPower } from "./mysql-servers.ts";
import { ResourceManager } from "./resource-manager.ts";
import { ResourceManagerEndpoint } from "./resource-manager-endpoint.ts";
import { ScaleSets } from "./scale-sets.ts";
import type { ServerPower } from "./server-power.ts";
import { StaticWebsites } from "./static-websites.ts";

const SUBSCRIPTION_ID = "00000000-1111-4222-8333-444455556666";
const TENANT_ID = "99999999-8888-4777-8666-555544443333";

/** Somebody of the team who may read every copy; the rehearsal looks at the copies as this one. */
const OPERATOR_ID = "77777777-0000-4000-8000-000000000001";
const BLOB_DATA_READER = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
const BLOB_DATA_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";

/** Azurite's accounts are fixed at its start: so many storage accounts there can be at once. */
const ROOM = Array.from({ length: 32 }, (_, index) => `account${String(index).padStart(2, "0")}`);

export interface LocalAzureOptions {
  /** Folder for data and logs. */
  folder: string;
  certificate: Certificate;
  /** Gets the hosts that are given out. */
  names: Names;
  /** Issuers outside whose tokens federated credentials may trust. */
  issuers: TrustedIssuer[];
  /** Where its database servers run. */
  databases: MysqlServers;
  /** Who starts and stops them. @default the processes of `databases` */
  power?: ServerPower;
  /** Called once when the emulator dies. */
  onDeath(error: ServiceError): void;
}

/** A local Azure: control plane, token authority, and the data planes that heed role assignments. */
export class LocalAzure implements AsyncDisposable {
  readonly service: Service;
  readonly authority: Authority;
  /** The control plane as processes reach it. */
  readonly management: ResourceManagerEndpoint;
  readonly #parts: AzureParts;

  private constructor(service: Service, authority: Authority, management: ResourceManagerEndpoint, parts: AzureParts) {
    this.service = service;
    this.authority = authority;
    this.management = management;
    this.#parts = parts;
  }

  get resources(): ResourceManager {
    return this.#parts.resources;
  }

  get blobs(): BlobService {
    return this.#parts.blobs;
  }

  get scaleSets(): ScaleSets {
    return this.#parts.scaleSets;
  }

  get functions(): FunctionsHost {
    return this.#parts.functions;
  }

  get identities(): IdentityEndpoint {
    return this.#parts.identities;
  }

  /** @throws ServiceError when the emulator does not start */
  static async start(options: LocalAzureOptions): Promise<LocalAzure> {
    const { certificate, databases } = options;
    const resources = new ResourceManager(SUBSCRIPTION_ID, TENANT_ID);
    const authority = await Authority.start(resources, options.issuers, certificate);
    await using started = new AsyncDisposableStack();
    started.defer(() => authority.close());
    const { service, port } = await startAzurite({ ...options, accounts: ROOM });
    started.use(service);
    const blobs = await BlobService.start(resources, authority, { port, accounts: ROOM }, certificate);
    const websites = new StaticWebsites(resources, blobs, certificate);
    const vaults = new KeyVaults(resources, authority, certificate);
    const servers = new FlexibleServers(resources, options.power ?? new MysqlServerPower({ databases, resources }));
    const management = await ResourceManagerEndpoint.start(resources, authority, servers, certificate);
    started.defer(() => management.close());
    const identities = await IdentityEndpoint.start(resources, authority);
    const environment = {
      RESOURCE_MANAGER_ENDPOINT: management.url,
      NODE_EXTRA_CA_CERTS: certificate.certificateFile,
    };
    const functions = new FunctionsHost({ folder: options.folder, resources, authority, identities, environment });
    started.move();
    const scaleSets = new ScaleSets(identities, certificate, options.folder);
    const balancers = new LoadBalancers(resources, scaleSets, options.names);
    const frontDoors = new FrontDoors({ ...options, resources, authority, blobs });
    const parts = {
      resources,
      blobs,
      websites,
      vaults,
      identities,
      servers,
      databases,
      functions,
      scaleSets,
      balancers,
      frontDoors,
    };
    return new LocalAzure(service, authority, management, parts);
  }

  /** The provider as the engine configures it. @param config keys of the provider without its namespace */
  provider(config: Record<string, string>): LocalProvider {
    const cloud: AzureCloud = { ...this.#parts, users: new Set([OPERATOR_ID]), location: config.location };
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
    this.#assignOperator(BLOB_DATA_READER);
    return {
      getToken: async () => ({
        token: await this.authority.issue(OPERATOR_ID, STORAGE_AUDIENCE),
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    };
  }

  /** What a command needs in its environment to sign in as the operator, who may do anything to every blob. */
  operatorEnvironment(): Record<string, string> {
    this.#assignOperator(BLOB_DATA_OWNER);
    return {
      AZURE_AUTHORITY_HOST: this.authority.url,
      AZURE_TENANT_ID: TENANT_ID,
      AZURE_CLIENT_ID: OPERATOR_ID,
      AZURE_CLIENT_SECRET: this.authority.secretOf(OPERATOR_ID),
    };
  }

  /** The team's own assignment, made by hand long before: none of the stacks', and not in their way. */
  #assignOperator(role: string): void {
    const scope = this.resources.id("").slice(0, -1);
    const roleDefinitionId = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
    this.resources.put(`${scope}/providers/Microsoft.Authorization/roleAssignments/${OPERATOR_ID}`, {
      principalId: OPERATOR_ID,
      roleDefinitionId,
      scope,
    });
  }

  /** The function app of that name. @throws Error when there is none */
  functionApp(name: string): FunctionApp {
    const found = this.resources.list("Microsoft.Web/sites").find(({ id }) => id.endsWith(`/${name}`));
    return this.functions.app(found?.id ?? name);
  }

  /** How much runs here of what is paid by the hour: machines of scale sets, and database servers. */
  running(): { machines: number; databases: number } {
    const { databases, scaleSets } = this.#parts;
    const sets = this.resources.list("Microsoft.Compute/virtualMachineScaleSets");
    const servers = this.resources.list(FLEXIBLE_SERVERS);
    return {
      machines: sets.reduce((sum, { id }) => sum + scaleSets.machinesOf(id).length, 0),
      databases: servers.filter(({ id }) => databases.find(id)?.isRunning).length,
    };
  }

  /** Ids of everything that is not there from the start; what is deleted softly is gone as far as this goes. */
  remains(): string[] {
    return this.resources.ids().filter((id) => !id.endsWith(OPERATOR_ID));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#parts.frontDoors.close();
    this.#parts.balancers.close();
    await this.#parts.scaleSets[Symbol.asyncDispose]();
    await this.functions[Symbol.asyncDispose]();
    this.identities.close();
    this.management.close();
    this.#parts.vaults.close();
    this.#parts.websites.close();
    this.blobs.close();
    this.authority.close();
    await this.service.stop();
  }
}
