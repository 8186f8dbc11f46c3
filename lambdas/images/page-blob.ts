import { createHash } from "node:crypto";
import type { BlobClient } from "../objects/blob-client.ts";
import type { Run } from "./data-runs.ts";
import { SECTOR } from "./vhd-footer.ts";

/** One blob of pages, which holds zeros wherever nothing was written. */
export class PageBlob {
  readonly name: string;
  readonly #client: BlobClient;

  constructor(client: BlobClient, name: string) {
    this.#client = client;
    this.name = name;
  }

  /** Makes it anew, empty, whatever was there. @param bytes its size, whole pages */
  async create(bytes: number): Promise<void> {
    await this.#client.send({
      method: "PUT",
      blob: this.name,
      headers: { "x-ms-blob-type": "PageBlob", "x-ms-blob-content-length": String(bytes) },
    });
  }

  /** Writes whole pages, 4 MiB at most; the service compares them with their MD5 before it takes them ("Put Page"). */
  async write(offset: number, content: Buffer): Promise<void> {
    await this.#client.send({
      method: "PUT",
      blob: this.name,
      query: { comp: "page" },
      headers: {
        "x-ms-page-write": "update",
        "x-ms-range": rangeOf({ offset, length: content.length }),
        "content-md5": createHash("md5").update(content).digest("base64"),
      },
      body: content,
    });
  }

  /** The stretches of it, within one, that were written, in their order. */
  async written(within: Run): Promise<Run[]> {
    const headers = { "x-ms-range": rangeOf(within) };
    const xml = await this.#client.text({ method: "GET", blob: this.name, query: { comp: "pagelist" }, headers });
    return readPageList(xml);
  }
}

function rangeOf({ offset, length }: Run): string {
  if (offset % SECTOR !== 0 || length % SECTOR !== 0) {
    throw new RangeError(`expected whole pages of ${SECTOR} bytes, found ${length} bytes at ${offset}`);
  }
  return `bytes=${offset}-${offset + length - 1}`;
}

/** Reads the answer to Get Page Ranges, which has nothing in it but numbers. */
export function readPageList(xml: string): Run[] {
  return [...xml.matchAll(/<PageRange>\s*<Start>(\d+)<\/Start>\s*<End>(\d+)<\/End>\s*<\/PageRange>/g)].map(
    ([, start, end]) => ({ offset: Number(start), length: Number(end) - Number(start) + 1 }),
  );
}
