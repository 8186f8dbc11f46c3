import { createRequire } from "node:module";
import { connect } from "node:net";
import { join } from "node:path";
import type { Certificate } from "../local/certificate.ts";
import { lastingPort } from "../local/ports.ts";
import { Service, type ServiceError } from "../local/service.ts";

const require = createRequire(import.meta.url);

export interface AzuriteOptions {
  /** Folder for its data and log. */
  folder: string;
  certificate: Certificate;
  /** Names of the accounts that it has; they can't be added later. */
  accounts: string[];
  /** Where it is to answer, on the loopback. @default a port that is free */
  port?: number;
  onDeath(error: ServiceError): void;
}

/**
 * Starts Azurite's blob service over TLS, with the data that its folder holds: it writes down every 5 s, and when it
 * is stopped, what there is. It takes bearer tokens, of whose content it checks little.
 */
export async function startAzurite(options: AzuriteOptions): Promise<{ service: Service; port: number }> {
  const { certificate, folder } = options;
  const port = options.port ?? (await lastingPort());
  const key = Buffer.alloc(64).toString("base64");
  const service = await Service.start({
    name: "Azurite (the local blob store)",
    command: process.execPath,
    args: [
      require.resolve("azurite/dist/src/blob/main.js"),
      ...["--blobHost", "127.0.0.1", "--blobPort", String(port), "--location", folder],
      ...["--oauth", "basic", "--cert", certificate.certificateFile, "--key", certificate.keyFile],
      // The SDK speaks newer versions of the API than Azurite knows by name.
      ...["--skipApiVersionCheck", "--disableTelemetry", "--silent"],
    ],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      AZURITE_ACCOUNTS: options.accounts.map((name) => `${name}:${key}`).join(";"),
    },
    folder,
    logFile: join(folder, "azurite.log"),
    ready: () => listens(port),
    patience: 60_000,
    onDeath: options.onDeath,
  });
  return { service, port };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    }).on("error", () => resolve(false));
  });
}
