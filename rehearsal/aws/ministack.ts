import { mkdir } from "node:fs/promises";
import { request } from "node:https";
import { delimiter, dirname, join } from "node:path";
import type { Certificate } from "../local/certificate.ts";
import { Service, type ServiceError } from "../local/service.ts";
import type { AwsEndpoint } from "./cloud.ts";

export interface MiniStackOptions {
  /** The Python in whose environment MiniStack is installed. */
  python: string;
  /** Folder for its data and log. */
  folder: string;
  /** Where it is to answer, on the loopback. */
  endpoint: AwsEndpoint;
  certificate: Certificate;
  /** More for its environment, which the functions that it runs inherit. */
  environment: Record<string, string>;
  onDeath(error: ServiceError): void;
}

/**
 * Starts MiniStack, an emulator of AWS's APIs that also runs functions.
 *
 * With AUTH it evaluates IAM: a function has its role's rights and no others. With TLS because the bucket's
 * policy denies everything else.
 */
export async function startMiniStack(options: MiniStackOptions): Promise<Service> {
  const { certificate, endpoint, folder, python } = options;
  const { port } = new URL(endpoint.url);
  const temporary = join(folder, "tmp");
  await mkdir(temporary, { recursive: true });
  await mkdir(outagesOf(folder), { recursive: true });
  return Service.start({
    name: "MiniStack (the local AWS)",
    command: python,
    args: [
      ...["-m", "hypercorn", "emulator:app", "--bind", `127.0.0.1:${port}`, "--keep-alive", "75"],
      // In one process, which is the one that dies when it is told to.
      ...["--workers", "0"],
      ...["--certfile", certificate.certificateFile, "--keyfile", certificate.keyFile],
    ],
    env: {
      // Functions run on the `node` that comes first on this path: the one that runs us.
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      HOME: folder,
      TMPDIR: temporary,
      // Where our own start of it is, emulator.py.
      PYTHONPATH: import.meta.dirname,
      PYTHONDONTWRITEBYTECODE: "1",
      GATEWAY_PORT: port,
      AUTH: "true",
      // Whose everything is that is asked without a signature, as the public asks a distribution.
      MINISTACK_ACCOUNT_ID: endpoint.accountId,
      USE_SSL: "1",
      MINISTACK_SSL_CERT: certificate.certificateFile,
      MINISTACK_SSL_KEY: certificate.keyFile,
      AWS_ENDPOINT_URL: endpoint.url,
      // Where its memory outlives it, and which of its services are out: see emulated_death.py, emulated_outages.py.
      EMULATOR_MEMORY: memoryOf(folder),
      OUTAGES: outagesOf(folder),
      // State machines wait minutes for instances, which are there in a second here.
      SFN_WAIT_SCALE: "0.02",
      AWS_SECRET_ACCESS_KEY: endpoint.secretAccessKey,
      NODE_EXTRA_CA_CERTS: certificate.certificateFile,
      ...options.environment,
    },
    folder,
    logFile: join(folder, "ministack.log"),
    ready: () => answers(Number(port)),
    patience: 60_000,
    onDeath: options.onDeath,
  });
}

/** The file in which its memory outlives it. @param folder its own */
export function memoryOf(folder: string): string {
  return join(folder, "ministack.memory");
}

/** Where a file named "s3" or "route53" has that service answer 503. @param folder its own */
export function outagesOf(folder: string): string {
  return join(folder, "outages");
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    request({ host: "127.0.0.1", port, path: "/_ministack/health", rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .on("error", () => resolve(false))
      .end();
  });
}
