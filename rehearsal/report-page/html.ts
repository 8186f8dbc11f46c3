import { escaped } from "../../policy/audit/render/markup.ts";

/** Text that is markup already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = string | number | false | undefined | Markup | Markup[];

/** Markup from a template: whatever is put into it is escaped, but for markup. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...values.map(textOf)));
}

function textOf(value: Content): string {
  if (value === undefined || value === false) return "";
  if (Array.isArray(value)) return value.map(({ text }) => text).join("\n");
  return value instanceof Markup ? value.text : escaped(String(value));
}
