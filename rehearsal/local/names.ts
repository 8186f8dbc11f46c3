import { renameSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import { strangers } from "./strangers.ts";

/** Where something answers on this machine. */
export interface Address {
  host: string;
  port: number;
}

/**
 * The hosts that the local clouds gave out, and where each answers: names of the real form, at the ports that
 * people know, mean addresses of the loopback.
 */
export class Names {
  readonly #addresses = new Map<string, Map<number, Address>>();
  readonly #file: string | undefined;

  /** @param file gets the table as JSON at each change, `{"host:port": "address:port"}`, for other processes */
  constructor(file?: string) {
    this.#file = file;
    this.#tell();
  }

  /** @param port the port that people know @example 443 */
  set(host: string, port: number, address: Address): void {
    const ports = this.#addresses.get(host.toLowerCase()) ?? new Map();
    this.#addresses.set(host.toLowerCase(), ports.set(port, address));
    this.#tell();
  }

  /** Takes one port of a host away, and the host with its last one. */
  delete(host: string, port: number): void {
    const ports = this.#addresses.get(host.toLowerCase());
    ports?.delete(port);
    if (ports?.size === 0) this.#addresses.delete(host.toLowerCase());
    this.#tell();
  }

  lookup(host: string, port: number): Address | undefined {
    return this.#addresses.get(host.toLowerCase())?.get(port);
  }

  /** Every host there is. */
  hosts(): string[] {
    return [...this.#addresses.keys()];
  }

  #tell(): void {
    if (this.#file === undefined) return;
    const table = [...this.#addresses].flatMap(([host, ports]) =>
      [...ports].map(([port, there]) => [`${host}:${port}`, `${there.host}:${there.port}`]),
    );
    // At one stroke: somebody may be just reading it.
    writeFileSync(`${this.#file}.new`, JSON.stringify(Object.fromEntries(table)));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

export interface FetchOptions {
  method?: string;
  headers?: OutgoingHttpHeaders;
  body?: string;
  /** Host to go to instead of the URL's own: what DNS would answer for it. @example "d123.cloudfront.net" */
  at?: string;
  signal?: AbortSignal;
}

/** Asks as a user does: as `fetch`, but redirects are shown and not followed. */
export type Fetch = (url: string | URL, options?: FetchOptions) => Promise<Response>;

/**
 * A `fetch` that finds hosts by the table, and trusts the run's certificate alone; the certificate must name the
 * host of the URL, wherever the request goes.
 *
 * @param ca the authority, PEM
 */
export function fetchThrough(names: Names, ca: string): Fetch {
  return async (given, options = {}) => {
    const url = new URL(given);
    const secure = url.protocol === "https:";
    const port = Number(url.port || (secure ? 443 : 80));
    const host = options.at ?? url.hostname;
    const address = names.lookup(host, port);
    if (!address)
      throw new Error(`nobody answers at ${host}:${port}; there is ${names.hosts().join(", ") || "nobody"}`);
    const { method = "GET", body = "", signal } = options;
    const headers = { host: url.host, "content-length": Buffer.byteLength(body), ...options.headers };
    const target = { ...address, method, path: url.pathname + url.search, headers, signal } as const;
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = secure
        ? httpsRequest({ ...target, agent: strangers(ca), servername: url.hostname }, resolve)
        : httpRequest({ ...target, agent: false }, resolve);
      sent.once("error", reject).end(body);
    });
    return responseOf(reply);
  };
}

async function responseOf(reply: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of reply) chunks.push(chunk as Buffer);
  const status = reply.statusCode ?? 0;
  const headers = Object.entries(reply.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  // A Response with such a status may have no body, not even an empty one.
  return new Response([204, 304].includes(status) ? null : Buffer.concat(chunks), { status, headers });
}
