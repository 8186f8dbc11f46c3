import { createHash } from "node:crypto";
import {
  type Descriptor,
  DOCKER_LIST,
  DOCKER_MANIFEST,
  OCI_INDEX,
  OCI_MANIFEST,
} from "../../lambdas/containers/manifest.ts";

const DOCKER = "application/vnd.docker";
const OCI = "application/vnd.oci";

/** A manifest with its bytes, ready to be pushed. */
export interface MadeManifest extends Descriptor {
  bytes: Buffer;
}

export interface MadeImage {
  manifest: MadeManifest;
  /** Configuration and layers; those that are kept elsewhere have no bytes. */
  blobs: Buffer[];
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** An image of these layers. */
export function image(
  layers: Buffer[],
  { docker = false, subject, foreign = [], note = "" }: ImageOptions = {},
): MadeImage {
  const kinds = docker
    ? {
        manifest: DOCKER_MANIFEST,
        config: `${DOCKER}.container.image.v1+json`,
        layer: `${DOCKER}.image.rootfs.diff.tar.gzip`,
      }
    : { manifest: OCI_MANIFEST, config: `${OCI}.image.config.v1+json`, layer: `${OCI}.image.layer.v1.tar+gzip` };
  const config = Buffer.from(
    JSON.stringify({ architecture: "amd64", os: "linux", note, layers: layers.map(digestOf) }),
  );
  const manifest = manifestOf(kinds.manifest, {
    config: describe(kinds.config, config),
    layers: [...layers.map((layer) => describe(kinds.layer, layer)), ...foreign],
    ...(subject && { subject: plain(subject), artifactType: "application/vnd.example.signature" }),
  });
  return { manifest, blobs: [config, ...layers] };
}

export interface ImageOptions {
  /** @default OCI */
  docker?: boolean;
  /** What it is about. */
  subject?: Descriptor;
  /** Layers that are kept elsewhere. */
  foreign?: Descriptor[];
  /** Makes it another one. */
  note?: string;
}

/** A list of images, of several platforms. */
export function index(manifests: Descriptor[], docker = false): MadeManifest {
  return manifestOf(docker ? DOCKER_LIST : OCI_INDEX, {
    manifests: manifests.map((manifest, at) => ({
      ...plain(manifest),
      platform: { os: "linux", architecture: ["amd64", "arm64", "s390x"][at % 3] },
    })),
  });
}

function manifestOf(mediaType: string, content: object): MadeManifest {
  // Written as nobody's program would: a copy must be the same to the byte.
  const bytes = Buffer.from(`${JSON.stringify({ schemaVersion: 2, mediaType, ...content }, null, 3)}\n`);
  return { ...describe(mediaType, bytes), bytes };
}

function describe(mediaType: string, bytes: Buffer): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

function plain({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}

/** A repository of a registry, as whoever pushes, deletes and looks has it: by plain requests, and no code of the product. */
export class Repository {
  readonly #base: string;
  readonly #own: Record<string, string>;

  /** @param authorization header of whoever asks; none where nobody is asked who he is */
  constructor(origin: string, name: string, authorization?: string) {
    this.#base = `${origin}/v2/${name}`;
    this.#own = authorization === undefined ? {} : { authorization };
  }

  async pushBlob(bytes: Buffer): Promise<void> {
    const begun = await this.#ask("POST", "/blobs/uploads/", {}, 202);
    const place = new URL(begun.headers.get("location") ?? "", this.#base);
    place.searchParams.append("digest", digestOf(bytes));
    const headers = { "content-type": "application/octet-stream", ...this.#own };
    await expectStatus(await fetch(place, { method: "PUT", headers, body: new Uint8Array(bytes) }), 201);
  }

  async pushManifest({ mediaType, bytes, digest }: MadeManifest, reference = digest): Promise<void> {
    await this.#ask("PUT", `/manifests/${reference}`, { "content-type": mediaType }, 201, bytes);
  }

  async push({ manifest, blobs }: MadeImage, reference?: string): Promise<void> {
    for (const blob of blobs) await this.pushBlob(blob);
    await this.pushManifest(manifest, reference);
  }

  async untag(tag: string): Promise<void> {
    await this.#ask("DELETE", `/manifests/${tag}`, {}, 202);
  }

  async deleteBlob(digest: string): Promise<void> {
    await this.#ask("DELETE", `/blobs/${digest}`, {}, 202);
  }

  /** Type and bytes of what a tag or digest stands for; undefined where there is nothing. */
  async read(reference: string): Promise<{ mediaType: string; bytes: Buffer } | undefined> {
    const accept = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST].join(", ");
    const answer = await fetch(`${this.#base}/manifests/${reference}`, { headers: { accept, ...this.#own } });
    if (answer.status === 404) return undefined;
    await expectStatus(answer, 200);
    return { mediaType: answer.headers.get("content-type") ?? "", bytes: Buffer.from(await answer.arrayBuffer()) };
  }

  async blob(digest: string): Promise<Buffer | undefined> {
    const answer = await fetch(`${this.#base}/blobs/${digest}`, { headers: this.#own });
    return answer.status === 404 ? undefined : Buffer.from(await (await expectStatus(answer, 200)).arrayBuffer());
  }

  async tags(): Promise<string[]> {
    const answer = await fetch(`${this.#base}/tags/list`, { headers: this.#own });
    if (answer.status === 404) return [];
    return (((await answer.json()) as { tags: string[] | null }).tags ?? []).sort();
  }

  /** Digests of what the registry lists as referring to an image; undefined where it lists nothing. */
  async referrers(digest: string): Promise<string[] | undefined> {
    const answer = await fetch(`${this.#base}/referrers/${digest}`, { headers: this.#own });
    if (answer.status === 404) return undefined;
    return ((await answer.json()) as { manifests: Descriptor[] }).manifests.map((each) => each.digest).sort();
  }

  /** Everything that a tag stands for, to the byte: manifests and blobs by their digests. @throws Error for what is missing */
  async contentOf(reference: string): Promise<Map<string, Buffer>> {
    const found = new Map<string, Buffer>();
    const follow = async (name: string): Promise<void> => {
      const read = await this.read(name);
      if (!read) throw new Error(`${name} is missing at ${this.#base}`);
      found.set(digestOf(read.bytes), read.bytes);
      const {
        manifests = [],
        config,
        layers = [],
      } = JSON.parse(read.bytes.toString()) as Record<string, Descriptor[]> & {
        config?: Descriptor;
      };
      for (const { digest } of manifests) await follow(digest);
      for (const { digest, urls } of [...(config ? [config] : []), ...layers]) {
        const blob = await this.blob(digest);
        if (!blob && !urls) throw new Error(`the layer ${digest} of ${name} is missing at ${this.#base}`);
        if (blob) found.set(digestOf(blob), blob);
      }
    };
    await follow(reference);
    return found;
  }

  async #ask(method: string, path: string, more: Record<string, string>, status: number, body?: Buffer) {
    const headers = { ...more, ...this.#own };
    const answer = await fetch(`${this.#base}${path}`, { method, headers, body: body && new Uint8Array(body) });
    return expectStatus(answer, status);
  }
}

async function expectStatus(answer: Response, status: number): Promise<Response> {
  if (answer.status === status) return answer;
  throw new Error(`${answer.url}: expected ${status}, found ${answer.status} ${await answer.text()}`);
}
