import type { MysqlServers } from "../local/mysql-servers.ts";
import type { BlobService } from "./blob-service.ts";
import type { ContainerApps } from "./container-apps.ts";
import type { ContainerRegistries } from "./container-registries.ts";
import type { FlexibleServers } from "./flexible-servers.ts";
import type { FrontDoors } from "./front-doors.ts";
import type { FunctionsHost } from "./functions/host.ts";
import type { IdentityEndpoint } from "./identity-endpoint.ts";
import type { KeyVaults } from "./key-vault.ts";
import type { LoadBalancers } from "./load-balancers.ts";
import type { Pace } from "./pace.ts";
import type { ResourceManager } from "./resource-manager.ts";
import type { ScaleSets } from "./scale-sets.ts";
import type { StaticWebsites } from "./static-websites.ts";

/** What a local Azure consists of as far as actuators act on it. */
export interface AzureParts {
  resources: ResourceManager;
  blobs: BlobService;
  websites: StaticWebsites;
  vaults: KeyVaults;
  /** Of containers' images. */
  registries: ContainerRegistries;
  /** Where processes sign in as the managed identities that they have. */
  identities: IdentityEndpoint;
  /** Database servers, as far as operations change them. */
  servers: FlexibleServers;
  /** What runs behind them. */
  databases: MysqlServers;
  functions: FunctionsHost;
  scaleSets: ScaleSets;
  containerApps: ContainerApps;
  balancers: LoadBalancers;
  frontDoors: FrontDoors;
  /** What its operations take. */
  pace: Pace;
}

/** What the Azure actuators act on. */
export interface AzureCloud extends AzureParts {
  /** Object ids of the people in the directory; its other principals are identities among the resources. */
  users: ReadonlySet<string>;
  /** Region of resources that name none; the provider's `location`. */
  location: string | undefined;
}
