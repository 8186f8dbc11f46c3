import type { TunnelEnd } from "./tunnel-end.ts";

/** What a speaker of BGP says at one of its sessions. */
export interface Session {
  /** @example "tunnel_1" */
  name: string;
  /** Device that it goes by; while that is down, so is the session. */
  device: string;
  own: string;
  far: string;
  ownAsn: number;
  farAsn: number;
  /** Seconds without a word after which what was learned here is dropped; the lesser of both ends counts. */
  holdSeconds: number;
}

export interface Speaker {
  /** Its address among speakers. */
  routerId: string;
  /** Range that it tells of as its own; none where it only listens. @example "10.16.0.0/16" */
  range?: string;
  /** Whether it sends by all of several equal ways, or by one. */
  spreads: boolean;
  sessions: Session[];
}

/** The session over a tunnel, as one of its ends has it. */
export function sessionOf(device: string, { inside, asn, holdSeconds }: TunnelEnd): Session {
  const name = device.replaceAll("-", "_");
  return { name, device, own: inside.own, far: inside.far, ownAsn: asn.own, farAsn: asn.far, holdSeconds };
}

/**
 * The far cloud is told of the range alone, and a cloud's own network of what came from the far one alone; both clouds'
 * gateways would drop anything else, for it has been with them already.
 */
const toldOf = ({ ownAsn, farAsn }: Session) => (ownAsn === farAsn ? "RTS_BGP" : "RTS_STATIC");

/** A speaker as `bird.conf` has it. Times in which a session comes back are short; when it goes is as its ends were told. */
export function renderBird({ routerId, range, spreads, sessions }: Speaker): string {
  const own = range === undefined ? "" : `protocol static own { ipv4; route ${range} blackhole; }\n`;
  return `router id ${routerId};
protocol device { scan time 1; }
protocol kernel {
  merge paths ${spreads ? "on" : "off"};
  ipv4 { import none; export where source = RTS_BGP; };
}
${own}${sessions.map(renderSession).join("")}`;
}

function renderSession(session: Session): string {
  const { name, device, own, far, ownAsn, farAsn, holdSeconds } = session;
  return `protocol bgp ${name} {
  local ${own} as ${ownAsn};
  neighbor ${far} as ${farAsn};
  interface "${device}";
  direct;
  hold time ${holdSeconds};
  keepalive time ${Math.floor(holdSeconds / 3)};
  connect delay time 1;
  connect retry time 2;
  error wait time 1, 2;
  ipv4 { import all; export where source = ${toldOf(session)}; next hop self; };
}
`;
}
