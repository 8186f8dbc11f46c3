import type { Stretch } from "../orders/served.ts";
import { durationText, momentText } from "../times.ts";
import { html, Markup } from "./html.ts";
import { type Item, type Scene, SERVED_BY } from "./scene.ts";

/** Size of the letters and distance of the lines, in the unit of the drawings: a pixel where they are not scaled. */
export const LETTERS = 13;
export const LINE = 17;

/** Where a text is: right of its place, or left of it. */
export type Anchor = "start" | "end";

/** Lines of text from top to bottom. @param boldFirst words of the first line that are bold */
export function textLines(
  lines: readonly string[],
  x: number,
  top: number,
  { boldFirst = 0, anchor = "start" }: { boldFirst?: number; anchor?: Anchor } = {},
): Markup {
  const spans = lines.map((line, index) => {
    const words = line.split(" ");
    const bold = index === 0 ? words.slice(0, boldFirst).join(" ") : "";
    const rest = index === 0 ? words.slice(boldFirst).join(" ") : line;
    return html`<tspan x="${x}" y="${top + LETTERS + index * LINE}">${bold && html`<tspan class="bold">${bold}</tspan> `}${rest}</tspan>`;
  });
  // Nothing between them: a space there would count as the end of a line, and move it.
  return html`<text text-anchor="${anchor}">${new Markup(spans.map(({ text }) => text).join(""))}</text>`;
}

/** When an item was: a moment, or from when to when. One word, for it stays on one line. */
export function whenText({ from, to }: Pick<Item, "from" | "to">): string {
  return to > from ? `${momentText(from)}–${momentText(to)}` : momentText(from);
}

/** The drawing's frame, with its title and what it shows in words for those who do not see it. */
export function frame(id: string, size: { width: number; height: number }, scene: Scene, content: Markup[]): Markup {
  const { width, height } = size;
  return html`<svg class="${id}" viewBox="0 0 ${width} ${Math.ceil(height)}" width="${width}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">What happened when, and who served</title>
<desc id="${id}-desc">${describe(scene)}</desc>
<defs><pattern id="${id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="tint" width="6" height="6"/><rect class="none" width="3" height="6"/></pattern></defs>
${content}
</svg>`;
}

function describe({ served, items }: Scene): string {
  const stretches = served.map(({ from, to, by }) => `${SERVED_BY[by]} from ${momentText(from)} to ${momentText(to)}`);
  const measured = items.filter((item) => item.measured).map(({ lane, text }) => `${lane} ${text}`);
  return [
    stretches.length > 0 && `Orders were confirmed by ${stretches.join(", then ")}.`,
    measured.length > 0 && `${measured.join("; ")}.`,
    "The table of events below has the same in words.",
  ]
    .filter((sentence) => sentence !== false)
    .join(" ");
}

/** How a stretch is filled: hatched where nobody served, so that it is seen without colours too. */
export function servedFill({ by }: Stretch, id: string): Markup {
  return by === "none" ? html`fill="url(#${id}-hatch)"` : html`class="${by}"`;
}

export function servedText({ from, to, by }: Stretch): string {
  return `${SERVED_BY[by]}, ${durationText(to - from)}`;
}
