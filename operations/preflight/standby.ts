import { SWITCHES, type Switch } from "../../components/standby/disaster.ts";
import type { SeenState } from "../database/control.ts";
import { span } from "../database/units.ts";
import type { Operator } from "../runbook/operator.ts";
import type { NewestDump } from "../status/database.ts";
import { SILENCE } from "../status/limits.ts";
import type { Marked } from "../status/sites.ts";
import { isUnknown, type Told } from "../status/told.ts";
import { fail, ok, type Verdict, warn } from "./verdict.ts";

/** Whether the controller is alive, for it is what promotes the database. */
export function judgeController({ at, status, detail }: SeenState, now: Date): Verdict {
  const silent = now.getTime() - Date.parse(at);
  const said = `${status}, ${span(silent)} ago: ${detail}`;
  const log = "see the controller's log (output controllerName)";
  if (silent > SILENCE)
    return fail(`has said nothing for ${span(silent)}`, `${log}; start the function app if it is stopped`);
  return status === "failed" ? warn(said, log) : ok(said);
}

/** Whether there is a dump that can be loaded, and is young enough. */
export function judgeDump(newest: NewestDump | undefined, hours: number, now: Date): Verdict {
  const mend = "`npm run dr -- dump-database --wait`, while AWS lives; see why the night's did not come";
  if (!newest) return fail("there is none that can be loaded", mend);
  const age = now.getTime() - Date.parse(newest.begunAt);
  const found = `${newest.dump} is complete, and ${span(age)} old`;
  if (age > hours * 3_600_000) return fail(`${found}: more than ${hours} h`, mend);
  if (newest.faulty === 0) return ok(found);
  return warn(`${found}; ${newest.faulty} newer can't be loaded`, "`npm run dr -- restore-database --list` says why");
}

/** Whether the website answers that tells the world what is declared. */
export function judgeMarkers(seen: Record<Switch, Told<Marked>>): Verdict {
  const mute = SWITCHES.map((name) => seen[name]).find(isUnknown);
  if (mute) return fail(mute.unknown, "look at the storage account of dr's markers: without it no name can be moved");
  const declared = SWITCHES.filter((name) => (seen[name] as Marked).declared);
  return ok(declared.length === 0 ? "readable; nothing is declared" : `readable; declared: ${declared.join(", ")}`);
}

/** Whether somebody else is at work, who would keep a declaration waiting. */
export function judgeUnderWay(underWay: Operator | undefined): Verdict {
  if (!underWay) return ok("nobody is at work");
  const { operation, by, startedAt } = underWay;
  return fail(
    `${by} is at \`${operation}\` since ${startedAt}`,
    "wait for it; what was killed keeps others away for a minute",
  );
}

/**
 * Whether a declared database moves the primary's servers.
 *
 * @param traffic the name that `traffic` has for the database; undefined where it has none
 * @param prod the name that prod's servers ask for; undefined where it is RDS's own
 */
export function judgeDatabaseName({ traffic, prod }: { traffic?: string; prod?: string }): Verdict {
  const nobody = "`declare database` would move nobody";
  const setting = "multicloud-dr:databaseHostName";
  if (prod !== undefined && prod === traffic) return ok(`they find it at ${prod}`);
  if (prod !== undefined) {
    const found = `prod's servers ask for ${prod}, and traffic has ${traffic ?? "no name"}: ${nobody}`;
    return warn(found, `set ${setting} alike in Pulumi.prod.yaml and Pulumi.traffic.yaml, and \`pulumi up\` both`);
  }
  const way = "docs/database.md, The database's own name; until then declare `site` where the database is lost";
  if (traffic === undefined) return warn(`no ${setting} is set: ${nobody}`, `set it in traffic, then in prod: ${way}`);
  return warn(
    `${traffic} stands, and prod's servers do not ask for it: ${nobody}`,
    `set ${setting} in prod too: ${way}`,
  );
}
