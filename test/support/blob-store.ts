import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ContainerClient,
  newPipeline,
  type RequestPolicy,
  type RequestPolicyFactory,
  RestError,
  StorageSharedKeyCredential,
  type WebResource,
} from "@azure/storage-blob";
import { startAzurite } from "../../rehearsal/azure/azurite.ts";
import { makeCertificate } from "../../rehearsal/local/certificate.ts";
import type { Service } from "../../rehearsal/local/service.ts";

const ACCOUNT = "control";
/** The key that `startAzurite` gives every account. */
const KEY = Buffer.alloc(64).toString("base64");

/** A client's way to the store, which a test may cut. */
export class Way implements RequestPolicyFactory {
  isCut = false;
  /** Which requests are lost, though it is not cut. */
  loses: (request: WebResource) => boolean = () => false;
  /** Requests that were answered, or failed. */
  ended = 0;

  create(next: RequestPolicy): RequestPolicy {
    return {
      sendRequest: async (request) => {
        try {
          if (this.isCut || this.loses(request)) throw new RestError("getaddrinfo EAI_AGAIN", { code: "EAI_AGAIN" });
          return await next.sendRequest(request);
        } finally {
          this.ended += 1;
        }
      },
    };
  }
}

/** A real blob store, whose containers are a test's own. */
export class BlobStore {
  #folder = "";
  #service: Service | undefined;
  #port = 0;

  async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "blob-store-"));
    const certificate = await makeCertificate(this.#folder);
    const onDeath = (error: Error) => {
      throw error;
    };
    const options = { folder: this.#folder, certificate, accounts: [ACCOUNT], onDeath };
    const { service, port } = await startAzurite(options);
    this.#service = service;
    this.#port = port;
  }

  async stop(): Promise<void> {
    await this.#service?.[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** A container that is new. */
  async container(): Promise<ContainerClient> {
    const container = this.at(crypto.randomUUID());
    await container.create();
    return container;
  }

  /** A container as somebody sees it who tries nothing twice. @param way theirs to it */
  at(name: string, way = new Way()): ContainerClient {
    const pipeline = newPipeline(new StorageSharedKeyCredential(ACCOUNT, KEY), { retryOptions: { maxTries: 1 } });
    pipeline.factories.unshift(way);
    return new ContainerClient(`https://127.0.0.1:${this.#port}/${ACCOUNT}/${name}`, pipeline);
  }
}

/** Starts a blob store before the tests of a suite and stops it after them. */
export function useBlobStore(): BlobStore {
  const store = new BlobStore();
  before(() => store.start());
  after(() => store.stop());
  return store;
}
