import type { TokenCredential } from "@azure/core-auth";
import { ContainerClient } from "@azure/storage-blob";
import type { Connection } from "mysql2/promise";
import { SERVER_PARAMETERS } from "../../components/standby/database-parameters.ts";
import { REPLICATOR_USER } from "../../lambdas/database/account-name.ts";
import { BlobDumpStore } from "../../lambdas/database/blob-dump-store.ts";
import { connect, type Login } from "../../lambdas/database/connection.ts";
import { ADMINISTRATOR, CARRIED_PREFIXES } from "../../lambdas/database/layout.ts";
import { S3DumpStore } from "../../lambdas/database/s3-dump-store.ts";
import { BlobClient } from "../../lambdas/objects/blob-client.ts";
import { CompleteDumps } from "../../lambdas/standby/complete-dumps.ts";
import { control, type Limits } from "../../lambdas/standby/controller.ts";
import { DatabaseServers } from "../../lambdas/standby/database-servers.ts";
import { databaseWork } from "../../lambdas/standby/database-work.ts";
import { PLAN_BLOB, type PlanDocument, type PlannedDatabase } from "../../lambdas/standby/plan-document.ts";
import type { Standby } from "../../lambdas/standby/reality.ts";
import type { StateDocument } from "../../lambdas/standby/state-document.ts";
import { VaultSecrets } from "../../lambdas/standby/vault-secrets.ts";
import { type Permission, SECRET_ACTIONS } from "../../rehearsal/azure/access.ts";
import type { Properties } from "../../rehearsal/provider/codec.ts";
import type { LocalProvider } from "../../rehearsal/provider/provider.ts";
import type { TestClouds } from "../support/local-clouds.ts";
import { BUCKET, DumpSite } from "./aws/dump-site.ts";
import type { Deployed } from "./aws/local-aws.ts";

const GROUP = "live";
const PASSWORD = "Correct-horse-7";
const REPLICATORS_PASSWORD = "not-so-secret-either";
const SERVERS = "Microsoft.DBforMySQL/flexibleServers";
const UNENDED = new AbortController().signal;

/** The controller, and the store in which its dumps arrive. */
interface Controller {
  standby: Standby;
  dumps: BlobDumpStore;
}

/** Both sites as far as the database is concerned: what the stacks deploy, and the controller as they let it. */
export class LiveSites {
  readonly primary: DumpSite;
  readonly #clouds: TestClouds;
  #server: Deployed | undefined;
  #vaultUri = "";
  #controller: Controller | undefined;

  constructor(clouds: TestClouds) {
    this.#clouds = clouds;
    const deployed = (token: string, inputs: Record<string, unknown>) =>
      this.#deploy(clouds.local.aws.provider({ region: clouds.aws().region }), token, inputs);
    this.primary = new DumpSite({
      get cloud() {
        return clouds.aws();
      },
      deploy: deployed,
    });
  }

  async deploy(): Promise<void> {
    await this.primary.deploy(REPLICATORS_PASSWORD);
    const { azure } = this.#clouds.local;
    const provider = azure.provider({ location: "germanywestcentral" });
    const place = { resourceGroupName: GROUP };
    const make = (type: string, inputs: object) =>
      this.#deploy(provider, `azure-native:${type}`, { ...place, ...inputs });
    await make("resources:ResourceGroup", {});
    const server = await make("dbformysql:Server", {
      ...{ serverName: "shop", version: "8.4", sku: { name: "Standard_D2ads_v5", tier: "GeneralPurpose" } },
      ...{ administratorLogin: ADMINISTRATOR, administratorLoginPassword: PASSWORD },
      ...{ storage: { storageSizeGB: 20 }, backup: { geoRedundantBackup: "Disabled" } },
    });
    this.#server = server;
    for (const { name: configurationName, value } of SERVER_PARAMETERS) {
      await make("dbformysql:Configuration", { serverName: "shop", configurationName, value });
    }
    const vault = await make("keyvault:Vault", {
      vaultName: "live",
      properties: {
        ...{ tenantId: azure.resources.tenantId, sku: { family: "A", name: "standard" } },
        enableRbacAuthorization: true,
      },
    });
    const secrets = {
      administrator: { username: ADMINISTRATOR, password: PASSWORD },
      "primary-replicator": this.replicator,
    };
    for (const [secretName, value] of Object.entries(secrets)) {
      await make("keyvault:Secret", { vaultName: "live", secretName, properties: { value: JSON.stringify(value) } });
    }
    this.#vaultUri = (vault.properties.properties as { vaultUri: string }).vaultUri;
    this.#controller = await this.#makeController(vault.id);
  }

  /** As whom the standby follows the primary. */
  get replicator(): Login {
    return { host: this.primary.address, port: 3306, username: REPLICATOR_USER, password: REPLICATORS_PASSWORD };
  }

  /** A connection to the standby's server, as its administrator. */
  connect(): Promise<Connection> {
    return connect({ host: this.#host, port: 3306, username: ADMINISTRATOR, password: PASSWORD });
  }

  /** Dumps the primary by its machine, and lays the dump where the object replicator does. */
  async dump(): Promise<void> {
    const { status, cause } = await this.primary.run();
    if (status !== "SUCCEEDED") throw new Error(`the dump ${status}: ${cause}`);
    const { dumps } = this.#started;
    const source = new S3DumpStore(this.#clouds.aws().s3, BUCKET);
    for (const prefix of CARRIED_PREFIXES) {
      for (const { name } of await source.list(prefix, UNENDED)) {
        await dumps.write(name, await source.read(name, UNENDED), UNENDED);
      }
    }
  }

  async plan(
    target: PlannedDatabase["target"],
    more: Pick<PlannedDatabase, "follows"> & { own?: boolean },
    ready?: PlanDocument["ready"],
  ): Promise<void> {
    const secretId = `${this.#vaultUri}secrets/`;
    const database: PlannedDatabase = {
      ...{
        serverId: String(this.#server?.id),
        host: this.#host,
        port: 3306,
        target,
        restore: false,
        own: false,
        ...more,
      },
      ...{ secretId: `${secretId}administrator`, primarySecretId: `${secretId}primary-replicator` },
    };
    const text = JSON.stringify({ version: 2, database, ready });
    await this.#started.standby.container.getBlockBlobClient(PLAN_BLOB).upload(text, Buffer.byteLength(text));
  }

  /** The container that the markers' website is served from. */
  get website(): ContainerClient {
    return this.#started.standby.website;
  }

  /** Runs the controller, for one step unless told otherwise. */
  async look(limits: Partial<Limits> = {}): Promise<StateDocument> {
    const state = await control(this.#started.standby, { chain: 0, pause: 500, ...limits });
    if (!state) throw new Error("another run of the controller is at work");
    return state;
  }

  /** Runs the controller until it has come to what the plan says; returns what it did on the way. */
  async settle(): Promise<string[]> {
    const done: string[] = [];
    for (let runs = 0; runs < 100; runs++) {
      const { status, detail } = await this.look();
      if (status === "settled") return done;
      if (status === "acting") done.push(detail);
    }
    throw new Error(`the controller does not settle; it did: ${done.join("; ")}`);
  }

  get #host(): string {
    return String(this.#server?.properties.fullyQualifiedDomainName);
  }

  get #started(): Controller {
    if (!this.#controller) throw new Error("the sites have to be deployed first");
    return this.#controller;
  }

  /** The controller with the rights that the stacks give it, and no others, and with the operator's eyes on the dumps. */
  async #makeController(vaultId: string): Promise<Controller> {
    const { azure } = this.#clouds.local;
    const principal = crypto.randomUUID();
    const credential: TokenCredential = {
      getToken: async (scope) => ({
        token: await azure.authority.issue(principal, String(scope).replace("/.default", "")),
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    };
    const [plans, dumps] = [await this.#clouds.container(), await this.#clouds.container()];
    const website = await this.#clouds.container();
    const actions = ["read", "start/action", "stop/action", "configurations/write", "resetGtid/action"];
    this.#allow(principal, azure.resources.id("resourceGroups/live"), {
      actions: actions.map((one) => `${SERVERS}/${one}`),
    });
    this.#allow(principal, `${vaultId}/secrets/administrator`, { dataActions: [SECRET_ACTIONS.get] });
    this.#allow(principal, `${vaultId}/secrets/primary-replicator`, { dataActions: [SECRET_ACTIONS.get] });
    await this.#clouds.grant(principal, plans.id, ["read", "write", "add/action"]);
    await this.#clouds.grant(principal, dumps.id, ["read"]);
    await this.#clouds.grant(principal, website.id, ["read", "write", "delete"]);
    const seen = `${dumps.blobEndpoint}${dumps.name}`;
    const writer = (await dumps.asWriter()).credential as TokenCredential;
    return {
      dumps: new BlobDumpStore(seen, new BlobClient(seen, writer)),
      standby: {
        container: new ContainerClient(`${plans.blobEndpoint}${plans.name}`, credential),
        website: new ContainerClient(`${website.blobEndpoint}${website.name}`, credential),
        servers: new DatabaseServers(credential, azure.management.url),
        secrets: new VaultSecrets(credential),
        dumps: new CompleteDumps(new BlobDumpStore(seen, new BlobClient(seen, credential))),
        database: databaseWork(60_000),
        tell: () => {},
      },
    };
  }

  #allow(principalId: string, scope: string, permission: Permission): void {
    const { resources } = this.#clouds.local.azure;
    const roleDefinitionId = resources.id(`providers/Microsoft.Authorization/roleDefinitions/${crypto.randomUUID()}`);
    resources.put(roleDefinitionId, { permissions: [permission] });
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    resources.put(id, { principalId, roleDefinitionId, scope });
  }

  /** Checks and creates a resource, as the engine does. */
  async #deploy(provider: LocalProvider, token: string, given: Properties): Promise<Deployed> {
    const seed = crypto.randomUUID().replaceAll("-", "");
    const check = { urn: seed, token, name: "a-test", former: undefined, inputs: given, seed };
    const { inputs, refusals } = await provider.check(check);
    if (refusals.length > 0) throw new Error(`refused: ${JSON.stringify(refusals)}`);
    const state = await provider.create(token, inputs);
    const never = () => Promise.reject(new Error("nothing is changed here once it stands"));
    return { ...state, refresh: never, update: never, delete: never };
  }
}
