import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TokenCredential } from "@azure/core-auth";
import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import { WebIdentity } from "../../rehearsal/aws/web-identity.ts";
import { STORAGE_AUDIENCE } from "../../rehearsal/azure/blob-service.ts";
import { LocalAzure, type LocalAzureOptions } from "../../rehearsal/azure/local-azure.ts";
import { type Certificate, makeCertificate } from "../../rehearsal/local/certificate.ts";
import type { MysqlServers } from "../../rehearsal/local/mysql-servers.ts";
import { Names } from "../../rehearsal/local/names.ts";
import type { State } from "../../rehearsal/provider/actuator.ts";
import type { Properties } from "../../rehearsal/provider/codec.ts";
import type { LocalProvider } from "../../rehearsal/provider/provider.ts";
import { mysqlServers } from "./mysql.ts";

export const GROUP = "azure-native:resources:ResourceGroup";
export const NETWORK = "azure-native:network:VirtualNetwork";
export const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
export const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";
export const ROLE = "azure-native:authorization:RoleDefinition";
export const ASSIGNMENT = "azure-native:authorization:RoleAssignment";
export const ACCOUNT = "azure-native:storage:StorageAccount";
export const SERVICE = "azure-native:storage:BlobServiceProperties";
export const CONTAINER = "azure-native:storage:BlobContainer";
export const BLOB = "azure-native:storage:Blob";
export const WEBSITE = "azure-native:storage:StorageAccountStaticWebsite";
export const LIFECYCLE = "azure-native:storage:ManagementPolicy";
export const CONTAINER_POLICY = "azure-native:storage:BlobContainerImmutabilityPolicy";
export const LOCK = "azure-native:authorization:ManagementLockByScope";
export const VAULT = "azure-native:keyvault:Vault";
export const SECRET = "azure-native:keyvault:Secret";
export const SERVER = "azure-native:dbformysql:Server";
export const CONFIGURATION = "azure-native:dbformysql:Configuration";
export const DATABASE = "azure-native:dbformysql:Database";
export const PUBLIC_ADDRESS = "azure-native:network:PublicIPAddress";
export const NAT_GATEWAY = "azure-native:network:NatGateway";
export const SECURITY_GROUP = "azure-native:network:NetworkSecurityGroup";
export const BALANCER = "azure-native:network:LoadBalancer";
export const ZONE = "azure-native:privatedns:PrivateZone";
export const ZONE_LINK = "azure-native:privatedns:VirtualNetworkLink";
export const PUBLIC_ZONE = "azure-native:dns:Zone";
export const RECORD_SET = "azure-native:dns:RecordSet";
export const SCALE_SET = "azure-native:compute:VirtualMachineScaleSet";
export const AUTOSCALE = "azure-native:monitor:AutoscaleSetting";
export const GALLERY = "azure-native:compute:Gallery";
export const IMAGE = "azure-native:compute:GalleryImage";
export const PROFILE = "azure-native:cdn:Profile";
export const ENDPOINT = "azure-native:cdn:AFDEndpoint";
export const ORIGIN_GROUP = "azure-native:cdn:AFDOriginGroup";
export const ORIGIN = "azure-native:cdn:AFDOrigin";
export const DOMAIN = "azure-native:cdn:AFDCustomDomain";
export const ROUTE = "azure-native:cdn:Route";
export const RULE_SET = "azure-native:cdn:RuleSet";
export const RULE = "azure-native:cdn:Rule";
export const WORKSPACE = "azure-native:operationalinsights:Workspace";
export const DIAGNOSTICS = "azure-native:monitor:DiagnosticSetting";
export const BUDGET = "azure-native:consumption:Budget";

/** What every blob endpoint of Azure understands of the inputs of an account. */
export const ORDINARY_ACCOUNT = { kind: "StorageV2", sku: { name: "Standard_ZRS" }, allowSharedKeyAccess: false };

/** The app settings with which the host of a function app signs in to its storage. */
export function hostStorage(accountName: string, identity: Deployed): Record<string, string> {
  return {
    AzureWebJobsStorage__accountName: accountName,
    AzureWebJobsStorage__credential: "managedidentity",
    AzureWebJobsStorage__clientId: String(identity.properties.clientId),
  };
}

/** A resource that stands, and what the engine may do with it. */
export interface Deployed {
  readonly id: string;
  /** Inputs and outputs together. */
  readonly properties: Properties;
  /** What a refresh says of the inputs; undefined when the resource is gone. */
  refresh(): Promise<Properties | undefined>;
  /** Checks and brings it to new inputs. */
  update(inputs: Properties): Promise<Properties>;
  /** Inputs whose change to these would make a new resource. */
  replacedBy(inputs: Properties): string[];
  delete(): Promise<void>;
}

/** The local Azure as the engine sees it, one call of the provider at a time. */
export class TestAzure {
  /** An issuer outside that federated credentials may trust. */
  issuer!: WebIdentity;
  certificate!: Certificate;
  /** The hosts that it gave out. */
  readonly names = new Names();
  readonly #options: Partial<LocalAzureOptions>;
  #azure: LocalAzure | undefined;
  #databases: MysqlServers | undefined;
  #folder = "";

  /** @param options what is not as usual */
  constructor(options: Partial<LocalAzureOptions> = {}) {
    this.#options = options;
  }

  get local(): LocalAzure {
    if (!this.#azure) throw new Error("the local Azure is used before it was started: call it inside a test or a hook");
    return this.#azure;
  }

  get provider(): LocalProvider {
    return this.providerIn("westeurope");
  }

  /** What runs behind its database servers. */
  get databases(): MysqlServers {
    if (!this.#databases) throw new Error("the databases are used before the local Azure was started");
    return this.#databases;
  }

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "local-azure-"));
    this.issuer = await WebIdentity.create();
    this.certificate = await makeCertificate(this.#folder);
    this.#databases = await mysqlServers(this.#folder, this.certificate);
    this.#azure = await LocalAzure.start({
      folder: this.#folder,
      certificate: this.certificate,
      names: this.names,
      issuers: [this.issuer],
      databases: this.#databases,
      onDeath: (error) => {
        throw error;
      },
      ...this.#options,
    });
  }

  async stop(): Promise<void> {
    await this.#azure?.[Symbol.asyncDispose]();
    await this.#databases?.[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** The provider with another default region, or none. */
  providerIn(location?: string): LocalProvider {
    return this.local.provider(location === undefined ? {} : { location });
  }

  /** Reasons for which the inputs are refused, each with its property before it, a line each. */
  async refusals(token: string, inputs: Properties, former?: Properties): Promise<string> {
    const check = { urn: crypto.randomUUID(), token, name: "a-test", former, inputs, seed: newSeed() };
    const { refusals } = await this.provider.check(check);
    return refusals.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
  }

  /** Checks and creates a resource. */
  async deploy(token: string, given: Properties): Promise<Deployed> {
    const { provider } = this;
    const urn = crypto.randomUUID();
    const accepted = async (next: Properties, former?: Properties) => {
      const checked = await provider.check({ urn, token, name: "a-test", former, inputs: next, seed: newSeed() });
      if (checked.refusals.length > 0) throw new Error(`refused: ${JSON.stringify(checked.refusals)}`);
      return checked.inputs;
    };
    let inputs = await accepted(given);
    let state: State = await provider.create(token, inputs);
    return {
      id: state.id,
      get properties() {
        return state.properties;
      },
      refresh: async () => (await provider.read(token, state, inputs))?.inputs,
      update: async (next) => {
        const known = await accepted(next, inputs);
        state = { id: state.id, properties: await provider.update(token, state, inputs, known) };
        inputs = known;
        return state.properties;
      },
      replacedBy: (next) =>
        provider.diff({ token, name: "a-test", former: inputs, inputs: next, ignored: [] }).replaced,
      delete: () => provider.delete(token, state),
    };
  }

  /** A resource group of the test's own. */
  async group(): Promise<string> {
    return String((await this.deploy(GROUP, {})).properties.resourceGroupName);
  }

  /** A storage account with one container, in a group of its own. */
  async container(settings: Properties = {}): Promise<{ group: string; account: Deployed; container: Deployed }> {
    const group = await this.group();
    const accountName = `a${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`;
    const place = { resourceGroupName: group, accountName };
    const account = await this.deploy(ACCOUNT, { ...place, ...ORDINARY_ACCOUNT, ...settings });
    return { group, account, container: await this.deploy(CONTAINER, { ...place, containerName: "content" }) };
  }

  /** Gives a principal a role; takes it away again when it is deleted. */
  assign(principalId: string, roleDefinitionId: string, scope: string): Promise<Deployed> {
    const principalType = "ServicePrincipal";
    return this.deploy(ASSIGNMENT, { principalId, principalType, roleDefinitionId, scope });
  }

  /** The id of a role that is built in. */
  builtInRole(guid: string): string {
    return this.local.resources.id(`providers/Microsoft.Authorization/roleDefinitions/${guid}`);
  }

  /** A principal's own tokens. */
  credential(principalId: string, audience = STORAGE_AUDIENCE): TokenCredential {
    return {
      getToken: async () => ({
        token: await this.local.authority.issue(principalId, audience),
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    };
  }

  /** A container as a principal sees it; what is refused is not tried again. */
  containerAs(principalId: string, account: string, audience?: string): ContainerClient {
    const endpoint = this.local.blobs.endpointOf(account);
    const options = { retryOptions: { maxTries: 1 } };
    return new BlobServiceClient(endpoint, this.credential(principalId, audience), options).getContainerClient(
      "content",
    );
  }
}

function newSeed(): string {
  return crypto.randomUUID().replaceAll("-", "");
}

/** Starts a local Azure before the tests of a suite and stops it after them. */
export function useLocalAzure(options: Partial<LocalAzureOptions> = {}): TestAzure {
  const azure = new TestAzure(options);
  before(() => azure.start());
  after(() => azure.stop());
  return azure;
}
