import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { type Endpoint, serveHttp } from "../local/balancer.ts";
import type { Certificate } from "../local/certificate.ts";
import type { Doors } from "../local/doors.ts";
import { issueForHosts } from "../local/host-certificate.ts";
import type { MachinePlan } from "../local/machine.ts";
import { Fleet } from "../local/machines.ts";
import type { Names } from "../local/names.ts";
import { Pool, type PoolOptions } from "../local/pool.ts";
import type { Properties } from "../provider/codec.ts";
import type { ContainerRegistries } from "./container-registries.ts";
import type { IdentityEndpoint } from "./identity-endpoint.ts";
import type { Pace } from "./pace.ts";
import type { ResourceManager } from "./resource-manager.ts";

/** A container app as far as its replicas depend on it, by the names of its Pulumi type. */
export interface ContainerApp extends Properties {
  containerAppName?: string;
  environmentId?: string;
  identity?: { userAssignedIdentities?: string[] };
  configuration?: {
    ingress?: { targetPort?: number };
    registries?: { server?: string; identity?: string }[];
    secrets?: { name?: string; value?: string }[];
  };
  template?: {
    containers?: Container[];
    scale?: { minReplicas?: number; maxReplicas?: number };
    volumes?: { name?: string; secrets?: { secretRef?: string; path?: string }[] }[];
  };
}

interface Container {
  image?: string;
  env?: { name?: string; value?: string }[];
  volumeMounts?: { volumeName?: string; mountPath?: string }[];
  probes?: { type?: string; httpGet?: { path?: string }; periodSeconds?: number; failureThreshold?: number }[];
}

/** The way in to an app, at its own name. */
interface Ingress {
  host: string;
  pool: Pool;
  endpoint: Endpoint;
}

interface Hosted {
  fleet: Fleet;
  /** What replicas are started from; another one replaces them all. */
  revision: string;
  ingress: Ingress | undefined;
}

export interface ContainerAppsOptions {
  resources: ResourceManager;
  identities: IdentityEndpoint;
  registries: ContainerRegistries;
  /** Who vouches for the apps' own names. */
  certificate: Certificate;
  /** Gets a folder for each replica. */
  folder: string;
  /** Gets the names of the apps that can be reached. */
  names: Names;
  doors: Doors;
  pace: Pace;
}

/**
 * The replicas of every container app, as processes: the image has to be in its registry, and the app's identity be
 * allowed to pull it, but what is started is the workload's app of the rehearsal. There are as many as the least; no
 * request starts another one.
 */
export class ContainerApps implements AsyncDisposable {
  readonly #options: ContainerAppsOptions;
  /** By id, in small letters. */
  readonly #hosted = new Map<string, Hosted>();

  constructor(options: ContainerAppsOptions) {
    this.#options = options;
  }

  /** Brings an app to its settings. @throws Error when its image is not to be had, or a replica does not come up */
  async write(id: string, app: ContainerApp): Promise<void> {
    await this.#requireImage(app);
    const key = id.toLowerCase();
    const former = this.#hosted.get(key);
    const fleet = former?.fleet ?? new Fleet(join(this.#options.folder, "replicas"));
    const revision = revisionOf(app);
    const standing = former?.revision === revision ? fleet.targets().map((target) => target.id) : [];
    await this.#bring(fleet, app, standing);
    const ingress = app.configuration?.ingress
      ? (former?.ingress ?? (await this.#open(app, fleet)))
      : this.#shut(former?.ingress);
    this.#hosted.set(key, { fleet, revision, ingress });
  }

  /** The replicas of an app. */
  replicasOf(id: string) {
    return this.#hosted.get(id.toLowerCase())?.fleet.machines() ?? [];
  }

  /** Ends the replicas of an app, and the way to them. */
  async delete(id: string): Promise<void> {
    const hosted = this.#hosted.get(id.toLowerCase());
    this.#hosted.delete(id.toLowerCase());
    this.#shut(hosted?.ingress);
    await hosted?.fleet[Symbol.asyncDispose]();
  }

  /** Ends all replicas as a loss of power would. */
  async kill(): Promise<void> {
    await Promise.all([...this.#hosted.values()].map(({ fleet }) => fleet.kill()));
  }

  /** Starts them again. @throws ServiceError when one does not come up */
  async revive(): Promise<void> {
    await Promise.all([...this.#hosted.values()].map(({ fleet }) => fleet.revive()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#hosted.keys()].map((id) => this.delete(id)));
  }

  /** Azure makes no revision whose image is not there for the app's identity, be there replicas of it or not. */
  async #requireImage({ configuration, template }: ContainerApp): Promise<void> {
    const { registries, resources } = this.#options;
    for (const { image = "" } of template?.containers ?? []) {
      const puller = configuration?.registries?.find(({ server = "" }) => image.startsWith(`${server}/`))?.identity;
      const principal = String(resources.get(puller ?? "")?.properties.principalId);
      const problem = await registries.problemOfPull(principal, image);
      if (problem !== undefined) throw new Error(`InvalidParameterValueInContainerTemplate: ${image}: ${problem}`);
    }
  }

  async #bring(fleet: Fleet, app: ContainerApp, standing: string[]): Promise<void> {
    const count = app.template?.scale?.minReplicas ?? 0;
    const added = Array.from(
      { length: Math.max(0, count - standing.length) },
      () => `${app.containerAppName}--${crypto.randomUUID().slice(0, 8)}`,
    );
    if (added.length > 0) await this.#options.pace.take("containerStart");
    await fleet.bringTo([...standing.slice(0, count), ...added], this.#planOf(app));
  }

  /** What a replica finds: the files of its volumes, its environment, and its identity. */
  #planOf({ identity, configuration, template }: ContainerApp): MachinePlan {
    const { certificate, identities } = this.#options;
    const [container = {}] = template?.containers ?? [];
    const files = (container.volumeMounts ?? []).flatMap(({ volumeName, mountPath = "/" }) => {
      const volume = template?.volumes?.find(({ name }) => name === volumeName);
      return (volume?.secrets ?? []).map(({ secretRef, path = "" }) => ({
        path: join(mountPath, path),
        content: configuration?.secrets?.find(({ name }) => name === secretRef)?.value ?? "",
      }));
    });
    return {
      userData: `#cloud-config\n${JSON.stringify({ write_files: files })}`,
      environment: {
        ...Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value])),
        ...identities.environmentFor(identity?.userAssignedIdentities ?? []),
        NODE_EXTRA_CA_CERTS: certificate.certificateFile,
        // What is in the image is the app, and which version of it the image's name says.
        APP_VERSION: container.image?.replace(/^[^/]*\//, ""),
      },
    };
  }

  /** Takes users at the app's own name, and at no other, to the replicas that are ready. */
  async #open(app: ContainerApp, fleet: Fleet): Promise<Ingress> {
    const { certificate, doors, names, resources } = this.#options;
    const domain = resources.get(app.environmentId ?? "")?.properties.defaultDomain;
    const host = `${app.containerAppName}.${domain}`;
    const pool = new Pool(readinessOf(app));
    const port = app.configuration?.ingress?.targetPort ?? 80;
    pool.register(fleet, () => fleet.targets().map((target) => ({ ...target, port })));
    const own = await issueForHosts(certificate, [host]);
    const decide = ({ headers }: IncomingMessage) =>
      headers.host === host
        ? { forward: pool }
        : { reply: { status: 404, body: "This Container App does not exist." } };
    const endpoint = await serveHttp({ tls: { certificates: () => [own] }, decide, doors });
    names.set(host, 443, endpoint);
    return { host, pool, endpoint };
  }

  #shut(ingress: Ingress | undefined): undefined {
    if (!ingress) return;
    this.#options.names.delete(ingress.host, 443);
    ingress.endpoint.close();
    ingress.pool[Symbol.dispose]();
  }
}

/** All that is part of a revision but its scale, by which no replica changes. */
function revisionOf({ identity, configuration, template }: ContainerApp): string {
  return JSON.stringify([template?.containers, template?.volumes, configuration?.secrets, identity]);
}

/** Seconds between two looks, and looks in a row that take a replica out, where a probe does not say ("Health probes in Azure Container Apps"). */
const PERIOD = 10;
const FAILURES = 3;

function readinessOf({ template }: ContainerApp): PoolOptions {
  const probe = template?.containers?.[0]?.probes?.find(({ type }) => type === "Readiness");
  const interval = (probe?.periodSeconds ?? PERIOD) * 1000;
  return {
    probe: {
      ...{ scheme: probe ? "http" : "tcp", path: probe?.httpGet?.path ?? "/", interval, timeout: interval },
      ...{ healthyAfter: 1, unhealthyAfter: probe?.failureThreshold ?? FAILURES },
      accepts: (status) => status >= 200 && status < 400,
    },
    failOpen: false,
  };
}
