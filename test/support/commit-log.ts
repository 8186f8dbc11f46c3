import { isDeepStrictEqual } from "node:util";
import { fromBlobMetadata } from "../../lambdas/objects/metadata.ts";
import { digestOf } from "./both-sides.ts";
import type { Past } from "./bucket-users.ts";
import type { CarriedOut } from "./faulty-proxy.ts";

/** What a blob became by one write. */
export interface Commit {
  /** ETag that the blob had to have; "nothing" where there had to be none. */
  expected: string;
  etag: string;
  version: string;
  tags: Record<string, string>;
  gone: boolean;
  /** Digest of the content; undefined where it was written in parts. */
  content?: string;
}

/** Every write of a blob that the service carried out, whether or not whoever asked ever heard of it. */
export class CommitLog {
  readonly #container: string;
  readonly #commits = new Map<string, Commit[]>();

  /** @param container its path, as it stands in URLs */
  constructor(container: string) {
    this.#container = container;
  }

  /** Name of the blob that a request is for. @param path as it stands in the request, with the query */
  blobOf(path: string): string {
    return decodeURIComponent((path.split("?")[0] ?? "").slice(this.#container.length + 1));
  }

  /** Notes a request, if it wrote a blob. */
  note({ method, path, headers, body, status, answer }: CarriedOut): void {
    const { searchParams } = new URL(path, "http://unused");
    const blob = this.blobOf(path);
    const makes = [null, "blocklist"].includes(searchParams.get("comp"));
    if (method !== "PUT" || status !== 201 || !makes) return;
    const metadata = Object.entries(headers).filter(([name]) => name.startsWith("x-ms-meta-"));
    const { record, tags, gone } = fromBlobMetadata(
      Object.fromEntries(metadata.map(([name, value]) => [name.slice("x-ms-meta-".length), String(value)])),
    );
    const expected = headers["if-none-match"] === "*" ? "nothing" : String(headers["if-match"]).replaceAll('"', "");
    const etag = String(answer.etag).replaceAll('"', "");
    const content = searchParams.has("comp") ? undefined : digestOf(body);
    const commit = { expected, etag, version: record?.version ?? "", tags, gone, content };
    this.#commits.set(blob, [...(this.#commits.get(blob) ?? []), commit]);
  }

  /**
   * The writes of a blob in the order of the service, which is that of their ETags and not that in which they were
   * noted: each had to find the one before.
   */
  of(blob: string): Commit[] {
    const left = new Map((this.#commits.get(blob) ?? []).map((commit) => [commit.expected, commit]));
    const ordered: Commit[] = [];
    for (let next = left.get("nothing"); next; next = left.get(next.etag)) ordered.push(next);
    const { length = 0 } = this.#commits.get(blob) ?? [];
    if (ordered.length !== length) {
      throw new Error(`expected ${length} writes of ${blob}, each over the one before, found ${ordered.length} such`);
    }
    return ordered;
  }
}

/**
 * The first write that was of no state of the source, or of one that the copy had left behind; undefined when all went
 * forward.
 *
 * @param history of the source, the oldest state first
 */
export function stepBack(history: readonly Past[], commits: readonly Commit[]): string | undefined {
  let at = 0;
  for (const [index, { gone, version, tags, content }] of commits.entries()) {
    const isSo = (past: Past) =>
      gone
        ? past.gone
        : past.version === version &&
          isDeepStrictEqual(past.tags, { ...tags }) &&
          (content === undefined || past.content === content);
    const found = history.findIndex((past, number) => number >= at && isSo(past));
    if (found < 0) {
      const written = gone
        ? "a tombstone"
        : `version ${version}, tags ${JSON.stringify(tags)}, ${content ?? "in parts"}`;
      return `write ${index} of ${commits.length} was ${written}, when the source was at state ${at} at least of ${JSON.stringify(history)}`;
    }
    at = found;
  }
  return undefined;
}
