/**
 * The name of the version that is made of an image: when that was made, so that the newest is also the latest to Azure,
 * which takes the highest ("Azure Compute Gallery", image versions: three whole numbers).
 *
 * @example "2026.1130.91500"
 */
export function versionName(created: Date): string {
  const [date = "", time = ""] = created.toISOString().split("T");
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  const [hour, minute, second] = time.slice(0, 8).split(":").map(Number) as [number, number, number];
  return [year, month * 100 + day, (hour * 100 + minute) * 100 + second].join(".");
}

/** In the order of Azure, oldest first. */
export function inOrder(versions: readonly string[]): string[] {
  const numbers = (version: string) => version.split(".").map(Number);
  return [...versions].sort((one, other) => {
    const [a, b] = [numbers(one), numbers(other)];
    return (a[0] ?? 0) - (b[0] ?? 0) || (a[1] ?? 0) - (b[1] ?? 0) || (a[2] ?? 0) - (b[2] ?? 0);
  });
}

/** Those beyond the newest few; the promoted one is never among them. @param keep how many stay, 1 at least */
export function surplus(versions: readonly string[], keep: number, promoted: string): string[] {
  return inOrder(versions)
    .slice(0, -Math.max(1, keep))
    .filter((version) => version !== promoted);
}
