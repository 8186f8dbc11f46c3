/** A disk as old programs count it. */
export interface Geometry {
  cylinders: number;
  heads: number;
  sectorsPerTrack: number;
}

/** The most that a geometry can tell of, in sectors: 127 GiB. */
const MOST_SECTORS = 65_535 * 16 * 255;

/**
 * The geometry for so many sectors: the largest that has no more of them ("Virtual Hard Disk Image Format
 * Specification", Appendix: CHS Calculation).
 */
export function geometryOf(sectors: number): Geometry {
  const total = Math.min(sectors, MOST_SECTORS);
  if (total >= 65_535 * 16 * 63) return shaped(total, 16, 255);
  const first = headsFor(total, 17);
  if (first.heads <= 16 && first.tracks < first.heads * 1024) return shaped(total, first.heads, 17);
  const second = headsFor(total, 31);
  if (second.tracks < 16 * 1024) return shaped(total, 16, 31);
  return shaped(total, 16, 63);
}

function headsFor(sectors: number, sectorsPerTrack: number): { heads: number; tracks: number } {
  const tracks = Math.floor(sectors / sectorsPerTrack);
  return { tracks, heads: Math.max(4, Math.floor((tracks + 1023) / 1024)) };
}

function shaped(sectors: number, heads: number, sectorsPerTrack: number): Geometry {
  return { cylinders: Math.floor(Math.floor(sectors / sectorsPerTrack) / heads), heads, sectorsPerTrack };
}
