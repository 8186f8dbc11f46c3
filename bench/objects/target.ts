import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobServiceClient,
  type ContainerClient,
  generateAccountSASQueryParameters,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { startAzurite } from "../../rehearsal/azure/azurite.ts";
import { azuriteToken } from "../../rehearsal/azure/azurite-token.ts";
import type { Certificate } from "../../rehearsal/local/certificate.ts";
import type { ServiceError } from "../../rehearsal/local/service.ts";
import { contentOf, keyOf, type Workload } from "./workloads.ts";

const ACCOUNT = "bench";
const HOUR = 60 * 60 * 1000;

/** How many copies are compared with their source byte by byte after a run, and how much of each at most. */
const SAMPLES = 16;
const SAMPLE_BYTES = 64 * 1024;

/** The store that everybody copies to: one Azurite, over TLS, because it takes bearer tokens over nothing else. */
export class Target implements AsyncDisposable {
  /** With the account, and a slash at the end. */
  readonly endpoint: string;
  /** What a peer signs in with; ours has a token. */
  readonly sas: string;
  readonly token = azuriteToken((24 * HOUR) / 1000);
  readonly pid: number;
  readonly #service: BlobServiceClient;
  readonly #stop: () => Promise<void>;
  #count = 0;

  private constructor(port: number, pid: number, stop: () => Promise<void>) {
    // The key that startAzurite gives every account.
    const credential = new StorageSharedKeyCredential(ACCOUNT, Buffer.alloc(64).toString("base64"));
    this.endpoint = `https://127.0.0.1:${port}/${ACCOUNT}/`;
    this.#service = new BlobServiceClient(this.endpoint, credential);
    this.pid = pid;
    this.#stop = stop;
    this.sas = generateAccountSASQueryParameters(
      {
        expiresOn: new Date(Date.now() + 24 * HOUR),
        permissions: AccountSASPermissions.parse("rwdlact"),
        resourceTypes: AccountSASResourceTypes.parse("sco").toString(),
        services: AccountSASServices.parse("b").toString(),
      },
      credential,
    ).toString();
  }

  /** @throws ServiceError when it does not start */
  static async start(options: {
    folder: string;
    certificate: Certificate;
    onDeath(error: ServiceError): void;
  }): Promise<Target> {
    const folder = join(options.folder, `azurite-${crypto.randomUUID()}`);
    await mkdir(folder);
    const { service, port } = await startAzurite({ ...options, folder, accounts: [ACCOUNT] });
    return new Target(port, service.pid ?? 0, async () => {
      await service.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    });
  }

  /** Another empty container. */
  async container(): Promise<ContainerClient> {
    this.#count += 1;
    const container = this.#service.getContainerClient(`run-${this.#count}`);
    await container.create();
    return container;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}

/** @throws Error when the container does not hold the objects of the workload, all of them and nothing else */
export async function verify(container: ContainerClient, { objects, bytes }: Workload): Promise<void> {
  let found = 0;
  let sum = 0;
  for await (const { properties } of container.listBlobsFlat()) {
    found += 1;
    sum += properties.contentLength ?? 0;
  }
  if (found !== objects || sum !== objects * bytes) {
    throw new Error(
      `expected ${objects} copies of together ${objects * bytes} bytes, found ${found} of together ${sum}; what made them is wrong`,
    );
  }
  const length = Math.min(bytes, SAMPLE_BYTES);
  for (let sample = 0; sample < Math.min(objects, SAMPLES); sample++) {
    const number = Math.floor((sample * objects) / Math.min(objects, SAMPLES));
    // Spread over the object, from its first bytes to its last.
    const offset = Math.floor(((bytes - length) * sample) / SAMPLES / 16) * 16;
    const copy = await container.getBlobClient(keyOf(number)).downloadToBuffer(offset, length);
    if (!copy.equals(contentOf(number, offset, length))) {
      throw new Error(`the copy of ${keyOf(number)} differs from its source in the bytes from ${offset} on`);
    }
  }
}
