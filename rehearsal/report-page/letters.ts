import columns from "string-width";

/** Width of a letter as part of its size: that of a wide font, so that the text fits whichever font is there. */
const LETTER = 0.64;

/** Letters that are wider than others in every font, and how many of the others they are as wide as. */
const BROAD = /[MWmw@%—…]/u;
const BROAD_AS = 1.6;
const CAPITAL = /\p{Lu}/u;
const CAPITAL_AS = 1.2;

/** The spaces in "3 min 12 s": a line does not end there. */
const WITHIN_TIMES = /(?<=\d) (?=(?:s|min|h)\b)|(?<=\d (?:min|h)) (?=\d)/g;

/** How wide a text is at most, in the unit of its size. */
export function widthOf(text: string, size: number): number {
  return lettersIn(text) * size * LETTER;
}

/** Breaks a text into lines that are not wider than this, within words only where a word alone is wider. */
export function wrap(text: string, width: number, size: number): string[] {
  const most = width / (size * LETTER);
  const words = text
    .replace(WITHIN_TIMES, "\u00a0")
    .split(/[^\S\u00a0]+/)
    .flatMap((word) => pieces(word, most));
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && lettersIn(`${last} ${word}`) <= most) lines[lines.length - 1] = `${last} ${word}`;
    else if (word !== "") lines.push(word);
  }
  return lines;
}

/** A word in pieces that are no wider; letters that belong together stay so. */
function pieces(word: string, most: number): string[] {
  if (lettersIn(word) <= most) return [word];
  const found = [""];
  for (const { segment } of new Intl.Segmenter("en").segment(word)) {
    const last = found.at(-1) ?? "";
    if (last !== "" && lettersIn(last + segment) > most) found.push(segment);
    else found[found.length - 1] = last + segment;
  }
  return found;
}

/** Counts in letters of ordinary width; each by itself, for not every font can draw several as one. */
function lettersIn(text: string): number {
  let sum = 0;
  for (const letter of text) sum += widthInLetters(letter);
  return sum;
}

function widthInLetters(letter: string): number {
  if (BROAD.test(letter)) return BROAD_AS;
  if (CAPITAL.test(letter)) return CAPITAL_AS;
  return letter < "\u007f" ? 1 : columns(letter);
}
