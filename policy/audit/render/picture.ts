import type { AuditReport } from "../report.ts";
import { type Box, type Line, layOut } from "./layout.ts";
import { escaped, shortened } from "./markup.ts";
import { verdictOf } from "./text.ts";

/** Sizes in the unit of the drawing. */
const WIDTH = 210;
const HEIGHT = 30;
const GAP = 90;
const SPACE = 14;
const MARGIN = 20;
const TOP = 60;
/** Letters that fit into a box. */
const LETTERS = 30;

/** All of it under one class, so that it holds for nothing else on a page that the picture is put into. */
const STYLE = `.audit text{font:13px system-ui,sans-serif;fill:#1b1f24}.audit .title{font-weight:600}.audit .box{stroke-width:1.5}
.audit .person{fill:#fff;stroke:#1f4e8c}.audit .machine{fill:#eef3fa;stroke:#1f4e8c;stroke-dasharray:5 3}
.audit .power{fill:#f3f0f8;stroke:#6b4fa0}.audit .copy{fill:#eef7f0;stroke:#23713f}.audit .wrong{stroke:#b3261e;stroke-width:3}
.audit .line{fill:none;stroke:#8a94a3;stroke-width:1.2}.audit .line.bad{stroke:#b3261e;stroke-width:2}
@media screen and (prefers-color-scheme:dark){.audit{background:#14171c}.audit text{fill:#e6e9ee}
.audit .person{fill:#14171c}.audit .machine{fill:#1c2633}.audit .power{fill:#241d33}.audit .copy{fill:#16291c}}`;

/**
 * Who reaches which copy, and by way of whom, as one SVG that needs nothing else. Whoever reaches every copy of
 * something has a red frame, and red lines.
 */
export function pictureOf(report: AuditReport): string {
  const { boxes, lines, columns, rows, leftOut } = layOut(report);
  const places = new Map(boxes.map((box) => [box.id, box]));
  const width = MARGIN * 2 + columns * WIDTH + (columns - 1) * GAP;
  const height = TOP + rows * (HEIGHT + SPACE) + MARGIN;
  const note = leftOut > 0 ? ` Left out: ${leftOut} people who reach no more.` : "";
  return [
    `<svg class="audit" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-labelledby="audit-title audit-desc">`,
    `<title id="audit-title">Who can destroy which copy, alone</title>`,
    `<desc id="audit-desc">${escaped(describe(report))}</desc>`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="${MARGIN}" y="${MARGIN + 4}">${escaped(verdictOf(report))}</text>`,
    `<text x="${MARGIN}" y="${MARGIN + 24}">People on the left, copies on the right; between them, whom they become.${escaped(note)}</text>`,
    ...lines.map((line) => drawLine(line, places)),
    ...boxes.map(drawBox),
    "</svg>",
    "",
  ].join("\n");
}

const left = ({ column }: Box) => MARGIN + column * (WIDTH + GAP);
const middle = ({ row }: Box) => TOP + row * (HEIGHT + SPACE) + HEIGHT / 2;

function drawBox(box: Box): string {
  const { id, kind, wrong } = box;
  const [x, y] = [left(box), middle(box) - HEIGHT / 2];
  return (
    `<g><title>${escaped(id)}</title><rect class="box ${kind}${wrong ? " wrong" : ""}" x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="5"/>` +
    `<text x="${x + 9}" y="${y + HEIGHT / 2 + 4}">${escaped(shortened(id, LETTERS))}</text></g>`
  );
}

function drawLine({ from, to, wrong }: Line, places: ReadonlyMap<string, Box>): string {
  const [one, other] = [places.get(from), places.get(to)];
  if (!one || !other) return "";
  const [y1, y2] = [middle(one), middle(other)];
  // It leaves towards the other box, and goes around between boxes one above the other, so that it crosses none of them.
  const x1 = other.column < one.column ? left(one) : left(one) + WIDTH;
  const x2 = other.column > one.column ? left(other) : left(other) + WIDTH;
  const [bend, back] = x2 === x1 ? [GAP / 3, GAP / 3] : [(x2 - x1) / 2, (x1 - x2) / 2];
  const path = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 + back} ${y2} ${x2} ${y2}`;
  return `<path class="line${wrong ? " bad" : ""}" d="${path}"><title>${escaped(`${from} → ${to}`)}</title></path>`;
}

/** The picture for those who do not see it. */
function describe({ actors }: AuditReport): string {
  const sentences = actors
    .filter(({ destroys, registered }) => destroys.length > 0 && !registered)
    .map(({ name, destroys, survive }) => {
      const stays = survive.length > 0 ? `${survive.join(", ")} survive` : "nothing survives";
      return `${name} can destroy ${destroys.map(({ copy }) => copy).join(", ")}; ${stays}.`;
    });
  return sentences.join(" ") || "Nobody can destroy anything.";
}
