import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { type Agent, request } from "node:https";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** What goes wrong with one request. */
export type Fault =
  /** It is refused, and never carried out. */
  | { kind: "refused"; status: number; code: string }
  /** The connection is cut: before the request is sent on, when half of it was, when it is carried out but not
   * answered, or in the middle of the answer. */
  | { kind: "cut"; when: "before" | "within" | "after" | "answering"; dies?: boolean }
  /** The connection is cut at once, and the request is carried out all the same, later. */
  | { kind: "late"; milliseconds: number; dies?: boolean }
  /** It is carried out at once, and answered later. */
  | { kind: "slow"; milliseconds: number }
  /** A byte of the answer is another one; only where a checksum of the whole tells. */
  | { kind: "damaged" };

/** A request as a fault is chosen for it. */
export interface Asked {
  method: string;
  /** As it stands in the request, with the query. */
  path: string;
  headers: IncomingMessage["headers"];
}

/** A request that was carried out, whether or not anybody was told. */
export interface CarriedOut extends Asked {
  body: Buffer;
  status: number;
  answer: IncomingMessage["headers"];
}

export interface FaultyProxyOptions {
  /** Origin of the service behind. @example "https://127.0.0.1:40001" */
  behind: string;
  /** What keeps connections to it, where it speaks TLS. */
  agent?: Agent;
  choose(asked: Asked): Fault | undefined;
  /** Is called when a fault is one that its client does not survive. */
  onDeath(): void;
  onCarriedOut?(carried: CarriedOut): void;
  /** Whether only a checksum of the whole tells that an answer is damaged. @default by S3's header */
  mayDamage?(asked: Asked): boolean;
}

/** Stands before a service, over plain HTTP, and lets requests go wrong in every way that a network has. */
export class FaultyProxy {
  readonly #options: FaultyProxyOptions;
  readonly #server = createServer((incoming, outgoing) => {
    this.#answer(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: FaultyProxyOptions) {
    this.#options = options;
  }

  /** @returns where it answers */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts all connections, and takes no more. What was sent on is still carried out. */
  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Waits for whatever is still to be carried out. */
  async settle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/", headers } = incoming;
    const asked: Asked = { method, path, headers };
    const fault = this.#options.choose(asked);
    const cut = fault?.kind === "cut" ? fault.when : undefined;
    const dies = fault && "dies" in fault && fault.dies;
    const hangUp = () => {
      incoming.socket.destroy();
      if (dies) this.#options.onDeath();
    };
    if (cut === "before") return hangUp();
    const body = await wholeOf(incoming);
    if (fault?.kind === "refused") return refuse(outgoing, method, fault);
    if (cut === "within" && body.length > 1) {
      await this.#sendHalf(asked, incoming.rawHeaders, body);
      return hangUp();
    }
    if (fault?.kind === "late") hangUp();
    const wait = fault?.kind === "late" ? fault.milliseconds : 0;
    const carriedOut = this.#track(this.#carryOut(asked, incoming.rawHeaders, body, wait));
    const { reply, content } = await carriedOut;
    if (fault?.kind === "late") return;
    if (fault?.kind === "slow") await delay(fault.milliseconds);
    const mayDamage = this.#options.mayDamage?.(asked) ?? checksummed(reply);
    if (fault?.kind === "damaged" && mayDamage) damage(content);
    if (cut !== undefined && (cut !== "answering" || content.length < 2)) return hangUp();
    if (outgoing.destroyed) return;
    outgoing.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
    if (cut === undefined) return void outgoing.end(content);
    outgoing.write(content.subarray(0, content.length / 2), hangUp);
  }

  async #carryOut(asked: Asked, rawHeaders: string[], body: Buffer, wait: number) {
    if (wait > 0) await delay(wait);
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      this.#open(asked, rawHeaders, resolve).on("error", reject).end(body);
    });
    const content = await wholeOf(reply);
    this.#options.onCarriedOut?.({ ...asked, body, status: reply.statusCode ?? 502, answer: reply.headers });
    return { reply, content };
  }

  async #sendHalf(asked: Asked, rawHeaders: string[], body: Buffer): Promise<void> {
    const onward = this.#open(asked, rawHeaders, (reply) => reply.resume()).on("error", () => {});
    await new Promise((resolve) => onward.write(body.subarray(0, body.length / 2), resolve));
    await delay(5);
    onward.destroy();
  }

  /** Headers go as they came, the host among them: a signature is of it. */
  #open({ method, path }: Asked, rawHeaders: string[], onReply: (reply: IncomingMessage) => void) {
    const { protocol, hostname, port } = new URL(this.#options.behind);
    const send = protocol === "https:" ? request : httpRequest;
    return send({ hostname, port, method, path, headers: rawHeaders, agent: this.#options.agent }, onReply);
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const over = () => this.#underWay.delete(work);
    work.then(over, over);
    return work;
  }
}

function refuse(outgoing: ServerResponse, method: string, { status, code }: { status: number; code: string }): void {
  outgoing.writeHead(status, { "x-ms-error-code": code, "content-type": "application/xml" });
  outgoing.end(method === "HEAD" ? undefined : `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
}

/** A checksum of parts has their number behind a hyphen, and is none of the whole. */
function checksummed({ headers }: IncomingMessage): boolean {
  return /^[^-]+$/.test(String(headers["x-amz-checksum-crc32"] ?? "-"));
}

function damage(content: Buffer): void {
  const middle = content.length >> 1;
  if (content.length > 0) content[middle] = ~(content[middle] ?? 0);
}

async function wholeOf(stream: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>));
}
