import { expect } from "chai";
import {
  awsCrypto,
  azureCrypto,
  CRYPTO_PROFILE_NAMES,
  CRYPTO_PROFILES,
} from "../../../components/vpn/crypto-profile.ts";

/** The same choice in AWS's words and in Azure's, as both clouds document them. */
const SAME_ENCRYPTION = { "AES256-GCM-16": "GCMAES256", AES256: "AES256" };
const SAME_INTEGRITY = { "SHA2-384": "SHA384", "SHA2-256": "SHA256" };
const SAME_IKE_GROUP = { 20: "ECP384", 14: "DHGroup14" };
const SAME_PFS_GROUP = { 20: "ECP384", 14: "PFS2048" };

describe("a crypto profile of the VPN", () => {
  it("is GCM with SHA-384 and group 20 where nobody says otherwise", () => {
    expect(CRYPTO_PROFILE_NAMES).to.deep.equal(["gcm256-sha384-dh20", "aes256-sha256-dh14"]);
  });

  it("reads as AWS takes it", () => {
    expect(awsCrypto(CRYPTO_PROFILES["gcm256-sha384-dh20"])).to.deep.equal({
      IkeVersions: ["ikev2"],
      Phase1EncryptionAlgorithms: ["AES256-GCM-16"],
      Phase1IntegrityAlgorithms: ["SHA2-384"],
      Phase1DhGroupNumbers: [20],
      Phase1LifetimeSeconds: 28_800,
      Phase2EncryptionAlgorithms: ["AES256-GCM-16"],
      Phase2IntegrityAlgorithms: ["SHA2-384"],
      Phase2DhGroupNumbers: [20],
      Phase2LifetimeSeconds: 3600,
      DpdTimeoutSeconds: 30,
      DpdTimeoutAction: "restart",
      StartupAction: "start",
    });
  });

  it("reads as Azure takes it", () => {
    expect(azureCrypto(CRYPTO_PROFILES["gcm256-sha384-dh20"])).to.deep.equal({
      connectionProtocol: "IKEv2",
      dpdTimeoutSeconds: 30,
      ipsecPolicies: [
        {
          ikeEncryption: "GCMAES256",
          ikeIntegrity: "SHA384",
          dhGroup: "ECP384",
          ipsecEncryption: "GCMAES256",
          ipsecIntegrity: "GCMAES256",
          pfsGroup: "ECP384",
          saLifeTimeSeconds: 3600,
          saDataSizeKilobytes: 102_400_000,
        },
      ],
    });
    expect(azureCrypto(CRYPTO_PROFILES["aes256-sha256-dh14"]).ipsecPolicies[0]).to.include({
      ...{ ikeEncryption: "AES256", ikeIntegrity: "SHA256", dhGroup: "DHGroup14" },
      ...{ ipsecEncryption: "AES256", ipsecIntegrity: "SHA256", pfsGroup: "PFS2048" },
    });
  });

  for (const name of CRYPTO_PROFILE_NAMES) {
    it(`tells both ends the same and one choice of each, with ${name}`, () => {
      const aws = awsCrypto(CRYPTO_PROFILES[name]);
      const { connectionProtocol, dpdTimeoutSeconds, ipsecPolicies } = azureCrypto(CRYPTO_PROFILES[name]);
      expect(ipsecPolicies).to.have.length(1);
      const [azure] = ipsecPolicies;
      for (const choices of Object.values(aws).filter(Array.isArray)) expect(choices).to.have.length(1);
      const of = <K extends string | number>(same: Record<K, string>, [choice]: readonly K[]) => same[choice as K];
      expect(azure).to.include({
        ikeEncryption: of(SAME_ENCRYPTION, aws.Phase1EncryptionAlgorithms),
        ikeIntegrity: of(SAME_INTEGRITY, aws.Phase1IntegrityAlgorithms),
        dhGroup: of(SAME_IKE_GROUP, aws.Phase1DhGroupNumbers),
        ipsecEncryption: of(SAME_ENCRYPTION, aws.Phase2EncryptionAlgorithms),
        pfsGroup: of(SAME_PFS_GROUP, aws.Phase2DhGroupNumbers),
        saLifeTimeSeconds: aws.Phase2LifetimeSeconds,
      });
      expect(dpdTimeoutSeconds).to.equal(aws.DpdTimeoutSeconds);
      expect(connectionProtocol.toLowerCase()).to.equal(aws.IkeVersions[0]);
    });

    it(`has times that both clouds take, with ${name}`, () => {
      const { ikeSeconds, ipsecSeconds, dpdSeconds } = CRYPTO_PROFILES[name];
      expect(ikeSeconds, "Azure's only one, and AWS's most").to.equal(28_800);
      expect(ipsecSeconds).to.be.within(900, 3600);
      expect(dpdSeconds).to.be.within(30, 45);
    });
  }
});
