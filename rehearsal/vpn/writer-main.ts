import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { type Connection, createConnection } from "mysql2/promise";

/** What `Writer` says to its process, as JSON in the first argument. */
export interface WriterOrders {
  host: string;
  port: number;
  user: string;
  password: string;
  /** File of the authority that vouches for the database. */
  authority: string;
}

/** From one write to the next, in milliseconds. */
const PAUSE = 50;

/** Milliseconds after which a connection that says nothing is given up for a new one, as a pool does. */
const PATIENCE = 1000;

const { authority, ...login } = JSON.parse(process.argv[2] ?? "{}") as WriterOrders;
const ssl = { ca: readFileSync(authority, "utf8"), verifyIdentity: true };
let connection: Connection | undefined;

// The process that started it reads a line for each write that the database confirmed: its number, and when.
for (let number = 1; ; ) {
  try {
    connection ??= await createConnection({ ...login, database: "shop", ssl, connectTimeout: PATIENCE });
    connection.on("error", () => {});
    // The one before may have got there without its answer.
    await connection.query({ sql: "INSERT IGNORE INTO writes VALUES (?)", values: [number], timeout: PATIENCE });
    process.stdout.write(`${number} ${Date.now()}\n`);
    number += 1;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    connection?.destroy();
    connection = undefined;
  }
  await delay(PAUSE);
}
