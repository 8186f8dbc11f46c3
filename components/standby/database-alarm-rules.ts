import { REPORT } from "../../lambdas/standby/report.ts";
import type { DatabasePlan } from "./standby-plan.ts";

/** When somebody should look at what the controller says in its log. */
export interface LogAlarmRule {
  /** Ends the alarm's name. @example "stale-dump" */
  name: string;
  /** What whoever is woken by it reads first: what it means, and what to look at. */
  description: string;
  /** 0 (critical) to 4 ("Alert severity"). */
  severity: 1 | 2;
  /** Finds what it rings for, in the language of Log Analytics. */
  query: string;
  /** Rings when there are more, or fewer, than so many rows in the window. */
  rings: "above" | "below";
  threshold: number;
  /** Minutes that are looked at. */
  windowMinutes: 5 | 10 | 15 | 30 | 60;
  /** Minutes between two looks. */
  everyMinutes: 5 | 15;
}

/**
 * The controller's reports, a line for each run: the category FunctionAppLogs fills the table of that name, and what a
 * function logs is its `Message` ("FunctionAppLogs", Azure Monitor Logs reference).
 */
const REPORTS = `FunctionAppLogs | where Message startswith '${REPORT}' | extend report = parse_json(Message)`;

/** A night's dump is there after a day; two hours are for its being carried over and loaded. */
const STALE_HOURS = 26;

const STATE = "See state.json in the control container (output controlEndpoint)";

const SILENT: LogAlarmRule = {
  name: "controller-silent",
  description: `The standby controller has said nothing for an hour: nothing is loaded, started or promoted, and no other alarm of the standby's database rings. Look whether the function app runs (output controllerName)`,
  severity: 1,
  query: REPORTS,
  rings: "below",
  threshold: 1,
  windowMinutes: 60,
  everyMinutes: 15,
};

const FAILED: LogAlarmRule = {
  name: "controller-failed",
  description: `The standby controller fails again and again: the standby does not come to what the plan says. ${STATE}: lastError says why, and what to do`,
  severity: 1,
  query: `${REPORTS} | where report.status == 'failed'`,
  rings: "above",
  // Runs of a quarter of an hour, most of them.
  threshold: 9,
  windowMinutes: 15,
  everyMinutes: 15,
};

const LOAD_FAILED: LogAlarmRule = {
  name: "load-failed",
  description: `A dump can't be loaded and is set aside; the standby's database holds the former one. ${STATE}: setAside says which, and why`,
  severity: 1,
  query: `${REPORTS} | where toint(report.setAside) > 0`,
  rings: "above",
  threshold: 0,
  windowMinutes: 15,
  everyMinutes: 15,
};

const STALE: LogAlarmRule = {
  name: "stale-dump",
  description: `The standby's database is older than ${STALE_HOURS} hours: the night's dump failed at the primary, was not carried over, or was not loaded. ${STATE}, and the executions of the dump's state machine (stack link)`,
  severity: 1,
  query: `${REPORTS} | where report.follows == 'dumps' and todouble(report.ageHours) > ${STALE_HOURS}`,
  rings: "above",
  threshold: 0,
  windowMinutes: 15,
  everyMinutes: 15,
};

/** Rings when every run of five minutes, but one that came late, found it so. */
function lag(seconds: number, severity: 1 | 2): LogAlarmRule {
  return {
    name: `lag-${seconds}`,
    description: `The standby's database is more than ${seconds} seconds behind the primary: a disaster now would lose these. Look at the VPN, at the primary's load, and at data.replication in state.json`,
    severity,
    query: `${REPORTS} | where report.follows == 'primary' and todouble(report.lagSeconds) > ${seconds}`,
    rings: "above",
    threshold: 2,
    windowMinutes: 5,
    everyMinutes: 5,
  };
}

const FOLLOWS_NOT: LogAlarmRule = {
  name: "follows-not",
  description: `The standby's database is to follow the primary and has not for half an hour: a disaster now would lose all that was written since. ${STATE}: detail says what it waits for, data.replication what broke off and the mend`,
  severity: 1,
  query: `${REPORTS} | where tobool(report.followsNot)`,
  rings: "above",
  // Runs of half an hour, most of them; while a dump is loaded there are two, and failed loads ring by themselves.
  threshold: 24,
  windowMinutes: 30,
  everyMinutes: 5,
};

/** The alarms while there is a database; a declaration has better to do than to change those of one that stands. */
export function databaseAlarmRules({ state }: Pick<DatabasePlan, "state">): LogAlarmRule[] {
  return state === "absent" ? [] : [SILENT, FAILED, LOAD_FAILED, STALE, lag(60, 2), lag(300, 1), FOLLOWS_NOT];
}
