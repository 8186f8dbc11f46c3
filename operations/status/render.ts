import { styleText } from "node:util";
import { SWITCHES } from "../../components/standby/disaster.ts";
import type { Site } from "../../components/traffic/weights.ts";
import { count, span } from "../database/units.ts";
import { renderChanges } from "../operation.ts";
import { summaryOf } from "../secrets/render.ts";
import { standingsText } from "./containers.ts";
import type { Declared, Facts } from "./facts.ts";
import type { Images } from "./images.ts";
import type { Problem } from "./problems.ts";
import type { Answering } from "./sites.ts";
import { isUnknown, type Told } from "./told.ts";

type Row = [label: string, text: string];

/** Resources by what an `up` would do to them, of each stack that was previewed. */
export type Previews = Record<string, Told<Partial<Record<string, number>>>>;

/** How everything stands, on one page. */
export function renderStatus(facts: Facts, problems: readonly Problem[], previews: Previews = {}): string {
  const { workload, at } = facts;
  const sections: [string, Row[]][] = [
    ["Sites", sites(facts)],
    ["Declared", declared(facts)],
    ["Names", names(facts)],
    ["Replication", replication(facts)],
    [
      "Would be lost now",
      [
        ["content", facts.rpo.content.text],
        ["database", facts.rpo.database.text],
      ],
    ],
    ["Operations", operations(facts)],
    ["Next up", nextUp(facts, previews)],
  ];
  return [
    `${bold(workload)} at ${at}`,
    ...sections.map(([title, rows]) => section(title, rows)),
    renderProblems(problems),
  ].join("\n\n");
}

function section(title: string, rows: readonly Row[]): string {
  return [bold(title), ...rows.map(([label, text]) => `  ${label.padEnd(12)}  ${text}`)].join("\n");
}

function renderProblems(problems: readonly Problem[]): string {
  const title = bold("Problems");
  if (problems.length === 0) return `${title}\n  ${styleText("green", "none", { stream: process.stdout })}`;
  const lines = problems.flatMap(({ subject, problem, mend }) => [
    `  ${styleText("red", subject, { stream: process.stdout })}: ${problem}`,
    `      ${mend}`,
  ]);
  return [title, ...lines].join("\n");
}

function sites({ sites: { primary, standby }, declared: { servers, strategy } }: Facts): Row[] {
  const quiet = servers === 0 ? `, and has no servers (${strategy}, nothing declared for the app)` : "";
  return [
    ["primary", orUnknown(primary, (found) => renderAnswering(found))],
    ["standby", orUnknown(standby, (found) => renderAnswering(found, quiet))],
  ];
}

function renderAnswering({ host, answers, milliseconds, problem }: Answering, quiet = ""): string {
  if (answers) return `answers at ${host} in ${milliseconds} ms`;
  return quiet === "" ? `does not answer: ${problem}` : `does not answer${quiet}`;
}

function declared({ declared: said, seen }: Facts): Row[] {
  const seenAs = SWITCHES.map((name) => {
    const found = seen[name];
    if (isUnknown(found)) return `${name}: can't be looked at (${found.unknown})`;
    return `${name}: ${found.declared ? "declared" : "not declared"}${found.ready ? ", ready" : ""}`;
  });
  const [marker] = SWITCHES.map((name) => seen[name]).filter((found) => !isUnknown(found) && found.declared);
  const { since, by, why } = marker && !isUnknown(marker) ? marker : {};
  const told = [since && `since ${since}`, by && `by ${by}`, why && `"${why}"`].filter(Boolean).join(", ");
  return [
    ["by dr", `${renderDeclared(said)}${told ? ` (${told})` : ""}`],
    ["markers", seenAs.join("; ")],
  ];
}

function renderDeclared({ disaster, drill, handBack }: Declared): string {
  if (drill) return "nothing, but a drill is on";
  if (disaster === "none") return "nothing";
  return `${disaster}${handBack === "no" ? "" : `, handing back (${handBack})`}`;
}

function names({ names: { app, content } }: Facts): Row[] {
  const shown: Record<Site | "neither", string> = {
    primary: "the primary",
    standby: "the standby",
    neither: "neither site",
  };
  return Object.entries({ app, content }).map(([label, found]) => [
    label,
    orUnknown(found, ({ name, host, site }) => `${name} leads to ${shown[site]} (${host})`),
  ]);
}

function replication({ replication: found, secrets, containers, controller, dump, images, at }: Facts): Row[] {
  const waits = isUnknown(found)
    ? ([["objects", `can't be told: ${found.unknown}`]] satisfies Row[])
    : Object.entries(found).map(
        ([name, { waiting, setAside }]): Row => [name, `${count(waiting)} events wait, ${count(setAside)} set aside`],
      );
  const now = Date.parse(at);
  return [
    ...waits,
    ["vault", orUnknown(secrets, (it) => (it ? summaryOf(it) : "no secrets follow"))],
    ...(containers === null ? [] : [["containers", orUnknown(containers, standingsText)] satisfies Row]),
    ...(images ? [renderImages(images, now)] : []),
    ["newest dump", orUnknown(dump, (it) => (it ? `${it.dump}, ${span(now - Date.parse(it.begunAt))} old` : "none"))],
    [
      "database",
      orUnknown(controller, ({ data }) => {
        const lag = data?.replication?.lagSeconds;
        const follows = data?.replication && `${data.replication.state}${lag === undefined ? "" : `, ${lag} s behind`}`;
        return [`holds ${data?.loaded ? `the dump ${data.loaded}` : "no dump"}`, follows].filter(Boolean).join("; ");
      }),
    ],
    [
      "controller",
      orUnknown(controller, (state) => `${state.status}, ${span(now - Date.parse(state.at))} ago: ${state.detail}`),
    ],
  ];
}

function renderImages({ standby, primary }: Images, now: number): Row {
  const age = (created: string) => `${span(now - Date.parse(created))} old`;
  const has = orUnknown(standby, (it) =>
    it ? `${it.image} as version ${it.version}, ${age(it.created)}` : "none yet",
  );
  const newer = !isUnknown(primary) && primary && !isUnknown(standby) && primary.image !== standby?.image;
  return ["image", newer ? `${has}; ${primary.image}, ${age(primary.created)}, is on its way` : has];
}

function operations({ underWay, drills, at }: Facts): Row[] {
  return [
    ["under way", orUnknown(underWay, (it) => (it ? `${it.operation} by ${it.by}, since ${it.startedAt}` : "nothing"))],
    [
      "last drill",
      orUnknown(drills, ({ last, stale }) => {
        if (!last) return "none";
        const age = span(Date.parse(at) - Date.parse(last.startedAt));
        return `${last.startedAt}, ${last.status}, ${age} ago${stale ? ", stale" : ""}`;
      }),
    ],
  ];
}

function nextUp({ next }: Facts, previews: Previews): Row[] {
  const file = orUnknown(next, (lines) => (lines.length === 0 ? "as its stack file plans" : lines.join("; ")));
  const previewed = Object.entries(previews).map(
    ([name, changes]): Row => [`preview ${name}`, orUnknown(changes, renderChanges)],
  );
  return [["dr", file], ...previewed];
}

function orUnknown<T>(found: Told<T>, render: (known: T) => string): string {
  return isUnknown(found) ? `can't be told: ${found.unknown}` : render(found);
}

function bold(text: string): string {
  return styleText("bold", text, { stream: process.stdout });
}
