import { join } from "node:path";
import { CREATION_MINUTES } from "../../components/vpn/vpn-plan.ts";
import { freeAddress } from "../local/loopback.ts";
import type { Play } from "../play.ts";
import type { Step } from "../steps.ts";
import type { Report } from "../tools/run.ts";
import { findVpnTools } from "../tools/vpn.ts";
import { DatabaseWay } from "../vpn/database-way.ts";
import { whyNoTunnels } from "../vpn/rights.ts";
import { resourcesOf } from "../vpn/state.ts";

/** The port that the standby's database is met at. */
const PORT = 3306;

/**
 * The VPN between the sites as the stacks make it, raised for one scenario: with the sites where it stands, and with the
 * declaration where it is made on demand. Where this machine does not let tunnels be, the loopback takes its place, and
 * the report says so.
 */
export class Tunnels {
  readonly #play: Play;
  #hindrance: string | undefined;
  /** What the primary's servers take for the standby's database; nobody listens there until the tunnels are up. */
  #entrance = "";
  #way: DatabaseWay | undefined;

  constructor(play: Play) {
    this.#play = play;
  }

  /** Leaves the primary's servers no other way to the standby's database, and raises what stands at any time. */
  preparing(): Step {
    return {
      title: "Lead to the standby's database through the VPN alone",
      run: async (report) => {
        const { timeline } = this.#play;
        this.#hindrance = await whyNoTunnels();
        if (this.#hindrance !== undefined) {
          timeline.tell("vpn", `no tunnels on this machine, the loopback takes their place: ${this.#hindrance}`);
          return `by loopback: ${this.#hindrance}`;
        }
        this.#entrance = await freeAddress(PORT);
        if (!this.#isOnDemand) return this.#raise(report);
        this.#detour();
        return "made with the declaration";
      },
    };
  }

  /** Raises what the declaration has made. */
  raising(): Step {
    return {
      title: "Raise the VPN's tunnels, where they were made on demand",
      run: async (report) => {
        if (this.#hindrance !== undefined) return `by loopback: ${this.#hindrance}`;
        return this.#way ? "they stand" : this.#raise(report);
      },
    };
  }

  /** By whom users are served, and what their wait leaves out. */
  by(server: string): string {
    if (!this.#isOnDemand) return server;
    return `${server}, not counting the ${CREATION_MINUTES} min or more that Azure takes to make the VPN's gateway`;
  }

  /** Notes that what the servers said to the standby's database went by the tunnels. */
  async expectUsed(): Promise<void> {
    if (!this.#way) return;
    const [up, carried] = await Promise.all([this.#way.tunnels(), this.#way.carried()]);
    const { connections } = this.#way;
    this.#play.expect(
      "the primary's servers reach the standby's database through four tunnels of IPsec",
      up.length === 4 && connections > 0 && carried > 0,
      `${up.length} tunnels are up; ${connections} connections, ${carried} bytes came out at Azure's ends`,
    );
  }

  get #isOnDemand(): boolean {
    return this.#play.deployment.output("dr", "vpn") === "on-demand";
  }

  /** Has DNS lead to the entrance; a standby without a database yet has nothing that it could lead to. */
  #detour(): void {
    const { databaseHost } = this.#play.deployment.outputs("dr");
    if (typeof databaseHost !== "string") return;
    this.#play.atEnd(this.#play.clouds.dns.detour(databaseHost, this.#entrance));
  }

  async #raise(report: Report): Promise<string> {
    const { deployment, timeline, signal } = this.#play;
    const { session } = deployment.stage;
    this.#detour();
    const host = deployment.output("dr", "databaseHost");
    this.#way = await DatabaseWay.open({
      entrance: { host: this.#entrance, port: PORT },
      resources: resourcesOf(await deployment.state("link")),
      ranges: { primary: deployment.output("prod", "cidr"), standby: deployment.output("dr", "cidr") },
      database: { host, port: PORT },
      tools: await findVpnTools(report, signal),
      folder: join(session.folder, "vpn"),
      onDeath: (error) => session.end(error),
    });
    const way = this.#way;
    this.#play.atEnd(() => way[Symbol.asyncDispose]());
    const up = await way.tunnels();
    timeline.tell("vpn", `${up.length} tunnels of IPsec are up between the sites' networks`);
    return `${up.length} tunnels of IPsec, between network namespaces`;
  }
}
