import { type StandbyPlan, type Strategy, standbyPlan } from "../standby/standby-plan.ts";

/**
 * Whether there is a VPN: never; at any time; or only while the database alone is declared lost, because gateways cost
 * by the hour, on Azure as much as a small site.
 */
export const VPN_MODES = ["none", "standing", "on-demand"] as const;
export type VpnMode = (typeof VPN_MODES)[number];

/**
 * Minutes that Azure takes to make a gateway, or more ("How to connect AWS and Azure using a BGP-enabled VPN gateway").
 * The rest of the VPN stands long before.
 */
export const CREATION_MINUTES = 45;

/**
 * The modes that suit a strategy, the cheapest first. Where nothing runs at the standby all day, nothing would use a VPN
 * all day; where it does, it is to take over in less time than gateways take to come.
 */
export function modesFor(strategy: Strategy): VpnMode[] {
  const { state } = standbyPlan(strategy, "none", false).database;
  return state === "running" ? ["none", "standing"] : ["none", "on-demand"];
}

/**
 * Who begins to speak with whose database: `servers-to-standby`, the primary's servers with the standby's;
 * `standby-to-primary`, the standby's, which follows, with the primary's.
 */
export type Direction = "servers-to-standby" | "standby-to-primary";

export interface VpnPlan {
  mode: VpnMode;
  /** Whether its gateways are there. */
  stands: boolean;
  /** Minutes from a declared loss of the database until the primary's servers can reach the standby's; see `CREATION_MINUTES`. */
  minutesToWait: number;
  /** What is let through, and nothing else is. */
  directions: Direction[];
}

/**
 * Decides whether there is a VPN now, and who may use it.
 *
 * On demand it stays until the declaration is taken back, also while the standby hands the database back: servers go on
 * using it until the name has moved. A lost site needs none, for its servers are lost as well; nor does a drill.
 *
 * @param followsLive whether the standby's database follows the primary's over it
 * @param serves the names that the standby serves, by its plan
 */
export function vpnPlan(mode: VpnMode, followsLive: boolean, { serves }: Pick<StandbyPlan, "serves">): VpnPlan {
  const onlyDatabase = serves.includes("database") && !serves.includes("site");
  const stands = mode === "standing" || (mode === "on-demand" && onlyDatabase);
  const directions: Direction[] = stands ? ["servers-to-standby"] : [];
  if (stands && followsLive) directions.push("standby-to-primary");
  return { mode, stands, minutesToWait: mode === "on-demand" ? CREATION_MINUTES : 0, directions };
}
