import { Agent } from "node:https";
import type { ContainerClient } from "@azure/storage-blob";
import type { Notes } from "../../lambdas/images/carry.ts";
import { PageBlob } from "../../lambdas/images/page-blob.ts";
import { BlobClient } from "../../lambdas/objects/blob-client.ts";
import { azuriteToken } from "../../rehearsal/azure/azurite-token.ts";
import { useBlobStore } from "./blob-store.ts";
import { type Asked, type Fault, FaultyProxy } from "./faulty-proxy.ts";

/** A container of page blobs in a real blob store, and the way to it that a function takes. */
export class PageBlobs {
  readonly #container: () => ContainerClient;
  readonly #client: () => BlobClient;
  /** Bodies of the pages that were written, in bytes. */
  sent: number[] = [];
  /** What goes wrong with a request. */
  choose: (asked: Asked) => Fault | undefined = () => undefined;

  constructor(container: () => ContainerClient, client: () => BlobClient) {
    this.#container = container;
    this.#client = client;
  }

  /** A blob that is not there yet. */
  blob(name = `${crypto.randomUUID()}.vhd`): PageBlob {
    return new PageBlob(this.#client(), name);
  }

  /** All of a blob, as anybody would read it. */
  read({ name }: PageBlob): Promise<Buffer> {
    return this.#container().getBlobClient(name).downloadToBuffer();
  }

  /** Reads a blob into a file. */
  async download({ name }: PageBlob, file: string): Promise<void> {
    await this.#container().getBlobClient(name).downloadToFile(file);
  }

  reset(): void {
    this.sent = [];
    this.choose = () => undefined;
  }
}

/** Notes that are kept as long as the test. */
export function memoryNotes(): Notes {
  let noted: string | undefined;
  return {
    read: async () => noted,
    write: async (text) => {
      noted = text;
    },
  };
}

/** Starts a blob store before the tests of a suite, with a container for page blobs, and stops it after them. */
export function usePageBlobs(): PageBlobs {
  const store = useBlobStore();
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  let container: ContainerClient;
  let client: BlobClient;
  let proxy: FaultyProxy;
  const blobs = new PageBlobs(
    () => container,
    () => client,
  );
  before(async () => {
    container = await store.container();
    const { origin, pathname } = new URL(container.url);
    proxy = new FaultyProxy({
      behind: origin,
      agent,
      choose: (asked) => blobs.choose(asked),
      onDeath: () => {},
      onCarriedOut: ({ path, body }) => {
        if (path.includes("comp=page") && body.length > 0) blobs.sent.push(body.length);
      },
    });
    const credential = {
      getToken: async () => ({ token: azuriteToken(7200), expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    client = new BlobClient(`${await proxy.start()}${pathname}`, credential);
  });
  beforeEach(() => blobs.reset());
  after(() => {
    proxy.close();
    agent.destroy();
  });
  return blobs;
}
