import { setTimeout as delay } from "node:timers/promises";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ContainerClient } from "@azure/storage-blob";
import type { Report } from "../../rehearsal/tools/run.ts";
import { percentile } from "../statistics.ts";

/** Objects put in a second, and the bytes of each. */
const RATE = 50;
const BYTES = 16 * 1024;

/** How often the copies are looked for, in milliseconds: the finest step of the times. */
const LOOK_AGAIN = 20;

/** How long the last copy may take to come, in milliseconds. */
const PATIENCE = 120_000;

/** How long copies take at a steady load, from the answer to the put until they can be read. */
export interface Latency {
  objects: number;
  objectsPerSecond: number;
  p50Milliseconds: number;
  p99Milliseconds: number;
  worstMilliseconds: number;
}

/** The way of an object: where it is put, and where its copy shows. */
export interface Path {
  s3: S3Client;
  bucket: string;
  container: ContainerClient;
}

/**
 * Puts objects at a steady rate, whatever becomes of those before, and notes when the copy of each shows.
 *
 * @throws Error when a copy does not come
 */
export async function measureLatency(
  path: Path,
  seconds: number,
  report: Report,
  signal: AbortSignal,
): Promise<Latency> {
  const waiting = new Map<string, number>();
  const milliseconds: number[] = [];
  const slots = Array.from({ length: seconds }, (_, slot) => `latency/${String(slot).padStart(4, "0")}/`);
  const putting = putSteadily(path, slots, waiting, signal);
  let over = false;
  const all = putting.finally(() => {
    over = true;
  });
  all.catch(() => {});
  let moved = performance.now();
  while (!over || waiting.size > 0) {
    const before = milliseconds.length;
    for (const slot of new Set([...waiting.keys()].map((key) => key.slice(0, slots[0]?.length)))) {
      for await (const { name } of path.container.listBlobsFlat({ prefix: slot, abortSignal: signal })) {
        const since = waiting.get(name);
        if (since === undefined) continue;
        waiting.delete(name);
        milliseconds.push(performance.now() - since);
      }
    }
    if (milliseconds.length > before) moved = performance.now();
    else if (performance.now() - moved > PATIENCE) {
      throw new Error(`${waiting.size} copies did not come within ${PATIENCE / 1000} s; see ministack.log`);
    }
    report(`${milliseconds.length} of ${seconds * RATE} copies came`);
    await delay(LOOK_AGAIN, undefined, { signal });
  }
  await all;
  return {
    objects: milliseconds.length,
    objectsPerSecond: RATE,
    p50Milliseconds: percentile(milliseconds, 50),
    p99Milliseconds: percentile(milliseconds, 99),
    worstMilliseconds: percentile(milliseconds, 100),
  };
}

/** One object brings the path to life before the clock runs: its first function starts cold. */
export async function warmUp(path: Path, report: Report, signal: AbortSignal): Promise<void> {
  await put(path, "warm-up.bin", signal);
  const started = performance.now();
  while (!(await path.container.getBlobClient("warm-up.bin").exists({ abortSignal: signal }))) {
    if (performance.now() - started > PATIENCE) throw new Error("the first copy did not come; see ministack.log");
    report("waiting for the first copy");
    await delay(LOOK_AGAIN, undefined, { signal });
  }
}

/** @param waiting gets each key with the time at which its put was answered */
async function putSteadily(
  path: Path,
  slots: string[],
  waiting: Map<string, number>,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now();
  const puts: Promise<void>[] = [];
  for (const [number, key] of slots.flatMap((slot) => keysOf(slot)).entries()) {
    await delay(Math.max(0, started + (number * 1000) / RATE - performance.now()), undefined, { signal });
    const one = put(path, key, signal).then(() => {
      waiting.set(key, performance.now());
    });
    // Whoever waits for all of them hears of it.
    one.catch(() => {});
    puts.push(one);
  }
  await Promise.all(puts);
}

function keysOf(slot: string): string[] {
  return Array.from({ length: RATE }, (_, number) => `${slot}${String(number).padStart(2, "0")}.bin`);
}

async function put({ s3, bucket }: Path, Key: string, signal: AbortSignal): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.alloc(BYTES, Key) }), { abortSignal: signal });
}
