import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Service } from "../local/service.ts";
import type { Lab } from "./lab.ts";
import { APP_SERVER } from "./topology.ts";
import type { WriterOrders } from "./writer-main.ts";

const MAIN = fileURLToPath(new URL("writer-main.ts", import.meta.url));

/** How long the first write may take, in milliseconds. */
const PATIENCE = 20_000;

/** How often it is looked whether something was written, in milliseconds. */
const LOOKS_EVERY = 50;

/** A write that the database confirmed. */
export interface Confirmed {
  number: number;
  /** As `Date.now()` tells. */
  time: number;
}

/** The app server's writes to the database, one after the other without end. */
export class Writer implements AsyncDisposable {
  readonly #service: Service;
  readonly #file: string;

  private constructor(service: Service, file: string) {
    this.#service = service;
    this.#file = file;
  }

  /** Starts writing. @throws ServiceError when nothing gets through */
  static async start(lab: Lab, orders: WriterOrders): Promise<Writer> {
    const [command = "", ...args] = lab.inside(APP_SERVER, [process.execPath, MAIN, JSON.stringify(orders)]);
    const logFile = join(lab.folder, "writer.log");
    const service = await Service.start({
      ...{ name: "the app server's writer", command, args, logFile },
      env: { PATH: process.env.PATH },
      folder: lab.folder,
      ready: async () => readConfirmed(logFile).length > 0,
      patience: PATIENCE,
      onDeath: lab.onDeath,
    });
    return new Writer(service, logFile);
  }

  get confirmed(): Confirmed[] {
    return readConfirmed(this.#file);
  }

  /** Waits until as many more writes are confirmed. @param patience milliseconds @throws Error when it takes longer */
  async more(count: number, patience: number): Promise<void> {
    const before = this.confirmed.length;
    const deadline = performance.now() + patience;
    while (this.confirmed.length < before + count) {
      if (performance.now() > deadline) {
        const found = this.confirmed.length - before;
        throw new Error(`expected ${count} writes to be confirmed within ${patience} ms, found ${found}`);
      }
      await delay(LOOKS_EVERY);
    }
  }

  /** The longest time between two confirmed writes since then, in milliseconds. @param since as `Date.now()` tells */
  longestPause(since: number): number {
    return longestPause(this.confirmed, since);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#service.kill();
  }
}

/** See `Writer`; a pause that had begun before counts from its beginning. */
export function longestPause(confirmed: readonly Confirmed[], since: number): number {
  const pauses = confirmed.map(({ time }, index) => ({ time, pause: time - (confirmed[index - 1]?.time ?? time) }));
  return Math.max(0, ...pauses.filter(({ time }) => time >= since).map(({ pause }) => pause));
}

function readConfirmed(file: string): Confirmed[] {
  const lines = readFileSync(file, "utf8").matchAll(/^(\d+) (\d+)$/gm);
  return [...lines].map(([, number, time]) => ({ number: Number(number), time: Number(time) }));
}
