import { SWITCHES } from "../../components/standby/disaster.ts";
import type { Site } from "../../components/traffic/weights.ts";
import { span } from "../database/units.ts";
import { summaryOf } from "../secrets/render.ts";
import { behindIn, behindText } from "./containers.ts";
import type { Facts } from "./facts.ts";
import { DUMP_HOURS, SILENCE } from "./limits.ts";
import { isUnknown } from "./told.ts";

/** What is amiss, and what mends it. */
export interface Problem {
  /** What it is about. @example "markers" */
  subject: string;
  problem: string;
  mend: string;
}

const UP = "`pulumi up --stack dr`";

/** All that is amiss. What can't be told is one too where nothing else would say so. */
export function problemsOf(facts: Facts): Problem[] {
  const looks = [
    sites,
    markers,
    names,
    replication,
    secrets,
    containers,
    controller,
    dumps,
    images,
    operations,
    drills,
    next,
  ];
  return looks.flatMap((look) => look(facts));
}

/** Only the site that should serve has to answer; the standby may well have no servers. */
function sites({ sites: { primary, standby }, declared }: Facts): Problem[] {
  const dead = (site: Site) => {
    const found = site === "primary" ? primary : standby;
    return isUnknown(found) ? found.unknown : found.answers ? undefined : found.problem;
  };
  const serves = declared.markers.includes("site") ? "standby" : "primary";
  const problem = dead(serves);
  if (problem === undefined) return [];
  const mend =
    serves === "standby"
      ? "see what the controller says below, and `npm run dr -- smoke --site standby`"
      : 'look whether AWS is down; if it is, `npm run dr -- declare site --why "…"`';
  return [{ subject: "sites", problem: `the ${serves} should serve the app, and does not answer: ${problem}`, mend }];
}

function markers({ seen, declared }: Facts): Problem[] {
  return SWITCHES.flatMap((name): Problem[] => {
    const found = seen[name];
    const subject = `marker of the ${name}`;
    if (isUnknown(found)) {
      const mend = "until it answers, no name moves in either direction; look at the storage account of dr's markers";
      return [{ subject, problem: `can't be looked at: ${found.unknown}`, mend }];
    }
    const planned = declared.markers.includes(name);
    if (planned && !found.declared)
      return [{ subject, problem: "is declared, and the world does not see it", mend: UP }];
    if (!planned && found.declared) return [{ subject, problem: "stands, and nothing is declared", mend: UP }];
    if (planned && !found.ready) {
      const mend = "wait for the controller; users move once it is ready";
      return [{ subject, problem: "is seen, and the standby is not ready yet", mend }];
    }
    return [];
  });
}

function names({ names: found, declared, seen }: Facts): Problem[] {
  const moved = { app: "site", content: "content" } as const;
  return (["app", "content"] as const).flatMap((label): Problem[] => {
    const answered = found[label];
    const subject = `name of the ${label}`;
    if (isUnknown(answered)) {
      return [
        { subject, problem: answered.unknown, mend: "look whether the zone is delegated, and `traffic` deployed" },
      ];
    }
    const { name, host, site } = answered;
    if (site === "neither") {
      return [
        {
          subject,
          problem: `${name} leads to ${host}, which neither site gave out`,
          mend: "`pulumi up --stack traffic`",
        },
      ];
    }
    const marked = seen[moved[label]];
    const wanted = declared.markers.includes(moved[label]) ? "standby" : "primary";
    // Before the standby is ready nobody is sent there, and that is told already.
    if (site === wanted || (wanted === "standby" && (isUnknown(marked) || !marked.ready))) return [];
    const mend = "a minute or two after the marker has changed; then see the health checks of `traffic`";
    return [{ subject, problem: `${name} leads to the ${site}, and should to the ${wanted}`, mend }];
  });
}

function replication({ replication: found }: Facts): Problem[] {
  if (isUnknown(found)) return [];
  return Object.entries(found)
    .filter(([, { setAside }]) => setAside > 0)
    .map(([name, { setAside }]) => ({
      subject: `replication of ${name}`,
      problem: `${setAside} events are set aside`,
      mend: "`npm run dr -- redrive --dry-run` says why; without --dry-run it gives them back",
    }));
}

function secrets({ secrets: found }: Facts): Problem[] {
  if (isUnknown(found) || found === null || found.drift.length === 0) return [];
  const mend =
    "what changed just now is on its way, and what is older than link comes with the next comparison, each hour or " +
    "night; `npm run dr -- secrets` says of each what it is, and --repair mends it now";
  return [{ subject: "secrets", problem: `copies differ: ${summaryOf(found)}`, mend }];
}

function containers({ containers: found }: Facts): Problem[] {
  if (isUnknown(found) || found === null) return [];
  const behind = behindIn(found);
  if (behind.length === 0) return [];
  const mend = "what was pushed just now is on its way, and each night all is looked at anew; see docs/containers.md";
  return [{ subject: "containers", problem: `of the images at the standby ${behindText(behind)}`, mend }];
}

function controller({ controller: state, at }: Facts): Problem[] {
  const subject = "controller";
  if (isUnknown(state)) return [{ subject, problem: state.unknown, mend: "see its log (output controllerName)" }];
  const { status, detail, planned, data } = state;
  const silent = Date.parse(at) - Date.parse(state.at);
  const problems: Problem[] = [];
  if (silent > SILENCE) {
    problems.push({
      subject,
      problem: `has said nothing for ${span(silent)}`,
      mend: "see its log (output controllerName), and start the function app if it is stopped",
    });
  }
  if (status === "failed") problems.push({ subject, problem: detail, mend: "it tries again each minute" });
  const following = data?.replication;
  if (planned?.database?.follows === "primary" && following?.state !== "following") {
    const problem = `the database should follow the primary, and is ${following?.state ?? "not following"}`;
    problems.push({ subject, problem, mend: following?.lastError ?? "see docs/database.md" });
  }
  return problems;
}

function dumps({ dump, at, controller: state }: Facts): Problem[] {
  const subject = "dumps";
  const mend = "`npm run dr -- dump-database --wait` makes one, while AWS lives";
  if (isUnknown(dump)) return [{ subject, problem: dump.unknown, mend: "see the right to read dr's dumps" }];
  if (!dump) return [{ subject, problem: "there is none that can be loaded", mend }];
  const problems: Problem[] = [];
  const age = Date.parse(at) - Date.parse(dump.begunAt);
  // What is served by the standby is dumped no more.
  const own = !isUnknown(state) && state.planned?.database?.follows === "nobody";
  if (!own && age > DUMP_HOURS * 3_600_000) {
    problems.push({ subject, problem: `the newest that can be loaded is ${span(age)} old`, mend });
  }
  if (dump.faulty > 0) {
    const problem = `${dump.faulty} newer than the newest complete one, ${dump.dump}, can't be loaded`;
    problems.push({ subject, problem, mend: "`npm run dr -- restore-database --list` says why" });
  }
  return problems;
}

function images({ images: found, at }: Facts): Problem[] {
  if (!found) return [];
  const { standby, primary } = found;
  const subject = "images";
  if (isUnknown(standby)) return [{ subject, problem: standby.unknown, mend: "see the right to read dr's images" }];
  if (isUnknown(primary) || !primary || (standby && standby.created >= primary.created)) return [];
  const waits = Date.parse(at) - Date.parse(primary.created);
  if (waits <= primary.patienceHours * 3_600_000) return [];
  const has = standby ? `the standby has ${standby.image}` : "the standby has none";
  const mend = "see the last executions of the machine (output imagesMachineArn of link): they name the reason";
  return [{ subject, problem: `${primary.image} waits for ${span(waits)} to be at the standby; ${has}`, mend }];
}

function operations({ unfinished }: Facts): Problem[] {
  if (!unfinished) return [];
  const { name, startedAt, status, step, error } = unfinished;
  const how = status === "failed" ? "failed" : "was left half-way";
  return [
    {
      subject: "operations",
      problem: `${name} of ${startedAt} ${how}${step ? ` at "${step}"` : ""}${error ? `: ${error}` : ""}`,
      mend: `\`npm run dr -- ${name}\` goes on where things stand`,
    },
  ];
}

function drills({ drills: found }: Facts): Problem[] {
  if (isUnknown(found)) return [];
  const mend = "`npm run dr -- drill`";
  const { last, passedAt, skipped, stale } = found;
  if (stale) {
    const problem = `stale: the last one that went well is of ${passedAt}, and ${skipped} quarters were skipped since`;
    return [{ subject: "drills", problem, mend }];
  }
  if (!passedAt) return [{ subject: "drills", problem: last ? "none ever went well" : "none was ever held", mend }];
  if (last?.status === "failed")
    return [{ subject: "drills", problem: `the last one, of ${last.startedAt}, failed`, mend }];
  return [];
}

function next({ next: found }: Facts): Problem[] {
  if (isUnknown(found)) return [{ subject: "stack file of dr", problem: found.unknown, mend: "mend the file" }];
  if (found.length === 0) return [];
  return [{ subject: "stack file of dr", problem: `is not deployed: ${found.join("; ")}`, mend: UP }];
}
