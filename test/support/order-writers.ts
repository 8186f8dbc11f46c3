import type { Connection } from "mysql2/promise";

/** Writers that put orders into shop.orders as fast as they can, each under its own numbers from 1. */
export class OrderWriters {
  /** The highest number of each writer that was said to be kept. */
  readonly kept: number[] = [];
  readonly #work: Promise<void>[];
  #stopped = false;

  /** @param connections one for each writer */
  constructor(connections: Connection[]) {
    this.#work = connections.map((connection, index) => this.#write(connection, index));
  }

  get total(): number {
    return this.kept.reduce((sum, number) => sum + number, 0);
  }

  /** Has them stop, and waits until they have. A server that is gone stops them too. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#work);
  }

  async #write(connection: Connection, index: number): Promise<void> {
    this.kept[index] = 0;
    for (let number = 1; !this.#stopped; number += 1) {
      try {
        await connection.query("INSERT INTO shop.orders VALUES (?, ?, ?)", [index + 1, number, "x".repeat(100)]);
      } catch {
        return;
      }
      this.kept[index] = number;
    }
  }
}

/** For each writer how many of its orders are there, and the highest number; both are one where no order is missing between. */
export async function ordersOf(connection: Connection): Promise<{ writer: number; count: number; highest: number }[]> {
  const [rows] = await connection.query(
    "SELECT writer, COUNT(*) AS count, MAX(number) AS highest FROM shop.orders WHERE writer > 0 GROUP BY writer ORDER BY writer",
  );
  return (rows as Record<string, unknown>[]).map(({ writer, count, highest }) => ({
    writer: Number(writer),
    count: Number(count),
    highest: Number(highest),
  }));
}
