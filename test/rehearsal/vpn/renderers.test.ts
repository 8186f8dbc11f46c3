import { expect } from "chai";
import { awsEnds } from "../../../rehearsal/vpn/aws-ends.ts";
import { azureEnds } from "../../../rehearsal/vpn/azure-ends.ts";
import { renderBird, sessionOf } from "../../../rehearsal/vpn/bird.ts";
import { renderDaemon, renderSwanctl } from "../../../rehearsal/vpn/swanctl.ts";
import type { TunnelEnd } from "../../../rehearsal/vpn/tunnel-end.ts";
import { vpnResources } from "../../support/vpn-resources.ts";

const [aws] = awsEnds(vpnResources()) as [TunnelEnd];
const [azure] = azureEnds(vpnResources()) as [TunnelEnd];

describe("swanctl.conf of an end", () => {
  it("says who both ends are, what they take, for how long, and with which key", () => {
    const lines = renderSwanctl(aws, "hook")
      .split("\n")
      .map((line) => line.trim());
    expect(lines).to.include.members([
      ...["version = 2", "local_addrs = 198.18.0.1", "remote_addrs = 203.0.113.1"],
      ...["proposals = aes256gcm16-prfsha384-ecp384", "rekey_time = 28800s"],
      ...["esp_proposals = aes256gcm16-ecp384", "life_time = 3600s", "updown = hook"],
      ...["local_ts = 0.0.0.0/0", "remote_ts = 0.0.0.0/0"],
      ...["id-1 = 198.18.0.1", "id-2 = 203.0.113.1", 'secret = "KeyOftunnel1"'],
    ]);
  });

  it("has AWS's end begin, and again when the other one was dead, and Azure's wait", () => {
    expect(renderSwanctl(aws, "hook")).to.match(/start_action = start\s+dpd_action = restart\s+close_action = start/);
    expect(renderSwanctl(azure, "hook")).to.match(/start_action = none\s+dpd_action = clear\s+close_action = none/);
  });

  it("counts bytes where the end's cloud does", () => {
    expect(renderSwanctl(aws, "hook")).to.not.include("life_bytes");
    expect(renderSwanctl(azure, "hook")).to.include("life_bytes = 104857600000\n");
  });
});

describe("strongswan.conf of an end", () => {
  it("has asking and waiting for answers take as long as the other end may be silent", () => {
    for (const dpdSeconds of [30, 45]) {
      const text = renderDaemon({ dpdSeconds });
      const number = (name: string) => Number(new RegExp(`${name} = (.+)`).exec(text)?.[1]);
      const asksAfter = Number(/dpd_delay = (\d+)s/.exec(renderSwanctl({ ...aws, dpdSeconds }, "hook"))?.[1]);
      expect(number("retransmit_base")).to.equal(1);
      expect(asksAfter + (number("retransmit_tries") + 1) * number("retransmit_timeout")).to.equal(dpdSeconds);
    }
  });
});

describe("bird.conf of a speaker", () => {
  const speaker = { routerId: "169.254.21.1", range: "10.16.0.0/16", spreads: false };

  it("speaks at the inside addresses, with the ASNs and the time that the end has", () => {
    const text = renderBird({ ...speaker, sessions: [sessionOf("tunnel-1", aws)] });
    expect(text).to.include(
      "protocol bgp tunnel_1 {\n  local 169.254.21.1 as 64512;\n  neighbor 169.254.21.2 as 65000;",
    );
    expect(text).to.include('interface "tunnel-1";');
    expect(text).to.include("hold time 30;\n  keepalive time 10;");
    expect(text).to.include("route 10.16.0.0/16 blackhole;");
  });

  it("tells the far cloud of its range alone, and its own network of the far one's alone", () => {
    const far = sessionOf("tunnel-1", aws);
    const exported = (farAsn: number) =>
      renderBird({ ...speaker, sessions: [{ ...far, farAsn }] }).split("bgp tunnel_1")[1];
    expect(exported(65_000)).to.include("export where source = RTS_STATIC;");
    expect(exported(64_512)).to.include("export where source = RTS_BGP;");
  });

  it("sends by one of equal ways, or by all of them where its gateway does", () => {
    expect(renderBird({ ...speaker, sessions: [] })).to.include("merge paths off;");
    expect(renderBird({ ...speaker, spreads: true, sessions: [] })).to.include("merge paths on;");
  });
});
