import type { TunnelEnd } from "./tunnel-end.ts";

/** What strongSwan calls the one connection of an end, and what is encrypted by it. */
export const CONNECTION = "tunnel";

/** Seconds of silence after which an end asks whether the other is there, as AWS does ("VPN tunnel inactivity or instability"). */
const ASKS_AFTER_SECONDS = 10;

/** So often it asks before the other end is dead, evenly spread; the other end needs to answer one. */
const TRIES = 4;

/** An end as `swanctl.conf` has it. @param hook command that is run when it comes up and when it goes down */
export function renderSwanctl(end: TunnelEnd, hook: string): string {
  const { own, far } = end.outside;
  const child = {
    // All that is routed there: routes, not selectors, say what takes which tunnel.
    local_ts: "0.0.0.0/0",
    remote_ts: "0.0.0.0/0",
    esp_proposals: end.esp.join(", "),
    life_time: `${end.espSeconds}s`,
    ...(end.espBytes === undefined ? {} : { life_bytes: String(end.espBytes) }),
    start_action: end.begins ? "start" : "none",
    dpd_action: end.begins ? "restart" : "clear",
    close_action: end.begins ? "start" : "none",
    updown: hook,
  };
  const connection = {
    version: "2",
    local_addrs: own,
    remote_addrs: far,
    proposals: end.ike.join(", "),
    rekey_time: `${end.ikeSeconds}s`,
    dpd_delay: `${ASKS_AFTER_SECONDS}s`,
    keyingtries: "0",
    mobike: "no",
    local: { auth: "psk", id: own },
    remote: { auth: "psk", id: far },
    children: { [CONNECTION]: child },
  };
  const secret = { "id-1": own, "id-2": far, secret: `"${end.key}"` };
  return block({ connections: { [CONNECTION]: connection }, secrets: { "ike-tunnel": secret } });
}

/** The settings of the daemon at an end. */
export function renderDaemon({ dpdSeconds }: Pick<TunnelEnd, "dpdSeconds">): string {
  return block({
    charon: {
      // In IKEv2 an end is dead when it does not answer to any of the tries, so those fill the rest of the time.
      retransmit_tries: String(TRIES - 1),
      retransmit_timeout: String((dpdSeconds - ASKS_AFTER_SECONDS) / TRIES),
      retransmit_base: "1",
      retry_initiate_interval: "2s",
      // After the main table, which has a way to everywhere: whatever routes the daemon sets, none is taken.
      routing_table_prio: "40000",
      threads: "12",
      load: "random nonce openssl pem kernel-libipsec kernel-netlink socket-default updown vici",
      filelog: { stderr: { default: "1", ike: "1", cfg: "1", flush_line: "yes" } },
      plugins: {
        // The kernel's part, done by the daemon: these packets are ESP as the clouds' are, and not within UDP.
        "kernel-libipsec": { raw_esp: "yes" },
      },
    },
    swanctl: { load: "random nonce openssl pem" },
  });
}

interface Block {
  [name: string]: string | Block;
}

function block(content: Block, indent = ""): string {
  const lines = Object.entries(content).map(([name, value]) =>
    typeof value === "string"
      ? `${indent}${name} = ${value}\n`
      : `${indent}${name} {\n${block(value, `${indent}  `)}${indent}}\n`,
  );
  return lines.join("");
}
