import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { databaseReplication } from "./link-database.ts";
import { objectReplication } from "./link-objects.ts";
import { perWorkload } from "./per-workload.ts";
import { stackOf } from "./references.ts";
import type { Settings } from "./settings.ts";

/** Everything that needs both clouds. Never touched in a disaster. */
export function link(workloads: Settings<"link">[]) {
  const [first] = workloads;
  if (!first) return {};
  const prod = stackOf(first.prodStack);
  const dr = stackOf(first.drStack);
  const issuer = issuerOf(first);
  return perWorkload(workloads, (settings) => {
    const { workload } = settings;
    const sides = { primary: { stack: prod, workload }, standby: { stack: dr, workload } };
    return { ...objectReplication(settings, issuer, sides), ...databaseReplication(settings, issuer, sides) };
  });
}

/** The account's issuer of web identities: an account has one, so the workloads of a stack share it. */
function issuerOf({ webIdentityIssuer }: Settings<"link">): pulumi.Output<string> {
  if (webIdentityIssuer !== "enable") return pulumi.output(webIdentityIssuer);
  return new aws.iam.OutboundWebIdentityFederation("web-identities").issuerIdentifier;
}
