import { momentText } from "../times.ts";
import { frame, LETTERS, LINE, servedFill, servedText, textLines, whenText } from "./drawing.ts";
import { html, type Markup } from "./html.ts";
import { wrap } from "./letters.ts";
import { piecewise, type Scale } from "./scales.ts";
import type { Item, Scene } from "./scene.ts";

/** Narrow enough for the smallest phone without being made smaller. */
const WIDTH = 296;

const BAND = 14;

/** Where the bars of what was measured begin, and how far they are from one another. */
const BARS = 20;
const BAR = 7;

/** Where the texts begin, and where the dots before them are. */
const TEXT = 62;
const DOT = 53;

/** Room above the first text, and below each. */
const TOP = 8;
const GAP = 9;

/** A text of the drawing, and the moment that it stands beside. */
interface Entry {
  time: number;
  head: string;
  lines: string[];
  /** Class of its dot. */
  style: string;
}

/** The timeline for a phone: time runs down, and each thing takes as much room as its text. */
export function drawTall(scene: Scene, id: string): Markup {
  const entries = entriesOf(scene);
  let bottom = TOP;
  const tops = entries.map(({ lines }) => {
    const top = bottom;
    bottom += (lines.length + 1) * LINE + GAP;
    return top;
  });
  const points = entries.map(({ time }, index) => ({ time, place: (tops[index] ?? 0) + LINE / 2 }));
  const { from, to } = scene.range;
  const scale = piecewise([{ time: from, place: TOP }, ...points, { time: to, place: bottom }]);
  const texts = entries.map((entry, index) => drawEntry(entry, tops[index] ?? 0));
  return frame(id, { width: WIDTH, height: bottom }, scene, [
    ...bandOf(scene, id, scale),
    ...barsOf(scene, scale),
    ...texts,
  ]);
}

function entriesOf({ items, served }: Scene): Entry[] {
  const linesOf = (text: string) => wrap(text, WIDTH - TEXT, LETTERS);
  const told = items
    .filter((item) => !item.measured)
    .map((item): Entry => {
      const head = `${whenText(item)} ${item.lane}`;
      return { time: item.from, head, lines: linesOf(item.text), style: "" };
    });
  // What was measured is known when it ends.
  const known = items
    .filter((item) => item.measured)
    .map(({ to, lane, text }): Entry => {
      return { time: to, head: `${momentText(to)} ${lane}`, lines: linesOf(text), style: lane };
    });
  const shifts = served.map((each): Entry => {
    const lines = linesOf(servedText(each));
    return { time: each.from, head: `${momentText(each.from)} served by`, lines, style: each.by };
  });
  return [...told, ...shifts, ...known].sort((one, other) => one.time - other.time);
}

function bandOf({ served }: Scene, id: string, scale: Scale): Markup[] {
  return served.map((each) => {
    const [top, bottom] = [scale(each.from), scale(each.to)].map(Math.round) as [number, number];
    return html`<rect ${servedFill(each, id)} x="0" y="${top}" width="${BAND}" height="${Math.max(1, bottom - top)}"/>`;
  });
}

/** What was measured, as bars; those of one time stand beside each other. */
function barsOf({ items }: Scene, scale: Scale): Markup[] {
  const columns: Item[][] = [];
  const measured = items.filter((item) => item.measured && item.to > item.from);
  for (const item of measured) {
    const apart = (other: Item) => other.lane === item.lane && (other.to <= item.from || item.to <= other.from);
    const free = columns.find((column) => column.every(apart));
    if (free) free.push(item);
    else columns.push([item]);
  }
  return columns.flatMap((column, index) =>
    column.map((item) => {
      const top = Math.round(scale(item.from));
      const height = Math.max(3, Math.round(scale(item.to) - top));
      return html`<rect class="mark ${item.lane}" x="${BARS + index * BAR}" y="${top}" width="4" height="${height}"><title>${item.lane} ${item.text}</title></rect>`;
    }),
  );
}

function drawEntry({ head, lines, style }: Entry, top: number): Markup {
  return html`<g><circle class="mark ${style}" cx="${DOT}" cy="${top + 9}" r="4"/>${textLines([head, ...lines], TEXT, top, { boldFirst: head.split(" ").length })}</g>`;
}
