/** Transactions of one server that follow each other without a gap. */
export interface Interval {
  server: string;
  first: number;
  last: number;
}

/**
 * What a set of transactions consists of. Tagged ones (since MySQL 8.3) keep their tag in `server`.
 *
 * @param set as MySQL writes it @example "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5:11"
 */
export function intervalsOf(set: string): Interval[] {
  return set.split(",").flatMap((part) => {
    const [server = "", ...rest] = part.trim().toLowerCase().split(":");
    let tagged = server;
    return rest.flatMap((piece) => {
      const [first = "", last = first] = piece.split("-");
      if (/^\d+$/.test(first)) return [{ server: tagged, first: Number(first), last: Number(last) }];
      tagged = `${server}:${piece}`;
      return [];
    });
  });
}

/** A set as one compares it: MySQL breaks long ones into lines. */
export function onOneLine(set: string): string {
  return set.replaceAll(/\s/g, "");
}

/** @returns how many transactions are in a set */
export function countOf(set: string): number {
  return intervalsOf(set).reduce((sum, { first, last }) => sum + last - first + 1, 0);
}
