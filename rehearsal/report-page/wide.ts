import { momentText } from "../times.ts";
import { stack } from "./boxes.ts";
import { type Anchor, frame, LETTERS, LINE, servedFill, servedText, textLines, whenText } from "./drawing.ts";
import { html, type Markup } from "./html.ts";
import { widthOf, wrap } from "./letters.ts";
import { linear, type Range, type Scale, ticks } from "./scales.ts";
import type { Item, Scene } from "./scene.ts";

/** Width of the lanes' names, and the margin at the other side. */
const NAMES = 96;
const MARGIN = 10;

const AXIS = 24;
const BAND = 18;

/** Room between a mark and its text, and between lanes. */
const GAP = 9;

/** Height of the bar below the text of what took a while. */
const BAR = 5;

/** What is drawn in a lane: its text in lines, where it is, and how much room it takes. */
interface Placed {
  lines: string[];
  textAt: number;
  anchor: Anchor;
  left: number;
  right: number;
  height: number;
}

/** The timeline with time running to the right and a lane for everybody. @param width in pixels at its own size */
export function drawWide(scene: Scene, id: string, width: number): Markup {
  const inner = { from: NAMES, to: width - MARGIN };
  const scale = linear(scene.range, inner);
  const rows = [servedRow(scene, id, scale, inner), ...scene.lanes.map((lane) => laneRow(scene, lane, scale, inner))];
  let top = AXIS;
  const drawn = rows.map(({ name, height, draw }, index) => {
    const at = top;
    top += height;
    return html`<g><line class="rule" x1="0" x2="${width}" y1="${at}" y2="${at}"/>${textLines([name], 0, at + GAP / 2, { boldFirst: index === 0 ? 2 : 1 })}
${draw(at + GAP / 2)}</g>`;
  });
  const outages = scene.served
    .filter(({ by }) => by === "none")
    .map(({ from, to }) => {
      const [x, right] = [scale(from), scale(to)].map(round) as [number, number];
      return html`<rect class="tint" x="${x}" y="${AXIS}" width="${round(right - x)}" height="${top - AXIS}"/>`;
    });
  return frame(id, { width, height: top }, scene, [...outages, ...axis(scene, scale, width, top), ...drawn]);
}

interface Row {
  name: string;
  height: number;
  draw(top: number): Markup[];
}

function axis({ range }: Scene, scale: Scale, width: number, bottom: number): Markup[] {
  return ticks(range, width / 90).map((time) => {
    const x = round(scale(time));
    const text = momentText(time);
    const left = Math.min(x - widthOf(text, LETTERS) / 2, width - widthOf(text, LETTERS));
    return html`<g class="tick"><line class="rule" x1="${x}" x2="${x}" y1="${AXIS - 5}" y2="${bottom}"/>${textLines([text], round(left), 0)}</g>`;
  });
}

/** Who served, as a band, with its words below. */
function servedRow({ served }: Scene, id: string, scale: Scale, inner: Range): Row {
  const boxes = served.map((each) => {
    const width = widthOf(servedText(each), LETTERS);
    const fits = scale(each.from) + width <= inner.to;
    const left = fits ? scale(each.from) : inner.to - width;
    return { left, right: left + width + GAP, height: LINE, anchor: fits ? "start" : "end" } as const;
  });
  const { tops, height } = stack(boxes);
  return {
    name: "served by",
    height: BAND + height + 2 * GAP,
    draw: (top) =>
      served.map((each, index) => {
        const x = round(scale(each.from));
        const { anchor, left } = boxes[index] as (typeof boxes)[0];
        const place = anchor === "start" ? round(left) : inner.to;
        return html`<rect ${servedFill(each, id)} x="${x}" y="${top}" width="${round(Math.max(1, scale(each.to) - x))}" height="${BAND}"/>
${textLines([servedText(each)], place, top + BAND + 2 + (tops[index] ?? 0), { anchor })}`;
      }),
  };
}

function laneRow({ items }: Scene, lane: string, scale: Scale, inner: Range): Row {
  const own = items.filter((item) => item.lane === lane);
  const most = (inner.to - inner.from) / 2.6;
  const placed = own.map((item) =>
    placeText(
      wrap(`${whenText(item)} ${item.text}`, most, LETTERS),
      scale(item.from),
      scale(item.to),
      inner,
      barOf(item),
    ),
  );
  const { tops, height } = stack(placed);
  return {
    name: lane,
    height: height + GAP,
    draw: (top) => own.map((item, index) => drawItem(item, placed[index] as Placed, scale, top + (tops[index] ?? 0))),
  };
}

function barOf(item: Item): number {
  return item.to > item.from ? BAR + 4 : 0;
}

/** Puts the text right of its mark, or left of it where there is no room; what took a while has its bar below. */
function placeText(lines: string[], start: number, end: number, inner: Range, bar: number): Placed {
  const width = Math.max(...lines.map((line) => widthOf(line, LETTERS)));
  const gap = bar > 0 ? 0 : GAP;
  const fits = start + gap + width <= inner.to;
  const textAt = fits ? start + gap : end - gap;
  return {
    lines,
    textAt,
    anchor: fits ? "start" : "end",
    left: Math.min(fits ? start : textAt - width, start) - 5,
    right: Math.max(fits ? textAt + width : end, end) + 5,
    height: lines.length * LINE + bar + 2,
  };
}

function drawItem(item: Item, { lines, textAt, anchor }: Placed, scale: Scale, top: number): Markup {
  const x = round(scale(item.from));
  const style = item.measured ? `mark ${item.lane}` : "mark";
  const mark =
    item.to > item.from
      ? html`<rect class="${style}" x="${x}" y="${top + lines.length * LINE + 1}" width="${round(Math.max(2, scale(item.to) - x))}" height="${BAR}"/>`
      : html`<circle class="${style}" cx="${x}" cy="${top + 9}" r="4"/>`;
  return html`<g><title>${whenText(item)} ${item.lane}: ${item.text}</title>${mark}${textLines(lines, round(textAt), top, { boldFirst: 1, anchor })}</g>`;
}

function round(place: number): number {
  return Math.round(place * 10) / 10;
}
