import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Authority } from "../authority.ts";
import { STORAGE_AUDIENCE } from "../blob-service.ts";
import type { IdentityEndpoint } from "../identity-endpoint.ts";
import type { Pace } from "../pace.ts";
import type { ResourceManager } from "../resource-manager.ts";
import { FunctionApp, PACKAGE_BLOB } from "./function-app.ts";
import { storageObstacle } from "./host-storage.ts";

/** A function app as it was declared. */
export interface DeclaredApp {
  name: string;
  /** URL of the container with its package. */
  packageContainer: string;
  /** Resource id of the identity that reads the package. */
  packageReader: string;
  /** Resource ids of the identities that its code may sign in with. */
  identityIds: string[];
}

/** An app as it runs, or waits for what it lacks. */
interface HostedApp {
  declared: DeclaredApp;
  /** Its app settings. */
  settings: Record<string, string>;
  app: FunctionApp;
}

export interface FunctionsHostOptions {
  /** Folder for the apps' files and logs. */
  folder: string;
  resources: ResourceManager;
  authority: Authority;
  identities: IdentityEndpoint;
  /** What every app gets besides its settings: how it finds the local Azure. */
  environment: Record<string, string>;
  pace: Pace;
}

/** Runs the function apps of the local Azure, each as a process of its own. */
export class FunctionsHost implements AsyncDisposable {
  readonly #options: FunctionsHostOptions;
  readonly #apps = new Map<string, HostedApp>();

  constructor(options: FunctionsHostOptions) {
    this.#options = options;
  }

  /** Runs an app as soon as it has what it needs; one that runs is restarted if anything about it has changed. */
  async run(id: string, declared: DeclaredApp): Promise<void> {
    const former = this.#apps.get(id.toLowerCase());
    if (isDeepStrictEqual(former?.declared, declared)) return;
    await this.#restart(id, declared, former?.settings ?? {});
  }

  /** Gives an app settings in place of all that it had; it is restarted if that changes any, as Azure does. */
  async configure(id: string, settings: Record<string, string>): Promise<void> {
    const former = this.#get(id);
    if (!isDeepStrictEqual(former.settings, settings)) await this.#restart(id, former.declared, settings);
  }

  /** Has an app run another package, as OneDeploy does: it lays it where the app looks for it, and restarts the app. */
  async deploy(id: string, zip: Uint8Array): Promise<void> {
    const { declared, settings } = this.#get(id);
    const headers = { ...(await this.#platform(declared)), "x-ms-blob-type": "BlockBlob" };
    const response = await fetch(packageUrl(declared), { method: "PUT", headers, body: Buffer.from(zip) });
    if (!response.ok) throw await refused("writing", response);
    await this.#restart(id, declared, settings);
  }

  async #restart(id: string, declared: DeclaredApp, settings: Record<string, string>): Promise<void> {
    await this.remove(id);
    const { environment, identities, pace, resources } = this.#options;
    const app = new FunctionApp({
      name: declared.name,
      folder: join(this.#options.folder, "functions"),
      environment: {
        PATH: process.env.PATH,
        HOME: this.#options.folder,
        WEBSITE_SITE_NAME: declared.name,
        FUNCTIONS_WORKER_RUNTIME: "node",
        ...environment,
        ...identities.environmentFor(declared.identityIds),
        ...settings,
      },
      boot: (signal) => pace.take("functionAppRestart", signal),
      obstacle: () => storageObstacle(settings, declared.identityIds, resources),
      fetchPackage: () => this.#fetchPackage(declared),
    });
    this.#apps.set(id.toLowerCase(), { declared, settings, app });
  }

  /** Ends all apps as a loss of power would; they stay declared. */
  async kill(): Promise<void> {
    await Promise.all([...this.#apps.values()].map(({ app }) => app.kill()));
  }

  /** Runs all apps again that were killed. */
  async revive(): Promise<void> {
    const apps = [...this.#apps];
    await Promise.all(apps.map(([id, { declared, settings }]) => this.#restart(id, declared, settings)));
  }

  /** @throws Error when there is no such app */
  app(id: string): FunctionApp {
    return this.#get(id).app;
  }

  #get(id: string): HostedApp {
    const found = this.#apps.get(id.toLowerCase());
    if (!found) throw new Error(`there is no function app ${id}`);
    return found;
  }

  /** Ends an app; one that is gone already is no error. */
  async remove(id: string): Promise<void> {
    const found = this.#apps.get(id.toLowerCase());
    this.#apps.delete(id.toLowerCase());
    await found?.app[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#apps.keys()].map((id) => this.remove(id)));
  }

  async #fetchPackage(declared: DeclaredApp): Promise<Uint8Array | undefined> {
    const response = await fetch(packageUrl(declared), { headers: await this.#platform(declared) });
    if (response.status === 404) return undefined;
    if (response.ok) return response.bytes();
    throw await refused("reading", response);
  }

  /** The platform has no rights of its own on packages: it has those of the app's identity. */
  async #platform({ packageReader }: DeclaredApp): Promise<Record<string, string>> {
    const identity = this.#options.resources.get(packageReader);
    if (!identity) throw new Error(`there is no identity ${packageReader}`);
    const token = await this.#options.authority.issue(String(identity.properties.principalId), STORAGE_AUDIENCE);
    return { authorization: `Bearer ${token}`, "x-ms-version": "2023-11-03" };
  }
}

function packageUrl({ packageContainer }: DeclaredApp): string {
  return `${packageContainer.replace(/\/$/, "")}/${PACKAGE_BLOB}`;
}

async function refused(what: string, response: Response): Promise<Error> {
  return new Error(`${what} ${PACKAGE_BLOB} was answered with ${response.status}: ${await response.text()}`);
}
