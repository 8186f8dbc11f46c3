import { Clock } from "./local/clock.ts";
import type { Compared } from "./orders/kept.ts";
import type { Measured } from "./orders/measure.ts";
import type { ScenarioReport } from "./scenario-report.ts";
import { durationText } from "./times.ts";

/** One figure of the result, for people. */
export interface Finding {
  what: string;
  value: string;
}

/** The figures that a scenario is judged by. @param speed times as fast as for users */
export function headline({ recovery, rows, objects, requests }: Measured, speed: number): Finding[] {
  const time = timeText(speed);
  const found: (Finding | false)[] = [
    recovery.fromWord !== undefined && { what: "RTO from the word", value: time(recovery.fromWord) },
    recovery.fromKill !== undefined && { what: "RTO from the loss", value: time(recovery.fromKill) },
    rows !== undefined && { what: "RPO of the orders", value: time(rows.oldestMissing) },
    objects !== undefined && { what: "RPO of the objects", value: time(objects.oldestMissing) },
    recovery.gap !== undefined && {
      what: "longest time without an order",
      value: time(recovery.gap.to - recovery.gap.from),
    },
    { what: "requests failed", value: `${count(requests.failed)} of ${count(requests.sent)}` },
  ];
  return found.filter((each) => each !== false);
}

/** Whether all went well, in one line: what broke off has not failed by what it had found until then. */
export function verdictText({ ok, assertions }: Pick<ScenarioReport, "ok" | "assertions">): string {
  const held = assertions.filter((assertion) => assertion.ok).length;
  const holds = `${held} of ${assertions.length} assertions hold`;
  if (ok) return `Passed: ${holds}`;
  if (assertions.length === 0) return "Broken off before anything was asserted";
  return held === assertions.length ? `Broken off; until then ${holds}` : `Failed: ${holds}`;
}

/** A time as users would have it, and with it the machine's own where that is another. */
export function timeText(speed: number): (milliseconds: number) => string {
  const clock = new Clock(speed);
  return (milliseconds) => {
    const unscaled = durationText(clock.unscaled(milliseconds));
    return speed === 1 ? unscaled : `${unscaled} (${durationText(milliseconds)} here)`;
  };
}

/** What became of the requests, line by line. */
export function requestLines({ requests, puts }: Measured): [string, string][] {
  const { orders } = requests;
  return [
    ["requests sent", count(requests.sent)],
    ["answered well", count(requests.well)],
    ["failed", count(requests.failed)],
    ...requests.reasons.map(({ reason, count: failures }): [string, string] => [`failed: ${reason}`, count(failures)]),
    ["orders begun", count(orders.begun)],
    ["orders confirmed", count(orders.confirmed)],
    ["orders never confirmed", count(orders.open)],
    ["objects put", count(puts.sent)],
    ["puts that failed", count(puts.failed)],
  ];
}

/** What is kept of the orders and the objects: a line for each question, with a cell for each of both. */
export function keptLines({ rows, objects }: Measured, speed: number): [string, string, string][] {
  const time = timeText(speed);
  const line = (what: string, cell: (compared: Compared) => string): [string, string, string] => [
    what,
    rows ? cell(rows) : "not looked at",
    objects ? cell(objects) : "not looked at",
  ];
  return [
    line("confirmed", ({ confirmed }) => count(confirmed)),
    line("found", ({ found }) => count(found)),
    line("confirmed, but missing", ({ missing }) => count(missing)),
    line("found with other bytes", ({ different }) => count(different)),
    line("age of the oldest lost one", ({ oldestMissing }) => time(oldestMissing)),
    line("lost after the takeover", ({ lostLater }) => count(lostLater)),
    line("found twice", ({ duplicated }) => count(duplicated)),
    line("found, though never confirmed", ({ neverConfirmed }) => count(neverConfirmed)),
  ];
}

function count(number: number): string {
  return number.toLocaleString("en");
}
