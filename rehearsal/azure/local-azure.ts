import { join } from "node:path";
import type { TokenCredential } from "@azure/core-auth";
import type { Certificate } from "../local/certificate.ts";
import type { Clock } from "../local/clock.ts";
import { Doors } from "../local/doors.ts";
import type { MysqlServers } from "../local/mysql-servers.ts";
import type { Names } from "../local/names.ts";
import type { Service, ServiceError } from "../local/service.ts";
import { LocalProvider } from "../provider/provider.ts";
import { AZURE_ACTUATORS } from "./actuators/index.ts";
import { Authority, type TrustedIssuer } from "./authority.ts";
import { startAzurite } from "./azurite.ts";
import { BlobService, STORAGE_AUDIENCE } from "./blob-service.ts";
import type { AzureCloud, AzureParts } from "./cloud.ts";
import { ComputeImages } from "./compute-images.ts";
import { ContainerApps } from "./container-apps.ts";
import { ContainerRegistries } from "./container-registries.ts";
import { AzureFaults } from "./faults.ts";
import { FLEXIBLE_SERVERS, FlexibleServers } from "./flexible-servers.ts";
import { FrontDoors } from "./front-doors.ts";
import type { FunctionApp } from "./functions/function-app.ts";
import { FunctionsHost } from "./functions/host.ts";
import { IdentityEndpoint } from "./identity-endpoint.ts";
import { KeyVaults, VAULT_AUDIENCE } from "./key-vault.ts";
import { LoadBalancers } from "./load-balancers.ts";
import { MysqlServerPower } from "./mysql-servers.ts";
import { AzureOutage, reachable } from "./outage.ts";
import { Pace } from "./pace.ts";
import { ResourceManager } from "./resource-manager.ts";
import { ResourceManagerEndpoint } from "./resource-manager-endpoint.ts";
import { ScaleSets } from "./scale-sets.ts";
import type { ServerPower } from "./server-power.ts";
import { StaticWebsites } from "./static-websites.ts";
import {
  BLOB_DATA_CONTRIBUTOR,
  BLOB_DATA_OWNER,
  BLOB_DATA_READER,
  OPERATOR_ID,
  PUBLISHER_ID,
  READER,
  SECRET_READER_ID,
  SECRETS_USER,
  TEAM,
  VAULT_READER,
} from "./team.ts";

const SUBSCRIPTION_ID = "00000000-1111-4222-8333-444455556666";
const TENANT_ID = "99999999-8888-4777-8666-555544443333";

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
  /** By which its operations take the time that Azure takes. @default they take none */
  clock?: Clock;
  /** Called once when the emulator dies. */
  onDeath(error: ServiceError): void;
}

/** A local Azure: control plane, token authority, and the data planes that heed role assignments. */
export class LocalAzure implements AsyncDisposable {
  /** What goes wrong in it while it lives. */
  readonly faults: AzureFaults;
  readonly authority: Authority;
  /** The control plane as processes reach it. */
  readonly management: ResourceManagerEndpoint;
  readonly #outage: AzureOutage;
  readonly #parts: AzureParts;

  private constructor(args: {
    outage: AzureOutage;
    faults: AzureFaults;
    authority: Authority;
    management: ResourceManagerEndpoint;
    parts: AzureParts;
  }) {
    this.#outage = args.outage;
    this.faults = args.faults;
    this.authority = args.authority;
    this.management = args.management;
    this.#parts = args.parts;
  }

  /** The blob store. */
  get service(): Service {
    return this.#outage.store;
  }

  /** What its operations take. */
  get pace(): Pace {
    return this.#parts.pace;
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

  get containerApps(): ContainerApps {
    return this.#parts.containerApps;
  }

  get registries(): ContainerRegistries {
    return this.#parts.registries;
  }

  get functions(): FunctionsHost {
    return this.#parts.functions;
  }

  get identities(): IdentityEndpoint {
    return this.#parts.identities;
  }

  /** @throws ServiceError when the emulator does not start */
  static async start(options: LocalAzureOptions): Promise<LocalAzure> {
    const { certificate, databases, folder, names } = options;
    const resources = new ResourceManager(SUBSCRIPTION_ID, TENANT_ID);
    const doors = new Doors();
    const edges = new Doors();
    const faults = new AzureFaults(edges);
    const pace = new Pace(options.clock);
    const authority = await Authority.start(resources, options.issuers, certificate, doors);
    await using started = new AsyncDisposableStack();
    started.defer(() => authority.close());
    const { service, port } = await startAzurite({ ...options, accounts: ROOM });
    started.use(service);
    const azurite = { port, accounts: ROOM };
    const blobs = await BlobService.start(resources, authority, azurite, certificate, { doors, faults });
    const power = options.power ?? new MysqlServerPower({ databases, resources });
    const images = new ComputeImages(resources, blobs);
    const servers = new FlexibleServers(resources, power, pace);
    const management = await ResourceManagerEndpoint.start(resources, authority, servers, images, certificate, doors);
    started.defer(() => management.close());
    const identities = await IdentityEndpoint.start(resources, authority, doors);
    const environment = {
      RESOURCE_MANAGER_ENDPOINT: management.url,
      NODE_EXTRA_CA_CERTS: certificate.certificateFile,
    };
    const functions = new FunctionsHost({ folder, resources, authority, identities, environment, pace });
    started.move();
    const scaleSets = new ScaleSets({ identities, certificate, folder, pace, faults, images });
    const registries = new ContainerRegistries({
      ...{ resources, authority, certificate, doors },
      folder: join(folder, "registries"),
    });
    const containerApps = new ContainerApps({
      ...{ resources, identities, registries, certificate },
      ...{ folder, names, doors, pace },
    });
    const startStore = async () => (await startAzurite({ ...options, accounts: ROOM, port })).service;
    const outage = new AzureOutage(
      { doors, faults, databases, functions, scaleSets, containerApps, startStore },
      service,
    );
    const parts = {
      resources,
      blobs,
      websites: new StaticWebsites(resources, blobs, certificate, doors),
      vaults: new KeyVaults({ resources, authority, certificate, doors, faults }),
      registries,
      identities,
      servers,
      databases,
      functions,
      scaleSets,
      containerApps,
      balancers: new LoadBalancers(resources, scaleSets, names, doors),
      frontDoors: new FrontDoors({ resources, authority, blobs, names, certificate, doors: edges }),
      pace,
    };
    return new LocalAzure({ outage, faults, authority, management, parts });
  }

  /** All of it dies at once: whoever connects is refused. Nothing is lost that was confirmed. */
  kill(): Promise<void> {
    return this.#outage.kill();
  }

  /** All of it comes back, where it was, with what it had and without faults. @throws ServiceError when it does not */
  revive(): Promise<void> {
    return this.#outage.revive();
  }

  /** The provider as the engine configures it. @param config keys of the provider without its namespace */
  provider(config: Record<string, string>): LocalProvider {
    const cloud: AzureCloud = { ...this.#parts, users: new Set([OPERATOR_ID]), location: config.location };
    return new LocalProvider({
      registry: reachable(AZURE_ACTUATORS, () => this.#outage.isOn),
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
    this.#assign(OPERATOR_ID, BLOB_DATA_READER);
    return this.#credentialOf(OPERATOR_ID);
  }

  /** A credential of whoever publishes content at the standby, and may write blobs. */
  publisher(): TokenCredential {
    this.#assign(PUBLISHER_ID, BLOB_DATA_CONTRIBUTOR);
    return this.#credentialOf(PUBLISHER_ID);
  }

  /** A credential of somebody who may read every secret there is. */
  secretReader(): TokenCredential {
    this.#assign(SECRET_READER_ID, SECRETS_USER);
    return this.#credentialOf(SECRET_READER_ID, VAULT_AUDIENCE);
  }

  #credentialOf(principalId: string, audience = STORAGE_AUDIENCE): TokenCredential {
    return {
      getToken: async () => ({
        token: await this.authority.issue(principalId, audience),
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    };
  }

  /** What a command needs in its environment to sign in as the operator, who may do anything to every blob, and see all but secrets. */
  operatorEnvironment(): Record<string, string> {
    this.#assign(OPERATOR_ID, BLOB_DATA_OWNER);
    this.#assign(OPERATOR_ID, READER);
    this.#assign(OPERATOR_ID, VAULT_READER);
    return {
      AZURE_AUTHORITY_HOST: this.authority.url,
      AZURE_TENANT_ID: TENANT_ID,
      AZURE_CLIENT_ID: OPERATOR_ID,
      AZURE_CLIENT_SECRET: this.authority.secretOf(OPERATOR_ID),
      RESOURCE_MANAGER_ENDPOINT: this.management.url,
    };
  }

  /** The team's own assignment, made by hand long before: none of the stacks', and not in their way. */
  #assign(principalId: string, role: string): void {
    const scope = this.resources.id("").slice(0, -1);
    const roleDefinitionId = `${scope}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
    this.resources.put(`${scope}/providers/Microsoft.Authorization/roleAssignments/${role}-${principalId}`, {
      principalId,
      roleDefinitionId,
      scope,
    });
  }

  /** The function app of that name. @throws Error when there is none */
  functionApp(name: string): FunctionApp {
    const found = this.resources.list("Microsoft.Web/sites").find(({ id }) => id.endsWith(`/${name}`));
    return this.functions.app(found?.id ?? name);
  }

  /** How much runs here of what is paid by the hour: machines of scale sets or replicas, and database servers. */
  running(): { machines: number; databases: number } {
    const { containerApps, databases, scaleSets } = this.#parts;
    const machines = [
      ...this.resources.list("Microsoft.Compute/virtualMachineScaleSets").map(({ id }) => scaleSets.machinesOf(id)),
      ...this.resources.list("Microsoft.App/containerApps").map(({ id }) => containerApps.replicasOf(id)),
    ];
    const servers = this.resources.list(FLEXIBLE_SERVERS);
    return {
      machines: machines.flat().length,
      databases: servers.filter(({ id }) => databases.find(id)?.isRunning).length,
    };
  }

  /** Ids of everything that is not there from the start; what is deleted softly is gone as far as this goes. */
  remains(): string[] {
    return this.resources.ids().filter((id) => !TEAM.some((own) => id.endsWith(own)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#parts.frontDoors.close();
    this.#parts.balancers.close();
    await this.#parts.scaleSets[Symbol.asyncDispose]();
    await this.#parts.containerApps[Symbol.asyncDispose]();
    await this.functions[Symbol.asyncDispose]();
    this.identities.close();
    this.management.close();
    this.#parts.vaults.close();
    await this.#parts.registries[Symbol.asyncDispose]();
    this.#parts.websites.close();
    this.blobs.close();
    this.authority.close();
    await this.service.stop();
  }
}
