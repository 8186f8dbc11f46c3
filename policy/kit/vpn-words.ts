/** What a tunnel encrypts with, in one cloud's words or the other's, made the same. */
export interface Crypto {
  ikeEncryption: string[];
  ikeIntegrity: string[];
  ikeGroup: string[];
  ikeSeconds: string[];
  ipsecEncryption: string[];
  ipsecIntegrity: string[];
  ipsecGroup: string[];
  ipsecSeconds: string[];
}

/** Azure's words for what AWS calls otherwise ("About cryptographic requirements and Azure VPN gateways"). */
const SAME: Record<string, string> = {
  GCMAES256: "AES256-GCM-16",
  GCMAES128: "AES128-GCM-16",
  SHA1: "SHA1",
  SHA256: "SHA2-256",
  SHA384: "SHA2-384",
  ECP256: "19",
  ECP384: "20",
  DHGroup2: "2",
  DHGroup14: "14",
  DHGroup24: "24",
  PFS2: "2",
  PFS2048: "14",
  PFS14: "14",
  PFS24: "24",
  // Without new keys in phase 2, AWS would have no group to agree on.
  None: "none",
};

/** A word of either cloud as AWS says it. */
export function inOneTongue(word: unknown): string {
  return SAME[String(word)] ?? String(word);
}

/** Whether an encryption proves what it encrypts, so that its integrity counts for nothing. */
export function isCombined(encryption: string): boolean {
  return encryption.includes("GCM");
}
