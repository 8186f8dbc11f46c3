import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalAws } from "./aws/local-aws.ts";
import { WebIdentity } from "./aws/web-identity.ts";
import { LocalAzure } from "./azure/local-azure.ts";
import { LocalDns } from "./dns/local-dns.ts";
import { makeCertificate } from "./local/certificate.ts";
import { Clock } from "./local/clock.ts";
import { MysqlServers } from "./local/mysql-servers.ts";
import { type Fetch, fetchThrough, Names } from "./local/names.ts";
import type { ServiceError } from "./local/service.ts";
import { LocalProvider } from "./provider/provider.ts";
import { serveProvider } from "./provider/server.ts";
import { RANDOM_ACTUATORS } from "./random/actuators.ts";
import type { MySql } from "./tools/mysql.ts";

export interface CloudOptions {
  /** Folder for data, logs, certificate and the engine's state. */
  folder: string;
  /** The Python in whose environment MiniStack is installed. */
  python: string;
  /** What the databases of both clouds run on. */
  mysql: MySql;
  pace: Pace;
  /** Ends every call of the providers at once. */
  signal: AbortSignal;
  /** Called once when an emulator dies. */
  onDeath(error: ServiceError): void;
}

/** How time goes in the local clouds. */
export interface Pace {
  /** Of health checks, and of how long names are remembered. */
  clock: Clock;
  /** Whether what takes Azure minutes takes so long here too, by the clock. @default false */
  serviceTimes?: boolean;
}

/** For whoever does not measure: the clouds are as fast as this machine, and DNS is soon through. */
export const HASTE: Pace = { clock: new Clock(20) };

/**
 * A local AWS and a local Azure, and the providers through which the engine deploys to them. Everything
 * listens on free ports of the loopback, so several can run side by side.
 */
export class LocalClouds implements AsyncDisposable {
  readonly aws: LocalAws;
  readonly azure: LocalAzure;
  readonly dns: LocalDns;
  /** The hosts that the clouds gave out, and where each answers. */
  readonly names: Names;
  /** Asks those hosts as a user does. */
  readonly fetch: Fetch;
  /** What the engine, and whatever it starts, needs in its environment to reach them. */
  readonly environment: Record<string, string>;
  /** Who vouches for them, PEM. */
  readonly certificate: string;
  readonly #disposables: AsyncDisposableStack;

  private constructor(
    aws: LocalAws,
    azure: LocalAzure,
    dns: LocalDns,
    names: Names,
    fetch: Fetch,
    environment: Record<string, string>,
    certificate: string,
    disposables: AsyncDisposableStack,
  ) {
    this.aws = aws;
    this.azure = azure;
    this.dns = dns;
    this.names = names;
    this.fetch = fetch;
    this.environment = environment;
    this.certificate = certificate;
    this.#disposables = disposables;
  }

  /** @throws ServiceError when an emulator does not start */
  static async start(options: CloudOptions): Promise<LocalClouds> {
    await using disposables = new AsyncDisposableStack();
    const certificate = await makeCertificate(options.folder);
    const webIdentity = await WebIdentity.create();
    const addresses = join(options.folder, "host-addresses.json");
    const names = new Names(addresses);
    const { clock, serviceTimes } = options.pace;
    const databases = disposables.use(
      new MysqlServers({ ...options, authority: certificate, folder: join(options.folder, "mysql") }),
    );
    const azure = disposables.use(
      await LocalAzure.start({
        ...options,
        ...(serviceTimes && { clock }),
        certificate,
        names,
        databases,
        issuers: [webIdentity],
      }),
    );
    const aws = disposables.use(
      await LocalAws.start({
        ...options,
        certificate,
        webIdentity,
        names,
        databases,
        environment: { AZURE_AUTHORITY_HOST: azure.authority.url, RESOURCE_MANAGER_ENDPOINT: azure.management.url },
      }),
    );
    const dns = disposables.use(
      await LocalDns.start({
        // Where its control plane is, whatever the region of a site.
        route53: () => aws.connect("us-east-1").route53,
        ...{ names, clock, certificate, emulatorUrl: aws.environment.AWS_ENDPOINT_URL ?? "" },
      }),
    );

    aws.useNameServer(`${dns.address.host}:${dns.address.port}`);

    const connections = {
      aws: (config: Record<string, string>) => aws.provider(config),
      "azure-native": (config: Record<string, string>) => azure.provider(config),
      random: randomProvider,
    };
    const attach: string[] = [];
    for (const [name, connect] of Object.entries(connections)) {
      const { port, close } = await serveProvider(name, connect, options.signal);
      disposables.defer(close);
      attach.push(`${name}:${port}`);
    }
    const environment = {
      ...(await engineEnvironment(options.folder)),
      PULUMI_DEBUG_PROVIDERS: attach.join(","),
      NODE_EXTRA_CA_CERTS: certificate.certificateFile,
      AWS_ENDPOINT_URL_ROUTE_53: dns.statusUrl,
      DNS_SERVERS: `${dns.address.host}:${dns.address.port}`,
      HOST_ADDRESSES: addresses,
    };
    const fetch = fetchThrough(names, certificate.certificate);
    return new LocalClouds(aws, azure, dns, names, fetch, environment, certificate.certificate, disposables.move());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#disposables.disposeAsync();
  }
}

/** Keeps the engine to itself: state in the folder, nothing fetched, and our own, fuller check of the configuration. */
async function engineEnvironment(folder: string): Promise<Record<string, string>> {
  const state = join(folder, "state");
  const home = join(folder, "pulumi");
  const programs = join(folder, "bin");
  await Promise.all([state, home, programs].map((path) => mkdir(path, { recursive: true })));
  // An engine without a language host looks for this program to run a policy pack by.
  const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");
  const script = `#!/bin/sh\nexec "${process.execPath}" "${runner}" "$@"\n`;
  await writeFile(join(programs, "pulumi-analyzer-policy-nodejs"), script, { mode: 0o755 });
  return {
    PATH: [programs, process.env.PATH].join(delimiter),
    PULUMI_BACKEND_URL: pathToFileURL(state).href,
    PULUMI_CONFIG_PASSPHRASE: "rehearsal",
    PULUMI_HOME: home,
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_OPTION_SKIP_CONFIG_VALIDATION: "true",
  };
}

function randomProvider(): LocalProvider {
  return new LocalProvider({
    registry: RANDOM_ACTUATORS,
    cloud: null,
    invokes: {},
    identify: (_token, name) => ({ id: name, arn: name }),
  });
}
