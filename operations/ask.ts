import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request } from "node:https";
import { isIP } from "node:net";

/** As far as an answer is read: no further than Route 53's health checkers look for a text ("HTTP and HTTPS health checks"). */
const READ = 5120;

/** A user's patience with a page, in milliseconds. */
const LIMIT = 10_000;

export interface AskOptions {
  /** Host to go to instead of the URL's own: what DNS would answer for it. @example "shop-app-abc.z01.azurefd.net" */
  at?: string;
  /** Most milliseconds until the answer has begun and is read. @default 10 s */
  limit?: number;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Its beginning. */
  text: string;
  milliseconds: number;
}

/**
 * Asks a site as a user does, over HTTPS, also before DNS sends anybody there: the request and the certificate are those
 * of the URL's host, wherever it goes. Redirects are shown and not followed.
 *
 * @throws Error that says where nobody answered, and why
 */
export async function ask(url: string | URL, { at, limit = LIMIT, signal }: AskOptions = {}): Promise<Answer> {
  const asked = new URL(url);
  const host = at ?? asked.hostname;
  const begun = performance.now();
  const patience = AbortSignal.timeout(limit);
  try {
    const reply = await send(asked, host, AbortSignal.any([patience, ...(signal ? [signal] : [])]));
    const text = await beginningOf(reply);
    const { statusCode: status = 0, headers } = reply;
    return { status, headers, text, milliseconds: Math.round(performance.now() - begun) };
  } catch (error) {
    signal?.throwIfAborted();
    const why = patience.aborted ? `no answer within ${limit / 1000} s` : reasonOf(error as NodeJS.ErrnoException);
    throw new Error(`${asked.href} at ${host}: ${why}`, { cause: error });
  }
}

function send(url: URL, host: string, signal: AbortSignal): Promise<IncomingMessage> {
  const port = Number(url.port || 443);
  const target = {
    ...(addressOf(host, port) ?? { host, port }),
    path: url.pathname + url.search,
    headers: { host: url.host },
    // An address has no name to be told in TLS.
    servername: isIP(url.hostname) ? "" : url.hostname,
    agent: false,
    signal,
  } as const;
  return new Promise((resolve, reject) => {
    request(target, resolve).once("error", reject).end();
  });
}

async function beginningOf(reply: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of reply) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes >= READ) break;
  }
  reply.destroy();
  return Buffer.concat(chunks).subarray(0, READ).toString("utf8");
}

/**
 * Where a host answers, when it is not for DNS to say: HOST_ADDRESSES names a JSON file with addresses by host and port,
 * read at each question, for whatever writes it may change its mind.
 */
function addressOf(host: string, port: number): { host: string; port: number } | undefined {
  const file = process.env.HOST_ADDRESSES;
  if (!file) return undefined;
  const addresses = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  const [, ip, there] = /^(.+):(\d+)$/.exec(addresses[`${host.toLowerCase()}:${port}`] ?? "") ?? [];
  return ip === undefined ? undefined : { host: ip, port: Number(there) };
}

/** Several addresses that all refuse make an error without a message. */
function reasonOf({ message, code }: NodeJS.ErrnoException): string {
  return message || code || "no connection";
}
