import type { PathPart } from "../scenario-report.ts";
import { durationText } from "../times.ts";
import { html, type Markup } from "./html.ts";

/** The critical path as a chain of bars, each beginning where the one before it ends. */
export function chainOf(parts: readonly PathPart[], limit: string): Markup {
  const total = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  const share = (seconds: number) => `${total === 0 ? 0 : Math.round((seconds / total) * 1000) / 10}%`;
  const links = parts.map(({ what, seconds, source }, index) => {
    const before = parts.slice(0, index).reduce((sum, part) => sum + part.seconds, 0);
    return html`<li><span class="link"><span>${what}${source !== undefined && html` <small>(${source})</small>`}</span> <b>${durationText(seconds * 1000)}</b></span><span class="track"><span class="bar" style="margin-left:${share(before)};width:${share(seconds)}"></span></span></li>`;
  });
  return html`<ol class="chain">
${links}
</ol>
<p class="total">All of the chain: <b>${durationText(total * 1000)}</b></p>
<p class="limit"><b>The limit:</b> ${limit}</p>`;
}
