import type { Readable } from "node:stream";
import type { SiteDocument } from "../../components/site-document.ts";

/** The item that the front page shows. */
export const WELCOME = "index.html";

export interface Item {
  body: Readable;
  type: string | undefined;
  length: number | undefined;
}

/** Where the site's content is read. */
export interface Content {
  /** An item; undefined when there is none. */
  get(key: string, signal?: AbortSignal): Promise<Item | undefined>;
  /** Whether content can be read; that there is nothing yet is well. @throws Error when it can't */
  check(signal: AbortSignal): Promise<void>;
}

/** The content that the site document names. The other cloud's SDK is never loaded: it would cost the boot a second. */
export async function openContent({ content, identityClientId }: SiteDocument): Promise<Content> {
  if (content.kind === "s3") {
    const { S3Content } = await import("./content-s3.ts");
    return new S3Content(content.bucket, content.region);
  }
  const { BlobContent } = await import("./content-blob.ts");
  return new BlobContent(content.endpoint, content.container, identityClientId);
}
