import { permits } from "../azure/evaluate.ts";
import type { AwsProbe, Probe } from "../copies/model.ts";
import type { PolicyDocument } from "../iam/document.ts";
import { type AwsIdentity, allows } from "../iam/evaluate.ts";
import type { Node } from "./model.ts";

/** All that there is. */
export const EVERYTHING: PolicyDocument = {
  place: "everything",
  statements: [{ Effect: "Allow", Action: ["*"], Resource: ["*"] }],
};

/** Whether somebody can do something by themselves, without becoming anybody else. */
export function can(node: Node, probe: Probe): boolean {
  switch (probe.cloud) {
    case "power":
      return probe.powers.includes(node.id);
    case "azure":
      return permits(node.azure, probe);
    case "aws":
      return node.aws.some((identity) => allowed(identity, probe));
  }
}

/** Whoever may write the policy of a resource lets themselves in, as far as nothing else denies it to them. */
function allowed(identity: AwsIdentity, probe: AwsProbe): boolean {
  if (allows(identity, probe)) return true;
  const { lifts = [], resourcePolicy, ...request } = probe;
  if (!lifts.some((action) => allows(identity, { ...request, action, ...(resourcePolicy && { resourcePolicy }) })))
    return false;
  const letIn = { ...identity, policies: [...identity.policies, EVERYTHING] };
  return allows(letIn, { ...request, onlyByResource: false });
}
