/** How long something took, for people. @example "0 s", "0.4 s", "92.4 s", "3 min 12 s", "1 h 5 min" */
export function durationText(milliseconds: number): string {
  if (milliseconds === 0) return "0 s";
  const tenths = Math.round(milliseconds / 100) / 10;
  if (tenths < 100) return `${tenths.toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A moment since the start, for people. @example "0:07", "12:05", "1:02:03" */
export function momentText(milliseconds: number): string {
  const seconds = Math.floor(Math.max(0, milliseconds) / 1000);
  const two = (number: number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
