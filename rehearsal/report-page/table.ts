import { html, Markup } from "./html.ts";

type Cell = string | number | Markup;

/** Cells up to so many letters are not broken into lines. */
const SHORT = 12;

/** A table with a caption; the first cell of each row names it. Nothing when there are no rows. */
export function tableOf(caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): Markup {
  if (rows.length === 0) return html``;
  const numbers = head.map(
    (_, column) => column > 0 && rows.every((row) => /^[\d.,]+( \w+)?$/.test(String(row[column]))),
  );
  const classes = (cell: Cell, column: number) => {
    const short = cell instanceof Markup || String(cell).length <= SHORT;
    return html` class="${[short && "short", numbers[column] && "number"].filter(Boolean).join(" ")}"`;
  };
  const heads = head.map((name, column) => html`<th scope="col"${classes(name, column)}>${name}</th>`);
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) =>
      column === 0
        ? html`<th scope="row"${classes(cell, column)}>${cell}</th>`
        : html`<td${classes(cell, column)}>${cell}</td>`,
    );
    return html`<tr>${cells}</tr>`;
  });
  return html`<table>
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${lines}
</tbody>
</table>`;
}
