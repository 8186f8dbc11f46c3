/** Steps between ticks that people count in, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** A stretch of time, in milliseconds. */
export interface Range {
  from: number;
  to: number;
}

/** Where a moment lies in a drawing. */
export type Scale = (time: number) => number;

/** Maps a range of time to a range of places, evenly. */
export function linear(times: Range, places: Range): Scale {
  const length = times.to - times.from;
  return (time) => places.from + (length === 0 ? 0 : ((time - times.from) / length) * (places.to - places.from));
}

/**
 * Maps times to places by fixed points, evenly between them: where each thing takes as much room as its text does.
 *
 * @param points at least one, in the order of both time and place
 */
export function piecewise(points: readonly { time: number; place: number }[]): Scale {
  return (time) => {
    const after = points.findIndex((point) => point.time > time);
    if (after === 0) return points[0]?.place ?? 0;
    if (after === -1) return points.at(-1)?.place ?? 0;
    const [one, other] = points.slice(after - 1, after + 1) as [(typeof points)[0], (typeof points)[0]];
    return linear({ from: one.time, to: other.time }, { from: one.place, to: other.place })(time);
  };
}

/** Round moments within a range. @param most how many there may be at most, of ranges up to some weeks */
export function ticks({ from, to }: Range, most: number): number[] {
  const fits = STEPS.find((step) => (to - from) / (step * 1000) <= most - 1);
  const step = (fits ?? 7 * 86_400) * 1000;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step);
}
