import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import { text } from "./common.ts";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY = 24 * 60;
const WEEK = DAYS.length * DAY;

/** Shortest window, in minutes (CreateDBInstance). */
const SHORTEST = 30;

/** What RDS would refuse about the windows for backups, daily, and for maintenance, weekly. */
export function windowRefusals(inputs: Properties): Refusal[] {
  const refusals: Refusal[] = [];
  const backup = text(inputs.backupWindow);
  const maintenance = text(inputs.maintenanceWindow);
  const daily = backup === undefined ? undefined : span(backup, /^()(\d\d):(\d\d)-()(\d\d):(\d\d)$/, DAY);
  const weekly = maintenance?.toLowerCase();
  const form = new RegExp(`^(${DAYS.join("|")}):(\\d\\d):(\\d\\d)-(${DAYS.join("|")}):(\\d\\d):(\\d\\d)$`);
  const days = weekly === undefined ? undefined : span(weekly, form, WEEK);
  if (backup !== undefined && !(daily && daily.length >= SHORTEST)) {
    const reason = `"${backup}": hh:mm-hh:mm in UTC, of at least ${SHORTEST} minutes (CreateDBInstance)`;
    refusals.push({ property: "backupWindow", reason });
  }
  if (maintenance !== undefined && !(days && days.length >= SHORTEST)) {
    const reason = `"${maintenance}": ddd:hh:mm-ddd:hh:mm in UTC, of at least ${SHORTEST} minutes (CreateDBInstance)`;
    refusals.push({ property: "maintenanceWindow", reason });
  }
  if (refusals.length === 0 && daily && days && meet(daily, days)) {
    const reason = `"${backup}" overlaps the maintenance window, "${maintenance}" (CreateDBInstance)`;
    refusals.push({ property: "backupWindow", reason });
  }
  return refusals;
}

/** A span of minutes that comes again and again. */
interface Span {
  start: number;
  length: number;
}

function span(window: string, form: RegExp, period: number): Span | undefined {
  const [, day = "", hour, minute, endDay = "", endHour, endMinute] = form.exec(window) ?? [];
  if (
    hour === undefined ||
    Number(hour) > 23 ||
    Number(endHour) > 23 ||
    Number(minute) > 59 ||
    Number(endMinute) > 59
  ) {
    return undefined;
  }
  const at = (name: string, h: unknown, m: unknown) =>
    Math.max(0, DAYS.indexOf(name)) * DAY + Number(h) * 60 + Number(m);
  const start = at(day, hour, minute);
  return { start, length: (at(endDay, endHour, endMinute) - start + period) % period };
}

/** Whether the daily span ever falls into the weekly one. */
function meet(daily: Span, weekly: Span): boolean {
  return Array.from({ length: DAYS.length + 2 }, (_, day) => daily.start + (day - 1) * DAY).some((start) =>
    [weekly.start - WEEK, weekly.start, weekly.start + WEEK].some(
      (other) => start < other + weekly.length && other < start + daily.length,
    ),
  );
}
