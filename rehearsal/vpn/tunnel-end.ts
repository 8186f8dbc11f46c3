/** One end of a tunnel, as its own cloud was told of it, in the words of strongSwan and BIRD. */
export interface TunnelEnd {
  /** What its cloud calls it. @example "shop-vpn-aws-tunnels-connection-0-tunnel-1" */
  name: string;
  /** Public addresses. */
  outside: Ends<string>;
  /** Addresses inside, at which the ends speak BGP. */
  inside: Ends<string>;
  asn: Ends<number>;
  /** Pre-shared key. */
  key: string;
  /** What it takes for phase 1. @example ["aes256gcm16-prfsha384-ecp384"] */
  ike: string[];
  /** What it takes for phase 2; with a group, which is asked for at each new key but the first (PFS). */
  esp: string[];
  /** Seconds after which phase 1 begins anew. */
  ikeSeconds: number;
  /** Seconds, and bytes where its cloud counts them, after which phase 2 begins anew. */
  espSeconds: number;
  espBytes: number | undefined;
  /** Seconds without a sign of life after which the other end is dead. */
  dpdSeconds: number;
  /** Whether it begins by itself, and again when the other end was dead; else it waits for the other end. */
  begins: boolean;
  /** Seconds without a word of BGP after which it drops what it learned here. The lesser of both ends counts. */
  holdSeconds: number;
}

export interface Ends<T> {
  own: T;
  far: T;
}

/** Prefix of the four addresses inside a tunnel. */
export const INSIDE_PREFIX = 30;

/** An algorithm in strongSwan's words. @throws Error for one that is not known, so that none is left out silently */
export function wordOf(words: Readonly<Record<string, string>>, found: string | number, where: string): string {
  const word = words[String(found)];
  if (word !== undefined) return word;
  throw new Error(
    `${where} is ${found}; expected one of ${Object.keys(words).join(", ")}: add its word in strongSwan to rehearsal/vpn`,
  );
}
