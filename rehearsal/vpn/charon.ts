import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Service } from "../local/service.ts";
import type { Lab } from "./lab.ts";
import { readSas, type Sas } from "./sas.ts";
import { CONNECTION, renderDaemon, renderSwanctl } from "./swanctl.ts";
import type { TunnelEnd } from "./tunnel-end.ts";

/** What the daemon calls the device that it sends by. */
const DEVICE = "ipsec0";

/** How long a daemon may take to start, in milliseconds; 0.2 s on idle cores. */
const PATIENCE = 20_000;

/** How long one try to begin a tunnel may take, in seconds. */
const INITIATE_SECONDS = 5;

/** Where a daemon runs, and where its packets come out in the clear. */
export interface CharonPlace {
  /** Namespace with the public address. */
  outside: string;
  /** Namespace of the gateway. */
  gateway: string;
  /** Name of the tunnel's device there. @example "tunnel-1" */
  device: string;
}

/**
 * One end of a tunnel: strongSwan's daemon, in a namespace that has the public address and nothing else. The device that
 * it sends by stands in the gateway's namespace instead, so a gateway has one for each of its tunnels and routes by it.
 */
export class Charon implements AsyncDisposable {
  readonly #lab: Lab;
  readonly #place: CharonPlace;
  readonly #folder: string;
  #service: Service | undefined;

  constructor(lab: Lab, place: CharonPlace) {
    this.#lab = lab;
    this.#place = place;
    this.#folder = join(lab.folder, place.outside);
  }

  /** Starts the daemon for an end, and has it begin if it is one that does. */
  async start(end: TunnelEnd): Promise<void> {
    await mkdir(join(this.#folder, "etc/swanctl"), { recursive: true });
    await mkdir(join(this.#folder, "run"), { recursive: true });
    await writeFile(join(this.#folder, "etc/strongswan.conf"), renderDaemon(end));
    const { outside, gateway, device } = this.#place;
    const [command = "", ...args] = this.#lab.insideRoot(outside, this.#folder, ["/usr/lib/ipsec/charon"]);
    this.#service = await Service.start({
      ...{ name: `strongSwan of ${outside}`, command, args },
      env: { PATH: process.env.PATH },
      folder: this.#folder,
      logFile: join(this.#folder, "charon.log"),
      ready: async () => existsSync(join(this.#folder, "run/charon.vici")),
      patience: PATIENCE,
      onDeath: this.#lab.onDeath,
    });
    await this.#lab.ip(outside, [
      `link set ${DEVICE} down`,
      `link set ${DEVICE} name ${device} netns ${gateway}`,
      // In its place one that leads nowhere: the daemon insists on routes by it, and none of them is ever taken.
      `link add ${DEVICE} type veth peer name nowhere`,
      `link set ${DEVICE} up`,
    ]);
    await this.#lab.ip(gateway, [`addr add ${end.inside.own} peer ${end.inside.far} dev ${device}`]);
    await this.configure(end);
  }

  /** Tells the daemon how its end is from now on. What is up stays as it is. */
  async configure(end: TunnelEnd): Promise<void> {
    const { gateway, device } = this.#place;
    // The device is up exactly while the tunnel is: so routes go at once when an end knows that the other one is dead.
    const hook = `case $PLUTO_VERB in up-client) s=up;; down-client) s=down;; esac; ip -n ${gateway} link set ${device} $s`;
    const file = join(this.#folder, "etc/swanctl/hook.sh");
    await writeFile(file, `${hook}\n`);
    await writeFile(join(this.#folder, "etc/swanctl/swanctl.conf"), renderSwanctl(end, "/bin/sh /etc/swanctl/hook.sh"));
    await this.#swanctl(["--load-all", "--clear"]);
  }

  /** What is up. */
  async sas(): Promise<Sas | undefined> {
    return readSas(await this.#swanctl(["--list-sas", "--raw"]));
  }

  /** Begins a phase anew, as at the end of its time. Whether it came to that, `sas` tells. */
  async rekey(phase: "ike" | "child"): Promise<void> {
    await this.#swanctl(["--rekey", `--${phase}`, CONNECTION]);
  }

  /** Begins the tunnel, as a cloud's end does again and again while it is down. @returns whether it came up */
  initiate(): Promise<boolean> {
    const asked = this.#swanctl(["--initiate", "--child", CONNECTION, "--timeout", String(INITIATE_SECONDS)]);
    return asked.then(
      () => true,
      () => false,
    );
  }

  /** Ends the tunnel, telling the other end. It stays down until one end begins it. */
  async terminate(): Promise<void> {
    await this.#swanctl(["--terminate", "--ike", CONNECTION, "--timeout", "5"]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#service?.kill() ?? Promise.resolve();
  }

  async #swanctl(args: string[]): Promise<string> {
    const { outside } = this.#place;
    const program = ["/usr/sbin/swanctl", ...args, "--uri", "unix:///run/charon.vici"];
    const [command = "", ...rest] = this.#lab.insideRoot(outside, this.#folder, program);
    const { stdout } = await execa(command, rest, { stdin: "ignore" });
    return stdout;
  }
}
