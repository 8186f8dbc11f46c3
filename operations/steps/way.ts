import { CREATION_MINUTES, type VpnMode, type VpnPlan, vpnPlan } from "../../components/vpn/vpn-plan.ts";
import type { Operation } from "../operation.ts";
import type { RunbookStep } from "../runbook/runbook.ts";

type Step = RunbookStep<Operation>;

const BY_HAND =
  "`pulumi up --stack link`, by whoever may deploy it: the stack touches both clouds, so an operator of the standby may not";

const modeOf = ({ dr }: Operation): VpnMode => dr.values.vpn as VpnMode;

/** Makes the VPN that the primary's servers reach the standby's database by, where it is made on demand. */
export function makeWay(): Step {
  return {
    id: "way",
    title: "Make the way between the sites",
    what:
      "Where only the database is lost, and the VPN is made on demand: runs `pulumi up` of stack `link`, which makes " +
      "gateways and tunnels. AWS is asked for it, and up. In every other case there is nothing to do.",
    byHand: [BY_HAND],
    limit: 2 * CREATION_MINUTES * 60,
    typically: `${CREATION_MINUTES} min or more, where there is something to do: Azure takes that long to make a gateway`,
    canWait: true,
    meanwhile:
      "The primary's servers reach no database until somebody who may deploy stack `link` has run `pulumi up --stack link`; " +
      "whoever cannot wait that long declares the site instead.",
    before: async (operation) => {
      const mode = modeOf(operation);
      return mode === "on-demand" && vpnPlan(mode, false, operation.plan).stands ? "due" : "done";
    },
    act: (operation, watch) => operation.up("link", watch),
  };
}

/** Takes it away again: its gateways cost by the hour. */
export function removeWay(): Step {
  return {
    id: "remove-way",
    title: "Take the way between the sites away",
    what: "Where the VPN is made on demand: runs `pulumi up` of stack `link`, which takes the gateways away.",
    byHand: [BY_HAND],
    limit: 3600,
    canWait: true,
    meanwhile:
      "The VPN's gateways cost by the hour until somebody who may deploy stack `link` has run `pulumi up --stack link`.",
    async before(operation) {
      if (modeOf(operation) !== "on-demand") return "done";
      const { vpn } = (await operation.read("link")).values as { vpn?: Pick<VpnPlan, "stands"> };
      return vpn?.stands ? "due" : "done";
    },
    act: (operation, watch) => operation.up("link", watch),
  };
}
