/**
 * Whether some text matches both patterns, in which `*` stands for any characters and `?` for one.
 *
 * A right on a part of something is a right to destroy that part, so what is allowed is asked this way.
 */
export function overlaps(one: string, other: string): boolean {
  // Which places of `other` can be reached after the letters of `one` so far.
  let places = skipStars(other, new Set([0]));
  for (const letter of one) {
    if (letter === "*") {
      const first = Math.min(...places);
      places = new Set(Array.from({ length: other.length - first + 1 }, (_, index) => first + index));
      continue;
    }
    const next = new Set<number>();
    for (const place of places) {
      const opposite = other[place];
      if (opposite === undefined) continue;
      if (opposite === "*") next.add(place);
      else if (opposite === letter || opposite === "?" || letter === "?") next.add(place + 1);
    }
    if (next.size === 0) return false;
    places = skipStars(other, next);
  }
  return places.has(other.length);
}

/** A star may stand for nothing: whoever stands before one also stands behind it. */
function skipStars(pattern: string, places: Set<number>): Set<number> {
  const all = new Set(places);
  for (const place of places) {
    for (let next = place; pattern[next] === "*"; next += 1) all.add(next + 1);
  }
  return all;
}

/**
 * Whether everything that matches `part` also matches `whole`.
 *
 * What is denied is asked this way: a denial of a part leaves the rest to be destroyed. Where it cannot be told at once
 * the answer is no, which denies too little and never too much.
 */
export function covers(whole: string, part: string): boolean {
  let [place, at, star, mark] = [0, 0, -1, 0];
  while (at < part.length) {
    const letter = whole[place];
    if (letter === "*") {
      star = place;
      mark = at;
      place += 1;
    } else if (letter !== undefined && (letter === part[at] || (letter === "?" && part[at] !== "*"))) {
      place += 1;
      at += 1;
    } else if (star >= 0) {
      mark += 1;
      at = mark;
      place = star + 1;
    } else return false;
  }
  while (whole[place] === "*") place += 1;
  return place === whole.length;
}

/** Whether an action is one that a pattern names; AWS and Azure tell no capitals from small letters here. */
export function namesAction(pattern: string, action: string): boolean {
  return covers(pattern.toLowerCase(), action.toLowerCase());
}
