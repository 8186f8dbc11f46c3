import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import type { MysqlServers } from "../local/mysql-servers.ts";

/** What the emulator is told of an instance, in the words of its record. */
interface Told {
  status: string;
  address?: string;
  port?: number;
}

/**
 * Tells the emulator what stands behind its records of database instances, and does to that what the emulator is
 * asked to do to a replica, by whomever. It answers at once and asks the emulator nothing, which waits meanwhile.
 */
export class DatabaseInstances {
  readonly #databases: MysqlServers;
  /** Replicas that are not there yet, or never will be, by their ARNs. */
  readonly #pending = new Map<string, "creating" | "failed">();

  private constructor(databases: MysqlServers) {
    this.#databases = databases;
  }

  static async serve(databases: MysqlServers): Promise<{ url: string; close(): void }> {
    const instances = new DatabaseInstances(databases);
    const server = createServer((incoming, outgoing) => {
      instances.#answer(incoming, outgoing).catch((error) => outgoing.writeHead(500).end(String(error)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const close = () => {
      server.close();
      server.closeAllConnections();
    };
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
  }

  /** `GET /?arn=`, `PUT /?arn=&source=` for a replica, `DELETE /?arn=`. */
  async #answer({ method, url = "" }: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { searchParams } = new URL(url, "http://instances");
    const arn = searchParams.get("arn") ?? "";
    if (method === "PUT") this.#replicate(arn, searchParams.get("source") ?? "");
    if (method === "DELETE") await this.#databases.destroy(arn);
    const told = this.#tell(arn);
    if (method === "DELETE") this.#pending.delete(arn);
    outgoing.writeHead(told ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(told ?? {}));
  }

  #tell(arn: string): Told | undefined {
    const status = this.#pending.get(arn);
    if (status) return { status };
    const server = this.#databases.find(arn);
    if (!server) return undefined;
    return { status: server.isRunning ? "available" : "stopped", address: server.address, port: server.port };
  }

  #replicate(arn: string, source: string): void {
    this.#pending.set(arn, "creating");
    this.#databases.replicate(arn, source, basename(arn.replaceAll(":", "/"))).then(
      () => this.#pending.delete(arn),
      // Nobody waits for it; who asks sees the status, and the server's own log says why.
      () => this.#pending.set(arn, "failed"),
    );
  }
}
