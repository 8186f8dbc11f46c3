import { expect } from "chai";
import { readSas } from "../../../rehearsal/vpn/sas.ts";
import { resourcesOf } from "../../../rehearsal/vpn/state.ts";
import { longestPause } from "../../../rehearsal/vpn/writer.ts";

const PHASE_1 =
  "list-sa event {tunnel {uniqueid=3 version=2 state=ESTABLISHED local-port=500 initiator-spi=36a0 responder-spi=0654 " +
  "encr-alg=AES_GCM_16 encr-keysize=256 prf-alg=PRF_HMAC_SHA2_384 dh-group=ECP_384 established=22 child-sas {";
const child = (state: string, spi: string, more = "") =>
  `tunnel-3 {name=tunnel uniqueid=3 reqid=1 state=${state} mode=TUNNEL protocol=ESP${more} spi-in=${spi} ` +
  "encr-alg=AES_GCM_16 encr-keysize=256 bytes-in=369 packets-in=6}";
const END = "}}}\nlist-sas reply {}\n";

describe("what is up, as strongSwan tells", () => {
  it("has the numbers and the algorithms of both phases", () => {
    expect(readSas(PHASE_1 + child("INSTALLED", "768a") + END)).to.deep.equal({
      ike: { number: "36a0:0654", algorithms: "AES_GCM_16 256 PRF_HMAC_SHA2_384 ECP_384" },
      child: { number: "768a", algorithms: "AES_GCM_16 256" },
      bytesIn: 369,
      withinUdp: false,
    });
  });

  it("has the newer one of phase 2 while the older one goes, and sees whether it is within UDP", () => {
    const both = child("REKEYED", "1111") + child("INSTALLED", "2222", " encap=yes");
    expect(readSas(PHASE_1 + both + END)).to.deep.include({ withinUdp: true });
    expect(readSas(PHASE_1 + both + END)?.child?.number).to.equal("2222");
  });

  it("has no phase 2 where none is installed, and nothing where phase 1 is not established", () => {
    expect(readSas(PHASE_1 + END)?.child).to.be.undefined;
    expect(readSas((PHASE_1 + END).replace("ESTABLISHED", "CONNECTING"))).to.be.undefined;
    expect(readSas("list-sas reply {}\n")).to.be.undefined;
  });
});

describe("the engine's state", () => {
  it("has resources of clouds with their secrets told open, however deep", () => {
    const secret = (value: unknown) => ({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      plaintext: JSON.stringify(value),
    });
    const urn = (name: string) => `urn:pulumi:vpn::multicloud-dr::type::${name}`;
    const resources = [
      { urn: urn("stack"), type: "pulumi:pulumi:Stack", custom: false },
      { urn: urn("vpn"), type: "multicloud-dr:vpn:SiteToSiteVpn", custom: false },
      {
        ...{ urn: urn("a"), type: "aws:ec2/vpc:Vpc", custom: true, id: "vpc-1" },
        inputs: { key: secret("word"), list: [secret({ inner: secret(1) })] },
      },
    ];
    expect(resourcesOf({ version: 3, deployment: { resources } })).to.deep.equal([
      { type: "aws:ec2/vpc:Vpc", name: "a", id: "vpc-1", inputs: { key: "word", list: [{ inner: 1 }] }, outputs: {} },
    ]);
  });
});

describe("the longest pause of writes", () => {
  const confirmed = [0, 100, 900, 1000, 1300].map((time, index) => ({ number: index + 1, time }));

  it("is that between two writes since then, from its beginning", () => {
    expect(longestPause(confirmed, 0)).to.equal(800);
    expect(longestPause(confirmed, 500), "begun before").to.equal(800);
    expect(longestPause(confirmed, 950)).to.equal(300);
  });

  it("is none where nothing was written since", () => {
    expect(longestPause(confirmed, 2000)).to.equal(0);
    expect(longestPause([], 0)).to.equal(0);
  });
});
