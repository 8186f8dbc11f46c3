/** What is up at one end of a tunnel. */
export interface Sas {
  ike: Phase;
  child: Phase | undefined;
  /** Bytes that came in by it. */
  bytesIn: number;
  /** Whether what is encrypted goes within UDP, as behind a translator of addresses, and not as ESP. */
  withinUdp: boolean;
}

export interface Phase {
  /** Number of its keys; another one after they were made anew. */
  number: string;
  /** What encrypts, derives keys and exchanges them, as far as each takes part. @example "AES_GCM_16 256 PRF_HMAC_SHA2_384 ECP_384" */
  algorithms: string;
}

/** Reads what `swanctl --list-sas --raw` prints; undefined when no phase 1 is established. */
export function readSas(raw: string): Sas | undefined {
  const established = raw.split(/^list-sa event /m).filter((text) => /\bstate=ESTABLISHED\b/.test(text));
  const text = established.at(-1);
  if (text === undefined) return undefined;
  const [phase1 = "", phase2 = ""] = text.split("child-sas {");
  const child = phase2
    .split(/(?=\bname=)/)
    .filter((each) => /\bstate=INSTALLED\b/.test(each))
    .at(-1);
  return {
    ike: phaseOf(phase1, ["initiator-spi", "responder-spi"]),
    child: child === undefined ? undefined : phaseOf(child, ["spi-in"]),
    bytesIn: Number(child && textOf(child, "bytes-in")),
    withinUdp: child !== undefined && textOf(child, "encap") === "yes",
  };
}

function phaseOf(text: string, numbers: string[]): Phase {
  const algorithms = ["encr-alg", "encr-keysize", "integ-alg", "prf-alg", "dh-group"];
  const all = (names: string[]) => names.map((name) => textOf(text, name)).filter((each) => each !== undefined);
  return { number: all(numbers).join(":"), algorithms: all(algorithms).join(" ") };
}

function textOf(text: string, name: string): string | undefined {
  return new RegExp(`\\b${name}=([^\\s}]+)`).exec(text)?.[1];
}
