import {
  createServer as createHttpServer,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer, request as httpsRequest } from "node:https";
import { connect, createServer as createTcpServer, type Server } from "node:net";
import { pipeline } from "node:stream";
import { createSecureContext } from "node:tls";
import { Doors } from "./doors.ts";
import type { HostCertificate } from "./host-certificate.ts";
import type { Pool } from "./pool.ts";
import { strangers } from "./strangers.ts";

/** How long a target may leave a request without an answer, in milliseconds (an ALB's idle timeout by default). */
const PATIENCE = 60_000;

/** Headers that speak of one connection only (RFC 9110, 7.6.1). */
const HOP_BY_HOP = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"];

/** A balancer's own answer. */
export interface Reply {
  status: number;
  headers?: OutgoingHttpHeaders;
  body?: string;
}

/** Where a request goes to that is sent on to a fixed place. */
export interface Upstream {
  host: string;
  port: number;
  /** What is asked for there. @default what the request asks for */
  path?: string;
  /** Authority that its certificate is checked with; without one it is spoken to in the open. */
  ca?: string;
  /** Name that its certificate is to be for. @default the address that it is met at */
  servername?: string;
  /** Whether a certificate for any name will do. @default false */
  anyName?: boolean;
  /** Headers instead of the request's own ones. */
  headers: OutgoingHttpHeaders;
  /** What becomes of the answer's headers. */
  change(headers: OutgoingHttpHeaders): OutgoingHttpHeaders;
}

/** What a balancer does with a request. */
export type Decision = { forward: Pool } | { upstream: Upstream } | { reply: Reply };

/** A port of the loopback at which something answers. */
export interface Endpoint {
  host: string;
  port: number;
  close(): void;
}

export interface HttpOptions {
  /** Certificates to end TLS with, by the name that is asked for; the first one for everybody else. */
  tls?: { certificates(): readonly HostCertificate[] };
  decide(request: IncomingMessage): Decision | Promise<Decision>;
  /** Whose outages it shares. @default none */
  doors?: Doors;
}

/** Serves HTTP, or HTTPS where there are certificates, and sends requests on as it is told. */
export function serveHttp({ tls, decide, doors }: HttpOptions): Promise<Endpoint> {
  const act = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const decision = await decide(incoming);
    if ("reply" in decision) answer(outgoing, decision.reply);
    else if ("upstream" in decision) send(incoming, outgoing, decision.upstream);
    else forward(incoming, outgoing, decision.forward, tls ? "https" : "http");
  };
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    act(incoming, outgoing).catch((error) => answer(outgoing, { status: 500, body: String(error) }));
  };
  if (!tls) return listen(createHttpServer(listener), doors);
  const [first] = tls.certificates();
  const server = createHttpsServer(
    {
      // For clients that ask for an address and so name nobody.
      cert: first?.certificate,
      key: first?.key,
      minVersion: "TLSv1.2",
      SNICallback: (name, callback) => {
        const certificates = tls.certificates();
        const chosen = certificates.find((each) => each.covers(name)) ?? certificates[0];
        callback(null, chosen && createSecureContext({ cert: chosen.certificate, key: chosen.key }));
      },
    },
    listener,
  );
  return listen(server, doors);
}

/** Serves TCP: every connection goes through to one target, TLS and all. @param doors whose outages it shares */
export function serveTcp(pool: Pool, doors?: Doors): Promise<Endpoint> {
  const server = createTcpServer((client) => {
    const target = pool.next();
    if (!target) return void client.destroy();
    const through = connect({ host: target.host, port: target.port });
    pipeline(client, through, client, () => {
      client.destroy();
      through.destroy();
    });
  });
  return listen(server, doors);
}

async function listen(server: Server, doors = new Doors()): Promise<Endpoint> {
  return { host: "127.0.0.1", ...(await doors.listen(server)) };
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, pool: Pool, scheme: "http" | "https"): void {
  const target = pool.next();
  if (!target) answer(outgoing, { status: 503 });
  else send(incoming, outgoing, { ...target, headers: forwarded(incoming, scheme), change: (headers) => headers });
}

/** The headers that a target sees; only from them it learns who asked, and how. */
function forwarded(incoming: IncomingMessage, scheme: string): OutgoingHttpHeaders {
  const { headers, socket } = incoming;
  const before = headers["x-forwarded-for"];
  const client = socket.remoteAddress ?? "";
  return {
    ...headers,
    "x-forwarded-for": before ? `${before}, ${client}` : client,
    "x-forwarded-proto": scheme,
    "x-forwarded-port": scheme === "https" ? "443" : "80",
  };
}

/** Sends a request on and its answer back, byte by byte; 502 where nobody answers, 504 where nobody does in time. */
function send(incoming: IncomingMessage, outgoing: ServerResponse, upstream: Upstream): void {
  const { method } = incoming;
  const { host, port, ca, servername = "", anyName, path = incoming.url } = upstream;
  const headers = endToEnd(upstream.headers);
  // A body whose length is not told comes in chunks, and goes on so.
  if (incoming.headers["transfer-encoding"]) headers["transfer-encoding"] = "chunked";
  const agent = ca ? strangers(ca) : false;
  const options = {
    ...{ host, port, method, path, headers, agent, servername, timeout: PATIENCE },
    ...(anyName && { checkServerIdentity: () => undefined }),
  };
  const onward = (ca ? httpsRequest : httpRequest)(options, (reply) => {
    outgoing.writeHead(reply.statusCode ?? 502, upstream.change(endToEnd(reply.headers)));
    pipeline(reply, outgoing, () => {});
  });
  let status = 502;
  onward.once("timeout", () => {
    status = 504;
    onward.destroy();
  });
  onward.on("error", () => {
    if (outgoing.headersSent) outgoing.destroy();
    else answer(outgoing, { status });
  });
  outgoing.once("close", () => onward.destroy());
  // Not by a pipeline: that would end the client's connection with the target's, and no 502 would come through.
  incoming.pipe(onward);
}

function endToEnd(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

function answer(outgoing: ServerResponse, { status, headers = {}, body = "" }: Reply): void {
  outgoing.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers }).end(body);
}
