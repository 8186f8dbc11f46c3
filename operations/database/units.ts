/** Units of time for people, the largest first, in seconds. */
const TIMES: [seconds: number, name: string][] = [
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

const SIZES = ["B", "kB", "MB", "GB", "TB"];

/** A span of time in its two largest units. @example "2 d 3 h" */
export function span(milliseconds: number): string {
  let rest = Math.max(0, Math.round(milliseconds / 1000));
  const first = TIMES.findIndex(([seconds]) => rest >= seconds);
  if (first === -1) return "0 s";
  const parts = TIMES.slice(first, first + 2).flatMap(([seconds, name]) => {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    return count > 0 ? [`${count} ${name}`] : [];
  });
  return parts.join(" ");
}

/** A size with three digits. @example "16.2 GB" */
export function size(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${SIZES[power]}`;
}

/** A count with its thousands apart. */
export function count(number: number): string {
  return number.toLocaleString("en");
}
