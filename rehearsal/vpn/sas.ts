/** What is up at one end of a tunnel. */
export interface Sas {
  /** Both ends' numbers of phase 1; other ones after its rekeying. */
  ike: string;
  /** Number of what comes in in phase 2; another one after its rekeying. */
  child: string | undefined;
  /** Bytes that came in by it. */
  bytesIn: number;
}

/** Reads what `swanctl --list-sas --raw` prints; undefined when no phase 1 is established. */
export function readSas(raw: string): Sas | undefined {
  const established = raw.split(/^list-sa event /m).filter((text) => /\bstate=ESTABLISHED\b/.test(text));
  const text = established.at(-1);
  if (text === undefined) return undefined;
  const [phase1 = "", phase2 = ""] = text.split("child-sas {");
  const children = phase2.split(/(?=\bname=)/).filter((child) => /\bstate=INSTALLED\b/.test(child));
  const child = children.at(-1) ?? "";
  return {
    ike: [textOf(phase1, "initiator-spi"), textOf(phase1, "responder-spi")].join(":"),
    child: textOf(child, "spi-in"),
    bytesIn: Number(textOf(child, "bytes-in") ?? 0),
  };
}

function textOf(text: string, name: string): string | undefined {
  return new RegExp(`\\b${name}=(\\S+)`).exec(text)?.[1];
}
