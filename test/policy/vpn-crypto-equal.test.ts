import { expect } from "chai";
import { vpnCryptoEqual } from "../../policy/vpn-crypto-equal.ts";
import { judged, LATER, type Written } from "../support/judged.ts";

/** What both ends are told of the default profile, each in its cloud's words. */
const PHASES = {
  Phase1EncryptionAlgorithms: ["AES256-GCM-16"],
  Phase1IntegrityAlgorithms: ["SHA2-384"],
  Phase1DhGroupNumbers: [20],
  Phase1LifetimeSeconds: 28_800,
  Phase2EncryptionAlgorithms: ["AES256-GCM-16"],
  Phase2IntegrityAlgorithms: ["SHA2-384"],
  Phase2DhGroupNumbers: [20],
  Phase2LifetimeSeconds: 3600,
};
const POLICY = {
  ikeEncryption: "GCMAES256",
  ikeIntegrity: "SHA384",
  dhGroup: "ECP384",
  ipsecEncryption: "GCMAES256",
  ipsecIntegrity: "GCMAES256",
  pfsGroup: "ECP384",
  saLifeTimeSeconds: 3600,
};

const ofAws = (second: object = {}): Written => ({
  type: "aws:ec2/vpnConnection:VpnConnection",
  name: "aws",
  props: { ...tunnel(1, PHASES), ...tunnel(2, { ...PHASES, ...second }) },
});
const ofAzure = (change: object = {}): Written => ({
  type: "azure-native:network:VirtualNetworkGatewayConnection",
  name: "azure",
  props: { ipsecPolicies: [{ ...POLICY, ...change }] },
});
const wrong = (...resources: Written[]) => judged(vpnCryptoEqual, resources).wrong.join("\n");

function tunnel(number: number, options: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([option, value]) => [`tunnel${number}${option}`, value]));
}

describe("policy vpn-crypto-equal", () => {
  it("takes both profiles of the project, each end in its cloud's words", () => {
    expect(wrong(ofAws(), ofAzure())).to.equal("");
    const [aes, sha] = [["AES256"], ["SHA2-256"]];
    const second = {
      ...PHASES,
      ...{ Phase1EncryptionAlgorithms: aes, Phase2EncryptionAlgorithms: aes },
      ...{ Phase1IntegrityAlgorithms: sha, Phase2IntegrityAlgorithms: sha },
      ...{ Phase1DhGroupNumbers: [14], Phase2DhGroupNumbers: [14] },
    };
    const azure = ofAzure({
      ...{ ikeEncryption: "AES256", ikeIntegrity: "SHA256", dhGroup: "DHGroup14" },
      ...{ ipsecEncryption: "AES256", ipsecIntegrity: "SHA256", pfsGroup: "PFS2048" },
    });
    const aws = { ...ofAws(), props: { ...tunnel(1, second), ...tunnel(2, second) } };
    expect(wrong(aws, azure)).to.equal("");
  });

  const mistakes: [what: string, aws: object, azure: object, says: string][] = [
    ["new keys of another group, which go wrong an hour later", {}, { pfsGroup: "PFS2048" }, "ipsecGroup 14"],
    ["another encryption of phase 1", {}, { ikeEncryption: "AES256" }, "ikeEncryption AES256"],
    ["another integrity of phase 1", {}, { ikeIntegrity: "SHA256" }, "ikeIntegrity SHA2-256"],
    ["another group of phase 1", {}, { dhGroup: "DHGroup14" }, "ikeGroup 14"],
    ["another time of phase 2", {}, { saLifeTimeSeconds: 27_000 }, "ipsecSeconds 27000"],
    ["another time of phase 1, of which Azure has but one", { Phase1LifetimeSeconds: 3600 }, {}, "ikeSeconds 3600"],
    ["no new keys in phase 2", {}, { pfsGroup: "None" }, "has no ipsecGroup"],
    ["two tunnels that differ", { Phase2DhGroupNumbers: [14] }, {}, "in tunnel2"],
    [
      "a list, of which the weakest may be taken",
      { Phase2DhGroupNumbers: [20, 2] },
      {},
      "several choices of ipsecGroup",
    ],
    ["an option that AWS would choose", { Phase1DhGroupNumbers: undefined }, {}, "has no ikeGroup in tunnel2"],
  ];
  for (const [what, aws, azure, says] of mistakes) {
    it(`stops ${what}`, () => {
      expect(wrong(ofAws(aws), ofAzure(azure))).to.include(says);
    });
  }

  it("stops a connection that leaves its encryption to Azure", () => {
    expect(wrong(ofAws(), { ...ofAzure(), props: {} })).to.include("azure leaves its encryption to Azure");
  });

  it("says nothing of stacks without a VPN", () => {
    expect(judged(vpnCryptoEqual, [{ type: "aws:ec2/vpc:Vpc" }])).to.deep.equal({ wrong: [], advice: [] });
  });

  it("says what it does not know yet", () => {
    const { wrong, advice } = judged(vpnCryptoEqual, [ofAws(), ofAzure({ pfsGroup: LATER })]);
    expect(wrong).to.be.empty;
    expect(advice.join()).to.include("azure: ipsecPolicies ipsecGroup");
    const later: Written = { ...ofAzure(), props: { ipsecPolicies: LATER } };
    expect(judged(vpnCryptoEqual, [ofAws(), later]).wrong).to.be.empty;
  });
});
