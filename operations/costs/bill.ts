import { PRICES, type Price, type PriceName } from "./prices.ts";

/** One thing that is paid for. */
export interface Line {
  what: string;
  quantity: number;
  unit: string;
  /** US dollars for one unit. */
  price: number;
  /** How good that price is; see `Grade`. */
  grade: Price["grade"];
  /** US dollars in a month. */
  monthly: number;
}

/** What costs nothing is no line. */
export type Bill = Line[];

/** The line of something whose price is in the table. */
export function line(what: string, quantity: number, name: PriceName): Line {
  return lineOf(what, quantity, PRICES[name]);
}

/** The line of something with a price of its own, like a server of some size. */
export function lineOf(what: string, quantity: number, { usd, unit, grade }: Price): Line {
  return { what, quantity, unit, price: usd, grade, monthly: quantity * usd };
}

/** The lines that cost something. */
export function billOf(lines: Line[]): Bill {
  return lines.filter(({ monthly }) => monthly > 0);
}

export function totalOf(bill: Bill): number {
  return bill.reduce((sum, { monthly }) => sum + monthly, 0);
}
