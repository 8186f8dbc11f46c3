/** Three figures say all that such a measurement can. */
export function short(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 3 });
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
