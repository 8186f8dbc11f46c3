import { expect } from "chai";
import { CRYPTO_PROFILE_NAMES } from "../../../components/vpn/crypto-profile.ts";
import { awsEnds, spreads } from "../../../rehearsal/vpn/aws-ends.ts";
import { azureEnds } from "../../../rehearsal/vpn/azure-ends.ts";
import { pairsOf } from "../../../rehearsal/vpn/pairs.ts";
import { vpnResources, withInputs } from "../../support/vpn-resources.ts";

const AWS = /^aws:/;
const AZURE = /^azure-native:/;
const only = (cloud: RegExp, resources = vpnResources()) => resources.filter(({ type }) => cloud.test(type));
const mirrored = <T>({ own, far }: { own: T; far: T }) => ({ own: far, far: own });

describe("the ends of the tunnels, from the objects of either cloud", () => {
  it("reads AWS's end from AWS's objects alone", () => {
    const [first] = awsEnds(only(AWS));
    expect(first).to.deep.equal({
      name: "connection-0-tunnel-1",
      outside: { own: "198.18.0.1", far: "203.0.113.1" },
      inside: { own: "169.254.21.1", far: "169.254.21.2" },
      asn: { own: 64_512, far: 65_000 },
      key: "KeyOftunnel1",
      ike: ["aes256gcm16-prfsha384-ecp384"],
      esp: ["aes256gcm16-ecp384"],
      ikeSeconds: 28_800,
      espSeconds: 3600,
      espBytes: undefined,
      dpdSeconds: 30,
      begins: true,
      holdSeconds: 30,
    });
  });

  it("reads Azure's end from Azure's objects alone", () => {
    const last = azureEnds(only(AZURE)).at(-1);
    expect(last).to.deep.equal({
      name: "tunnel-4",
      outside: { own: "203.0.113.2", far: "198.18.0.4" },
      inside: { own: "169.254.22.6", far: "169.254.22.5" },
      asn: { own: 65_000, far: 64_512 },
      key: "KeyOftunnel4",
      ike: ["aes256gcm16-prfsha384-ecp384"],
      esp: ["aes256gcm16-ecp384"],
      ikeSeconds: 28_800,
      espSeconds: 3600,
      espBytes: 104_857_600_000,
      dpdSeconds: 30,
      begins: false,
      holdSeconds: 180,
    });
  });

  for (const profile of CRYPTO_PROFILE_NAMES) {
    it(`finds both ends of each tunnel to mirror each other, with ${profile}`, () => {
      const resources = vpnResources(profile);
      const pairs = pairsOf(awsEnds(only(AWS, resources)), azureEnds(only(AZURE, resources)));
      expect(pairs.map(({ name, instance }) => `${name} ${instance}`)).to.deep.equal([
        ...["tunnel-1 0", "tunnel-2 0", "tunnel-3 1", "tunnel-4 1"],
      ]);
      for (const { aws, azure } of pairs) {
        for (const what of ["outside", "inside"] as const) expect(aws[what]).to.deep.equal(mirrored(azure[what]));
        expect(aws.asn).to.deep.equal(mirrored(azure.asn));
        for (const what of ["key", "ike", "esp", "ikeSeconds", "espSeconds", "dpdSeconds"] as const) {
          expect(aws[what], what).to.deep.equal(azure[what]);
        }
        expect([aws.begins, azure.begins]).to.deep.equal([true, false]);
      }
    });
  }

  it("takes all that AWS's end may be told, in every combination", () => {
    const told = {
      tunnel1Phase1EncryptionAlgorithms: ["AES256", "AES256-GCM-16"],
      tunnel1Phase1DhGroupNumbers: [14, 20],
      tunnel1Phase2IntegrityAlgorithms: ["SHA2-256", "SHA2-384"],
    };
    const [first] = awsEnds(withInputs(vpnResources(), "connection-0", told));
    expect(first?.ike).to.deep.equal([
      ...["aes256-sha384-modp2048", "aes256-sha384-ecp384"],
      ...["aes256gcm16-prfsha384-modp2048", "aes256gcm16-prfsha384-ecp384"],
    ]);
    expect(first?.esp, "its cipher proves by itself").to.deep.equal(["aes256gcm16-ecp384"]);
  });

  it("has AWS's gateway send by one tunnel, unless it is a transit gateway that was told to use all", () => {
    const transit = (vpnEcmpSupport: string) => ({
      ...{ type: "aws:ec2transitgateway/transitGateway:TransitGateway", name: "transit", id: "tgw-1" },
      ...{ inputs: { vpnEcmpSupport }, outputs: {} },
    });
    expect(spreads(vpnResources())).to.be.false;
    expect(spreads([...vpnResources(), transit("disable")])).to.be.false;
    expect(spreads([...vpnResources(), transit("enable")])).to.be.true;
  });

  it("shows a difference between the ends, and does not level it", () => {
    const [policy] = only(AZURE).find(({ name }) => name === "tunnel-1")?.inputs.ipsecPolicies ?? [];
    const ipsecPolicies = [{ ...policy, pfsGroup: "PFS2048" }];
    const resources = withInputs(vpnResources(), "tunnel-1", { ipsecPolicies });
    const [pair] = pairsOf(awsEnds(resources), azureEnds(resources));
    expect(pair?.aws.esp).to.deep.equal(["aes256gcm16-ecp384"]);
    expect(pair?.azure.esp).to.deep.equal(["aes256gcm16-modp2048"]);
  });

  const refused: [string, string, object, string][] = [
    ["a cipher without a word", "connection-0", { tunnel1Phase1EncryptionAlgorithms: ["AES128"] }, "AES128; expected"],
    ["IKEv1 at AWS", "connection-0", { tunnel2IkeVersions: ["ikev1", "ikev2"] }, "expected ikev2 alone"],
    ["IKEv1 at Azure", "tunnel-2", { connectionProtocol: "IKEv1" }, "expected IKEv2"],
    ["no own address inside", "tunnel-3", { gatewayCustomBgpIpAddresses: [] }, "found none"],
    ["an address that its gateway lacks", "gateway", { bgpSettings: { asn: 65_000 } }, "expected 169.254.21.2 among"],
    ["a gateway that is not in the state", "tunnel-3", { virtualNetworkGateway1: { id: "other" } }, "the id other"],
    ["an end that nobody answers", "tunnel-3-aws", { gatewayIpAddress: "198.18.0.9" }, "expected an end of AWS's back"],
  ];
  for (const [what, name, inputs, message] of refused) {
    it(`refuses ${what}`, () => {
      const resources = withInputs(vpnResources(), name, inputs);
      expect(() => pairsOf(awsEnds(resources), azureEnds(resources))).to.throw(message);
    });
  }

  it("refuses an end of AWS's that no connection of Azure's leads to", () => {
    const resources = vpnResources().filter(({ name }) => name !== "tunnel-4");
    expect(() => pairsOf(awsEnds(resources), azureEnds(resources))).to.throw("expected an end of Azure's back");
  });
});
