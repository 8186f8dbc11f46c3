import type { Obstacle } from "../../lambdas/database/manifest.ts";
import { table } from "../table.ts";
import { type Choice, type Complete, renderFaults } from "./choice.ts";
import type { LookedAt } from "./dumps.ts";
import { count, size, span } from "./units.ts";

/** Characters of a GTID set that are shown in a table. */
const GTID_SHOWN = 44;

/** The dumps that there are, the newest first. */
export function renderDumps(dumps: readonly LookedAt[], now: Date): string {
  if (dumps.length === 0) return "There is no dump on Azure yet.";
  const rows = dumps.map(({ kind, dump, begunAt, manifest, faults }) => [
    dump,
    kind,
    span(now.getTime() - begunAt.getTime()),
    ...(manifest ? [count(manifest.rows), size(manifest.size), String(manifest.obstacles.length)] : ["", "", ""]),
    faults.length === 0 ? "complete" : `${count(faults.length)} faults`,
    shortened(manifest?.frozen.gtid ?? ""),
  ]);
  const damaged = dumps.filter(({ faults }) => faults.length > 0);
  return [
    table("Dumps on Azure", ["dump", "kind", "age", "rows", "size", "obstacles", "state", "GTID"], rows),
    ...damaged.map((dump) => `${dump.kind} ${dump.dump}:\n${renderFaults(dump)}`),
  ].join("\n\n");
}

/** What is told of a dump to machines: all but its chunks. */
export function reportOf({ kind, dump, begunAt, manifest, faults }: LookedAt) {
  const { rows, bytes, size, schemas, frozen, obstacles, sealedAt } = manifest ?? {};
  return {
    dump,
    kind,
    begunAt: begunAt.toISOString(),
    complete: faults.length === 0,
    faults,
    ...(manifest && { sealedAt, rows, bytes, size, schemas, frozen, chunks: manifest.chunks.length, obstacles }),
  };
}

/** The dump that was chosen, as it is shown before anybody is asked. */
export function renderChoice({ chosen, passedOver }: Choice, now: Date): string {
  return [
    ...passedOver.map(
      (dump) => `Passed over, for it is not complete: ${dump.kind} ${dump.dump}.\n${renderFaults(dump)}`,
    ),
    `From the ${chosen.kind} dump ${chosen.dump}, begun ${span(now.getTime() - chosen.begunAt.getTime())} ago:`,
    ...renderManifest(chosen),
  ].join("\n");
}

function renderManifest({ manifest }: Complete): string[] {
  const { rows, size: bytes, chunks, schemas, frozen, obstacles } = manifest;
  return [
    `  ${count(rows)} rows in ${count(chunks.length)} chunks, ${size(bytes)}; schemas: ${schemas.join(", ") || "none"}`,
    `  state: ${frozen.gtid || "without a GTID"}`,
    ...obstacles.map((obstacle) => `  ${renderObstacle(obstacle)}`),
  ];
}

/** What the primary was not ready for, in one line. */
export function renderObstacle({ severity, subject, problem, mend }: Obstacle): string {
  return `${severity}: ${subject}: ${problem}; ${mend}`;
}

/** What came of a load, and what is not as at the primary. */
export function renderLoaded(dump: string, proof?: { rows: number; differences: readonly string[] }): string {
  const { rows, differences = [] } = proof ?? {};
  return [
    `Loaded and verified: ${dump}${rows === undefined ? "" : `, ${count(rows)} rows`}.`,
    ...(differences.length > 0
      ? ["Not as at the primary:", ...differences.map((difference) => `  ${difference}`)]
      : []),
  ].join("\n");
}

function shortened(gtid: string): string {
  const line = gtid.replaceAll("\n", "");
  return line.length > GTID_SHOWN ? `${line.slice(0, GTID_SHOWN)}…` : line;
}
