import { expect } from "chai";
import fc from "fast-check";
import { cidr, contains, overlap } from "../../../components/cidr.ts";
import { isUsableAsn, RESERVED_ASNS } from "../../../components/vpn/asns.ts";
import { CRYPTO_PROFILE_NAMES, CRYPTO_PROFILES } from "../../../components/vpn/crypto-profile.ts";
import {
  INSTANCES,
  TUNNEL_NAMES,
  type Tunnel,
  type TunnelPlanArgs,
  tunnelPlan,
  tunnelsOf,
} from "../../../components/vpn/tunnel-plan.ts";

const crypto = CRYPTO_PROFILES["gcm256-sha384-dh20"];
const ARGS: TunnelPlanArgs = { primaryAsn: 64_512, standbyAsn: 65_000, keyGenerations: [1, 1, 1, 1], crypto };

/** All that Azure takes inside tunnels: 169.254.21.0 to 169.254.22.255. */
const AZURE_INSIDE = ["169.254.21.0/24", "169.254.22.0/24"].map(cidr);

/** Ranges inside tunnels that AWS keeps for itself ("Tunnel options", inside tunnel IPv4 CIDR). */
const AWS_RESERVED_INSIDE = [
  ...["169.254.0.0/30", "169.254.1.0/30", "169.254.2.0/30", "169.254.3.0/30"],
  ...["169.254.4.0/30", "169.254.5.0/30", "169.254.169.252/30"],
].map(cidr);

describe("the plan of the VPN's tunnels", () => {
  it("is the one of Microsoft's guide", () => {
    const addresses = tunnelPlan(ARGS).map(({ name, instance, connectionTunnel, insideCidr, primary, standby }) => [
      ...[name, instance, connectionTunnel, insideCidr, primary.address, standby.address],
    ]);
    expect(addresses).to.deep.equal([
      ["tunnel-1", 0, 1, "169.254.21.0/30", "169.254.21.1", "169.254.21.2"],
      ["tunnel-2", 0, 2, "169.254.22.0/30", "169.254.22.1", "169.254.22.2"],
      ["tunnel-3", 1, 1, "169.254.21.4/30", "169.254.21.5", "169.254.21.6"],
      ["tunnel-4", 1, 2, "169.254.22.4/30", "169.254.22.5", "169.254.22.6"],
    ]);
  });

  it("gives each instance of Azure's gateway a connection of AWS's, with both of its tunnels", () => {
    const tunnels = tunnelPlan(ARGS);
    const placed = INSTANCES.map((instance) => tunnelsOf(tunnels, instance).map((tunnel) => tunnel.connectionTunnel));
    expect(placed).to.deep.equal([
      [1, 2],
      [1, 2],
    ]);
  });

  it("refuses what no gateway takes, and says what would do", () => {
    for (const asn of [...RESERVED_ASNS, 64_511, 65_535, 64_512.5]) {
      expect(() => tunnelPlan({ ...ARGS, standbyAsn: asn })).to.throw(RangeError, /from 64512 to 65534 .*found/);
    }
    expect(() => tunnelPlan({ ...ARGS, standbyAsn: 64_512 })).to.throw(RangeError, "different ASNs at both ends");
    for (const keyGenerations of [[1, 1, 1], [1, 1, 1, 1, 1], []]) {
      expect(() => tunnelPlan({ ...ARGS, keyGenerations })).to.throw(RangeError, "each of the 4 tunnels");
    }
  });

  const anyAsn = fc.integer({ min: 64_512, max: 65_534 }).filter(isUsableAsn);
  const anyPlan = fc
    .record({
      asns: fc.uniqueArray(anyAsn, { minLength: 2, maxLength: 2 }),
      keyGenerations: fc.array(fc.integer({ min: 1, max: 999_999 }), { minLength: 4, maxLength: 4 }),
      profile: fc.constantFrom(...CRYPTO_PROFILE_NAMES),
    })
    .map(({ asns, keyGenerations, profile }) => ({
      primaryAsn: Number(asns[0]),
      standbyAsn: Number(asns[1]),
      keyGenerations,
      crypto: CRYPTO_PROFILES[profile],
    }));
  const always = (check: (tunnels: Tunnel[], args: TunnelPlanArgs) => void) =>
    fc.assert(fc.property(anyPlan, (args) => check(tunnelPlan(args), args)));

  it("never gives an address twice, nor one that either cloud keeps, whatever is asked for", () => {
    always((tunnels) => {
      const ranges = tunnels.map(({ insideCidr }) => cidr(insideCidr));
      for (const [index, range] of ranges.entries()) {
        expect(range.prefix).to.equal(30);
        expect(ranges.some((other, at) => at !== index && overlap(other, range))).to.equal(false);
        expect(AWS_RESERVED_INSIDE.some((reserved) => overlap(reserved, range))).to.equal(false);
        expect(AZURE_INSIDE.some((room) => contains(room, range))).to.equal(true);
      }
      const addresses = tunnels.flatMap(({ primary, standby }) => [primary.address, standby.address]);
      expect(new Set(addresses).size).to.equal(8);
    });
  });

  it("has both ends of a tunnel in its own range, side by side, AWS's first", () => {
    always((tunnels) => {
      for (const { insideCidr, primary, standby } of tunnels) {
        const { address } = cidr(insideCidr);
        const [first, second] = [primary, standby].map((end) => cidr(`${end.address}/32`).address);
        expect([first, second]).to.deep.equal([address + 1, address + 2]);
      }
    });
  });

  it("has each end mirror the other: numbers, keys and crypto are of the whole, or of the tunnel, never of an end", () => {
    always((tunnels, { primaryAsn, standbyAsn, keyGenerations, crypto: profile }) => {
      expect(tunnels.map(({ name }) => name)).to.deep.equal([...TUNNEL_NAMES]);
      expect(tunnels.map(({ keyGeneration }) => keyGeneration)).to.deep.equal(keyGenerations);
      for (const { primary, standby, crypto: own } of tunnels) {
        expect([primary.asn, standby.asn]).to.deep.equal([primaryAsn, standbyAsn]);
        expect(own).to.equal(profile);
      }
    });
  });

  it("changes one tunnel alone, and of it the key alone, when one key's number is raised", () => {
    fc.assert(
      fc.property(anyPlan, fc.nat(3), (args, raised) => {
        const keyGenerations = args.keyGenerations.map((number, index) => (index === raised ? number + 1 : number));
        const [before, after] = [tunnelPlan(args), tunnelPlan({ ...args, keyGenerations })];
        for (const [index, tunnel] of before.entries()) {
          const keyGeneration = tunnel.keyGeneration + (index === raised ? 1 : 0);
          expect(after[index]).to.deep.equal({ ...tunnel, keyGeneration });
        }
      }),
    );
  });
});
