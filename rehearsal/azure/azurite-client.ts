import type { ClientRequest, IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import type { Certificate } from "../local/certificate.ts";
import type { Authority } from "./authority.ts";

/** The audience of tokens for Azure Storage. */
export const STORAGE_AUDIENCE = "https://storage.azure.com";

/** How long a token of our own is used, in milliseconds; it would hold longer. */
const TOKEN_USE = 5 * 60_000;

/**
 * How long a connection is kept that nobody uses, in milliseconds. Azurite ends it after 5 s, and a request that it crosses
 * on the way fails: well before that it is given up here.
 */
const IDLE = 2000;

/** A request to Azurite, which knows the accounts by other names. */
export interface AzuriteRequest {
  method?: string;
  path: string;
  headers: object;
}

/** An answer whose body has been read. */
export interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
}

/** The way to Azurite: as whoever asks, or as Azure's own services, past everybody's rights. */
export class AzuriteClient {
  readonly #port: number;
  readonly #authority: Authority;
  readonly #ca: string;
  readonly #agent: Agent;
  #token: { value: Promise<string>; since: number } | undefined;

  constructor(port: number, authority: Authority, certificate: Certificate) {
    this.#port = port;
    this.#authority = authority;
    this.#ca = certificate.certificate;
    this.#agent = new Agent({ keepAlive: true, timeout: IDLE, ca: certificate.certificate });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Where something is, for Azurite's own copying. */
  urlOf(path: string): string {
    return `https://127.0.0.1:${this.#port}${path}`;
  }

  /** Hands a request on as it is. */
  forward({ method, path, headers }: AzuriteRequest, onReply: (reply: IncomingMessage) => void): ClientRequest {
    const to = { host: "127.0.0.1", port: this.#port, agent: this.#agent, ca: this.#ca };
    return request({ ...to, method, path, headers: { ...headers } }, onReply);
  }

  /** Asks as Azure's own services do; the body of the answer is still to be read. */
  async open(method: string, path: string, more: { headers?: object; body?: Buffer } = {}): Promise<IncomingMessage> {
    const own = { authorization: `Bearer ${await this.#ownToken()}`, "x-ms-version": "2023-11-03" };
    const headers = { ...own, ...more.headers, "content-length": more.body?.length ?? 0 };
    return new Promise((resolve, reject) => {
      this.forward({ method, path, headers }, resolve).on("error", reject).end(more.body);
    });
  }

  /** Asks as Azure's own services do. */
  async ask(method: string, path: string, headers: object = {}): Promise<Answer> {
    const reply = await this.open(method, path, { headers });
    return { status: reply.statusCode ?? 502, headers: reply.headers, body: await text(reply) };
  }

  #ownToken(): Promise<string> {
    if (!this.#token || Date.now() - this.#token.since > TOKEN_USE) {
      this.#token = { value: this.#authority.issue("control-plane", STORAGE_AUDIENCE), since: Date.now() };
    }
    return this.#token.value;
  }
}
