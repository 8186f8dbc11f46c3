import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect, isIP } from "node:net";
import type { HealthCheckConfig } from "@aws-sdk/client-route-53";
import type { Clock } from "../local/clock.ts";
import type { Address, Names } from "../local/names.ts";
import { strangers } from "../local/strangers.ts";

/** What one look at an endpoint gave, in the words that GetHealthCheckStatus has for it. */
export interface Result {
  passed: boolean;
  /** @example "Success: HTTP Status Code 200, OK" */
  status: string;
}

/** What a health checker needs to find endpoints. */
export interface Surroundings {
  names: Names;
  clock: Clock;
  /** Ends the look at once. */
  signal: AbortSignal;
}

/** How long what may take, in milliseconds ("How Amazon Route 53 determines whether a health check is healthy"). */
const CONNECT = 4_000;
const CONNECT_TCP = 10_000;
const RESPOND = 2_000;
const SEND_BODY = 2_000;

/** However fast the clock goes, this machine itself is no faster. */
const LEAST = 1_000;

/** The search string must be in so many bytes entirely (same page). */
const SEARCHED = 5_120;

/** Looks at an endpoint as one of Route 53's health checkers does; never fails itself. */
export async function probe(config: HealthCheckConfig, surroundings: Surroundings): Promise<Result> {
  const { IPAddress, FullyQualifiedDomainName, Type = "" } = config;
  const secure = Type.startsWith("HTTPS");
  const { Port = secure ? 443 : 80 } = config;
  const host = IPAddress || FullyQualifiedDomainName || "";
  const address = placeOf(host, Port, surroundings.names);
  if (!address) return { passed: false, status: `Failure: DNS resolution failed: nobody answers at ${host}:${Port}` };
  try {
    const status =
      Type === "TCP"
        ? await connected(address, surroundings)
        : await answered(config, secure, Port, address, surroundings);
    return { passed: true, status: `Success: ${status}` };
  } catch (error) {
    return { passed: false, status: `Failure: ${(error as Error).message}` };
  }
}

/** Where a host answers here: by the table, or at the loopback's own addresses. */
function placeOf(host: string, port: number, names: Names): Address | undefined {
  return names.lookup(host, port) ?? (/^(127\.[\d.]+|localhost)$/.test(host) ? { host, port } : undefined);
}

function connected({ host, port }: Address, { clock, signal }: Surroundings): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    const limit = patience(clock, CONNECT_TCP, () => socket.destroy(new Error("Connection timed out")));
    socket
      // Listened to for good: what took too long may be refused after that, too.
      .on("error", reject)
      .once("close", () => clearTimeout(limit))
      .once("connect", () => {
        socket.destroy();
        resolve("TCP connection established");
      });
  });
}

function answered(
  config: HealthCheckConfig,
  secure: boolean,
  asked: number,
  { host, port }: Address,
  { clock, signal }: Surroundings,
): Promise<string> {
  const named = config.FullyQualifiedDomainName || config.IPAddress || host;
  const options: RequestOptions & { servername: string; rejectUnauthorized: false } = {
    host,
    port,
    path: config.ResourcePath || "/",
    headers: {
      host: asked === (secure ? 443 : 80) ? named : `${named}:${asked}`,
      "user-agent": "Amazon-Route53-Health-Check-Service",
    },
    // Certificates are not validated (same page); an address is no name to ask for (RFC 6066, 3).
    rejectUnauthorized: false,
    servername: config.EnableSNI !== false && isIP(named) === 0 ? named : "",
    agent: secure ? strangers() : false,
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(options);
    const late = (what: string) => () => request.destroy(new Error(what));
    let limit = patience(clock, CONNECT, late("Connection timed out"));
    const next = (milliseconds: number, what: string) => {
      clearTimeout(limit);
      limit = patience(clock, milliseconds, late(what));
    };
    request
      .on("error", reject)
      .once("close", () => clearTimeout(limit))
      .once("socket", (socket) => socket.once("connect", () => next(RESPOND, "no HTTP response in time")))
      .once("response", (response) => {
        next(SEND_BODY, "the HTTP response's body did not come in time");
        judged(config, response)
          .then(resolve, reject)
          .finally(() => request.destroy());
      })
      .end();
  });
}

async function judged({ SearchString }: HealthCheckConfig, response: IncomingMessage): Promise<string> {
  const { statusCode = 0, statusMessage } = response;
  const status = `HTTP Status Code ${statusCode}, ${statusMessage}`;
  if (statusCode < 200 || statusCode >= 400) throw new Error(status);
  if (!SearchString) return status;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length >= SEARCHED) break;
  }
  if (Buffer.concat(chunks).subarray(0, SEARCHED).includes(SearchString)) return `${status}, search string found`;
  throw new Error(`${status}, search string not found in the first ${SEARCHED} bytes`);
}

function patience(clock: Clock, milliseconds: number, act: () => void): NodeJS.Timeout {
  return setTimeout(act, Math.max(clock.scaled(milliseconds), LEAST));
}
