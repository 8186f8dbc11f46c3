import { randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { ArmRefused } from "./arm-refused.ts";
import type { BlobService } from "./blob-service.ts";
import type { ResourceManager } from "./resource-manager.ts";
import { typeOf } from "./resource-manager.ts";

/** Bytes of a VHD's footer, and of the unit that Azure takes disks in ("Prepare a Windows or Linux VHD for Azure"). */
const FOOTER = 512;
const UNIT = 2 ** 20;

/** How much of a disk's beginning tells whether it boots, and as what. */
const BEGINNING = 4096;

/** What is asked of the Resource Manager about images and the servers that are made of them one by one. */
export interface ComputeAsked {
  method: string;
  id: string;
  action?: string;
  body: Record<string, unknown>;
}

/** What an answer is: what there is now, to be shown as a resource; or some other body. */
export interface ComputeAnswer {
  status: number;
  shown?: string;
  body?: object;
}

/** What the disk of a server of the workload says of itself; the stand-in of an operating system. */
export interface ServerDisk {
  /** Version of the app on it. @example "42" */
  app: string;
  /** What it says on the console when it is started. */
  console: string;
}

const VERSIONS = "microsoft.compute/galleries/images/versions";
const SERVERS = "microsoft.compute/virtualmachines";
const ADDRESSES = "microsoft.network/networkinterfaces";

/** Types that are made over the Resource Manager's own API here. */
const TYPES = [VERSIONS, SERVERS, ADDRESSES];

/** Versions of gallery images, made of page blobs, and servers that show by their console whether one boots. */
export class ComputeImages {
  readonly #resources: ResourceManager;
  readonly #blobs: BlobService;
  /** Consoles that may be read, by the secret in their address. */
  readonly #consoles = new Map<string, string>();

  constructor(resources: ResourceManager, blobs: BlobService) {
    this.#resources = resources;
    this.#blobs = blobs;
  }

  /** Whether it answers for such a request. */
  answers(method: string, id: string): boolean {
    return method !== "GET" && TYPES.includes(typeOf(id));
  }

  /** @throws ArmRefused */
  async answer(asked: ComputeAsked): Promise<ComputeAnswer> {
    const { method, id } = asked;
    if (method === "DELETE") return this.#delete(id);
    if (method === "POST") return this.#console(asked);
    if (method === "PATCH") return this.#patch(asked);
    if (typeOf(id) === VERSIONS) await this.#makeVersion(asked);
    else if (typeOf(id) === SERVERS) this.#makeServer(asked);
    else this.#put(asked);
    return { status: 201, shown: id };
  }

  /** What was said on a console. @param secret as it stands in its address */
  consoleOf(secret: string): string | undefined {
    return this.#consoles.get(secret);
  }

  /** What the disk holds from which servers of an image start, the latest version that is not left out of it. */
  diskOf(imageId: string): ServerDisk | undefined {
    const own = /\/versions\/[^/]+$/i.test(imageId) ? this.#resources.get(imageId) : this.#latest(imageId);
    return own?.properties.disk as ServerDisk | undefined;
  }

  #latest(definition: string) {
    const rank = (id: string) =>
      id
        .slice(id.lastIndexOf("/") + 1)
        .split(".")
        .map((part) => part.padStart(10, "0"))
        .join(".");
    return this.#resources
      .below(`${definition}/versions`)
      .filter(({ properties }) => !profileOf(properties).excludeFromLatest)
      .sort((one, other) => rank(one.id).localeCompare(rank(other.id)))
      .at(-1);
  }

  async #makeVersion({ id, body }: ComputeAsked): Promise<void> {
    const definition = id.replace(/\/versions\/[^/]+$/i, "");
    if (!this.#resources.get(definition)) {
      throw new ArmRefused(404, "ParentResourceNotFound", `The parent resource '${definition}' was not found.`);
    }
    if (!/\/\d{1,10}\.\d{1,10}\.\d{1,10}$/.test(id)) {
      throw new ArmRefused(400, "InvalidParameter", `The version of '${id}' is not of the form Major.Minor.Patch.`);
    }
    const { properties } = body as { properties?: { storageProfile?: { osDiskImage?: { source?: Source } } } };
    const source = properties?.storageProfile?.osDiskImage?.source;
    if (!source?.uri || !source.storageAccountId) {
      throw new ArmRefused(400, "InvalidParameter", "osDiskImage.source: expected storageAccountId and uri.");
    }
    const disk = await this.#read(source as Required<Source>);
    this.#put({ method: "PUT", id, body });
    const made = this.#resources.get(id);
    if (made) this.#resources.put(id, { ...made.properties, disk });
  }

  /** @throws ArmRefused unless a fixed VHD of whole MiB is there, with its footer in order */
  async #read({ storageAccountId, uri }: Required<Source>): Promise<ServerDisk> {
    const account = storageAccountId.slice(storageAccountId.lastIndexOf("/") + 1);
    const [, name, container = "", ...rest] = new URL(uri).pathname.split("/");
    const invalid = (why: string) => new ArmRefused(400, "InvalidParameter", `The blob '${uri}' is no VHD: ${why}.`);
    if (name !== account) throw new ArmRefused(400, "InvalidParameter", `'${uri}' is not in ${storageAccountId}.`);
    const part = async (offset: number, length: number) => {
      const headers = { range: `bytes=${offset}-${offset + length - 1}` };
      return buffer(await this.#blobs.blob("GET", account, container, rest.join("/"), { headers }));
    };
    const head = await this.#blobs.blob("HEAD", account, container, rest.join("/"));
    head.resume();
    if (head.statusCode !== 200) throw new ArmRefused(404, "NotFound", `The blob '${uri}' was not found.`);
    if (head.headers["x-ms-blob-type"] !== "PageBlob") throw invalid("it is no page blob");
    const bytes = Number(head.headers["content-length"]);
    if (bytes <= FOOTER || (bytes - FOOTER) % UNIT !== 0)
      throw invalid(`its ${bytes} bytes are no whole MiB and a footer`);
    const footer = await part(bytes - FOOTER, FOOTER);
    if (footer.toString("latin1", 0, 8) !== "conectix" || footer.readUInt32BE(60) !== 2)
      throw invalid("it has no footer of a fixed disk");
    if (Number(footer.readBigUInt64BE(48)) !== bytes - FOOTER) throw invalid("its footer tells another size");
    return serverDiskIn(await part(0, BEGINNING));
  }

  #makeServer(asked: ComputeAsked): void {
    const { properties } = asked.body as { properties?: ServerProperties };
    const image = properties?.storageProfile?.imageReference?.id ?? "";
    const made = this.#resources.get(image);
    if (!made) throw new ArmRefused(404, "NotFound", `The image '${image}' was not found.`);
    const [address] = properties?.networkProfile?.networkInterfaces ?? [];
    if (!address?.id || !this.#resources.get(address.id)) {
      throw new ArmRefused(404, "NotFound", `The network interface '${address?.id}' was not found.`);
    }
    this.#put(asked);
    const server = this.#resources.get(asked.id);
    const { console: said } = made.properties.disk as ServerDisk;
    if (server) this.#resources.put(asked.id, { ...server.properties, console: said });
  }

  #put({ id, body }: ComputeAsked): void {
    const { properties, ...envelope } = body as { properties?: object };
    const kept = {
      ...envelope,
      ...properties,
      name: id.slice(id.lastIndexOf("/") + 1),
      provisioningState: "Succeeded",
    };
    this.#resources.put(id, kept);
  }

  #patch({ id, body }: ComputeAsked): ComputeAnswer {
    const found = this.#resources.get(id);
    if (!found) throw new ArmRefused(404, "ResourceNotFound", `The Resource '${id}' was not found.`);
    const change = (body.properties as { publishingProfile?: object } | undefined)?.publishingProfile;
    const publishingProfile = { ...profileOf(found.properties), ...change };
    this.#resources.put(id, { ...found.properties, publishingProfile });
    return { status: 200, shown: id };
  }

  /** With a server goes its address, where that says so. */
  #delete(id: string): ComputeAnswer {
    const found = this.#resources.get(id);
    if (!found) return { status: 204 };
    const { networkProfile } = found.properties as ServerProperties;
    this.#resources.delete(id);
    for (const each of networkProfile?.networkInterfaces ?? []) {
      if (each.id && each.properties?.deleteOption === "Delete") this.#resources.delete(each.id);
    }
    return { status: 202 };
  }

  #console({ id, action }: ComputeAsked): ComputeAnswer {
    const server = this.#resources.get(id);
    if (!server) throw new ArmRefused(404, "ResourceNotFound", `The Resource '${id}' was not found.`);
    if (action !== "retrieveBootDiagnosticsData") {
      throw new ArmRefused(501, "NotImplemented", `The local Resource Manager has no ${action} of ${id}.`);
    }
    const secret = randomUUID();
    this.#consoles.set(secret, String(server.properties.console ?? ""));
    return { status: 200, body: { serialConsoleLogBlobUri: secret } };
  }
}

interface Source {
  storageAccountId?: string;
  uri?: string;
}

interface ServerProperties {
  storageProfile?: { imageReference?: { id?: string } };
  networkProfile?: { networkInterfaces?: { id?: string; properties?: { deleteOption?: string } }[] };
}

function profileOf(properties: object): { excludeFromLatest?: boolean } {
  return (properties as { publishingProfile?: { excludeFromLatest?: boolean } }).publishingProfile ?? {};
}

/** What a disk's beginning says; one that says nothing does not boot. */
function serverDiskIn(beginning: Buffer): ServerDisk {
  const text = beginning.subarray(0, Math.max(0, beginning.indexOf(0))).toString();
  try {
    const { app, console: said } = JSON.parse(text) as Partial<ServerDisk>;
    return { app: String(app), console: String(said) };
  } catch {
    return { app: "", console: "No bootable device." };
  }
}
