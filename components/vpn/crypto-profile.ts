/** How the two ends of a tunnel encrypt. Each is one object, and whatever either end is told is rendered from it. */
export interface CryptoProfile {
  /** Phase 1: how the ends prove who they are, and agree on keys (IKE). */
  ike: Transform;
  /** Phase 2: how what they send is encrypted (IPsec), with new keys of its own each time (PFS). */
  ipsec: Transform;
  /** Seconds after which phase 1 begins anew. Azure has 28,800 and takes no other ("About cryptographic requirements"). */
  ikeSeconds: number;
  /** Seconds after which phase 2 begins anew; AWS takes 900 to 3,600 ("Tunnel options"). */
  ipsecSeconds: number;
  /**
   * Seconds without an answer after which an end takes the other for dead (DPD): the least that AWS takes, and within
   * the 30 to 45 that Azure recommends. Traffic goes over the other tunnels from then on.
   */
  dpdSeconds: number;
}

/** One choice of each, and not a list: two ends with lists may agree on the weakest. */
interface Transform {
  encryption: keyof typeof ENCRYPTIONS;
  integrity: keyof typeof INTEGRITIES;
  /** Group of the Diffie-Hellman exchange, by its number at IANA. */
  group: keyof typeof GROUPS;
}

/** Each cloud's word; `combined` ones prove what they encrypt, so Azure wants their own word as the integrity too. */
const ENCRYPTIONS = {
  "aes256-gcm": { aws: "AES256-GCM-16", azure: "GCMAES256", combined: true },
  aes256: { aws: "AES256", azure: "AES256", combined: false },
} as const;

const INTEGRITIES = {
  sha384: { aws: "SHA2-384", azure: "SHA384" },
  sha256: { aws: "SHA2-256", azure: "SHA256" },
} as const;

/** Azure calls the same group by other words in either phase. */
const GROUPS = {
  20: { ike: "ECP384", ipsec: "ECP384" },
  14: { ike: "DHGroup14", ipsec: "PFS2048" },
} as const;

/** The same choice for both phases, with the times that both clouds take. */
function profile(transform: Transform): CryptoProfile {
  return { ike: transform, ipsec: transform, ikeSeconds: 28_800, ipsecSeconds: 3600, dpdSeconds: 30 };
}

/**
 * The profiles by name: the stronger and faster one first, and one that every gateway has, in case the first does not
 * come up.
 */
export const CRYPTO_PROFILES = {
  "gcm256-sha384-dh20": profile({ encryption: "aes256-gcm", integrity: "sha384", group: 20 }),
  "aes256-sha256-dh14": profile({ encryption: "aes256", integrity: "sha256", group: 14 }),
} as const satisfies Record<string, CryptoProfile>;

export type CryptoProfileName = keyof typeof CRYPTO_PROFILES;

/** The names, the default one first. */
export const CRYPTO_PROFILE_NAMES = Object.keys(CRYPTO_PROFILES) as [CryptoProfileName, ...CryptoProfileName[]];

/** Kilobytes after which Azure begins phase 2 anew, whatever the time: its own default. AWS has no such limit. */
const AZURE_KILOBYTES = 102_400_000;

/**
 * What AWS is told of a tunnel, without the `tunnel1` or `tunnel2` that its arguments begin with.
 *
 * @example awsCrypto(CRYPTO_PROFILES["aes256-sha256-dh14"]).Phase1DhGroupNumbers // [14]
 */
export function awsCrypto({ ike, ipsec, ikeSeconds, ipsecSeconds, dpdSeconds }: CryptoProfile) {
  return {
    IkeVersions: ["ikev2"],
    Phase1EncryptionAlgorithms: [ENCRYPTIONS[ike.encryption].aws],
    Phase1IntegrityAlgorithms: [INTEGRITIES[ike.integrity].aws],
    Phase1DhGroupNumbers: [ike.group],
    Phase1LifetimeSeconds: ikeSeconds,
    Phase2EncryptionAlgorithms: [ENCRYPTIONS[ipsec.encryption].aws],
    Phase2IntegrityAlgorithms: [INTEGRITIES[ipsec.integrity].aws],
    Phase2DhGroupNumbers: [ipsec.group],
    Phase2LifetimeSeconds: ipsecSeconds,
    DpdTimeoutSeconds: dpdSeconds,
    // An end that was dead comes back by itself, whichever of the two it was.
    DpdTimeoutAction: "restart",
    StartupAction: "start",
  };
}

/** What Azure is told of a connection. */
export function azureCrypto({ ike, ipsec, ipsecSeconds, dpdSeconds }: CryptoProfile) {
  const { azure: encryption, combined } = ENCRYPTIONS[ipsec.encryption];
  return {
    connectionProtocol: "IKEv2",
    dpdTimeoutSeconds: dpdSeconds,
    ipsecPolicies: [
      {
        ikeEncryption: ENCRYPTIONS[ike.encryption].azure,
        ikeIntegrity: INTEGRITIES[ike.integrity].azure,
        dhGroup: GROUPS[ike.group].ike,
        ipsecEncryption: encryption,
        ipsecIntegrity: combined ? encryption : INTEGRITIES[ipsec.integrity].azure,
        pfsGroup: GROUPS[ipsec.group].ipsec,
        saLifeTimeSeconds: ipsecSeconds,
        saDataSizeKilobytes: AZURE_KILOBYTES,
      },
    ],
  };
}
