import { pictureOf } from "../../policy/audit/render/picture.ts";
import { tablesOf, verdictLines } from "../../policy/audit/render/text.ts";
import { headline, keptLines, requestLines, timeText, verdictText } from "../findings.ts";
import type { Stretch } from "../orders/served.ts";
import type { ScenarioReport } from "../scenario-report.ts";
import { chainOf } from "./chain.ts";
import { whenText } from "./drawing.ts";
import { html, Markup } from "./html.ts";
import { type Scene, SERVED_BY, sceneOf } from "./scene.ts";
import { STYLE } from "./style.ts";
import { tableOf } from "./table.ts";
import { drawTall } from "./tall.ts";
import { drawWide } from "./wide.ts";

/** Widths that the two wide drawings are made for, in pixels. */
const MIDDLE = 640;
const WIDE = 900;

/** The report as one page that needs nothing else: no script, and nothing that is fetched. */
export function renderPage(report: ScenarioReport): string {
  const scene = sceneOf(report);
  const title = `Rehearsal: ${report.scenario}, ${report.strategy}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
${header(report, title)}
${timeline(scene)}
${path(report)}
${assertions(report)}
${audit(report)}
${numbers(report, scene)}
${run(report)}
</body>
</html>
`.text;
}

function header(report: ScenarioReport, title: string): Markup {
  const { ok, error, measured, speed } = report;
  const verdict = ok
    ? html`<span class="good">✓ ${verdictText(report)}</span>`
    : html`<span class="bad">✗ ${verdictText(report)}</span>`;
  const figures = headline(measured, speed).map(
    ({ what, value }) => html`<div><dt>${what}</dt><dd>${value}</dd></div>`,
  );
  return html`<header>
<h1>${title}</h1>
<p class="verdict">${verdict}</p>
${error !== undefined && html`<p class="bad">${error}</p>`}
${speed > 1 && html`<p class="note">Time went ${speed} times as fast in this run. Every time is given as users would have it, so work that the machine did at its own pace counts ${speed} times; “here” is what passed on the machine.</p>`}
<dl class="figures">
${figures}
</dl>
</header>`;
}

function timeline(scene: Scene): Markup {
  const kinds: Stretch["by"][] = ["primary", "standby", "both", "none"];
  const legend = kinds
    .filter((kind) => scene.served.some(({ by }) => by === kind))
    .map((kind) => html`<li><span class="swatch ${kind}"></span>served by ${SERVED_BY[kind]}</li>`);
  return html`<section>
<h2>What happened when</h2>
<ul class="served">
${legend}
</ul>
<figure>
${drawTall(scene, "tall")}
${drawWide(scene, "middle", MIDDLE)}
${drawWide(scene, "wide", WIDE)}
</figure>
</section>`;
}

function path({ criticalPath, limit }: ScenarioReport): Markup {
  if (criticalPath.length === 0) return html``;
  return html`<section>
<h2>What users waited for</h2>
${chainOf(criticalPath, limit)}
</section>`;
}

function assertions(report: ScenarioReport): Markup {
  if (report.assertions.length === 0) return html``;
  const rows = report.assertions.map(({ what, ok, found }) => [
    ok ? html`<span class="good">✓ holds</span>` : html`<span class="bad">✗ fails</span>`,
    what,
    found,
  ]);
  return html`<section class="assertions">
<h2>What had to be so</h2>
${tableOf("Assertions of the scenario", ["", "expected", "found"], rows)}
</section>`;
}

function audit({ audit: found }: ScenarioReport): Markup {
  if (!found) return html``;
  return html`<section id="audit">
<h2>Who can delete every copy</h2>
${verdictLines(found).map((line) => html`<p>${line}</p>`)}
${tablesOf(found).map(({ title, head, rows }) => tableOf(title, head, rows))}
<figure>${new Markup(pictureOf(found))}</figure>
</section>`;
}

function numbers({ measured, speed }: ScenarioReport, { served, items }: Scene): Markup {
  const time = timeText(speed);
  const stretches = served.map((each) => [whenText(each), SERVED_BY[each.by], time((each.to - each.from) / speed)]);
  return html`<section>
<h2>Requests, orders and objects</h2>
<div class="pair">
<div>
${tableOf("What the users' own client sent", ["requests", "number"], requestLines(measured))}
</div>
<div>
${tableOf("What is there in the end", ["kept", "orders", "objects"], keptLines(measured, speed))}
${tableOf("Who served", ["from – to", "by", "for"], stretches)}
</div>
</div>
${tableOf(
  "Events",
  ["time", "who", "what"],
  items.filter(({ measured: known }) => !known).map((item) => [whenText(item), item.lane, item.text]),
)}
</section>`;
}

/** The run itself: for whoever looks into it, so it is folded away, and not on paper. */
function run({ timings, crossed, answers }: ScenarioReport): Markup {
  const tables = [
    tableOf(
      "Steps of the run",
      ["step", "seconds", "result"],
      timings.map((each) => [each.title, seconds(each), each.result]),
    ),
    tableOf(
      "Crossed from AWS to Azure",
      ["object", "bytes", "seconds"],
      crossed.map((each) => [each.key, each.bytes, seconds(each)]),
    ),
    tableOf(
      "Answered",
      ["question", "site", "status"],
      answers.map((each) => [each.question, each.site, each.status]),
    ),
  ];
  if (tables.every(({ text }) => text === "")) return html``;
  return html`<details>
<summary>How the run went on the machine</summary>
${tables}
</details>`;
}

function seconds({ milliseconds }: { milliseconds: number }): string {
  return (milliseconds / 1000).toFixed(1);
}
