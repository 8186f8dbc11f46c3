import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { containerReplication } from "./link-containers.ts";
import { databaseReplication } from "./link-database.ts";
import { imageReplication } from "./link-images.ts";
import { objectReplication } from "./link-objects.ts";
import { secretReplication } from "./link-secrets.ts";
import { type VpnSituation, vpn, vpnSituation } from "./link-vpn.ts";
import { perWorkload } from "./per-workload.ts";
import { type Sides, stackOf } from "./references.ts";
import type { Settings } from "./settings.ts";

/**
 * Everything that needs both clouds. Not touched in a disaster, but for one: where the VPN is there on demand, it comes
 * and goes with the declared loss of the database, while both clouds are up.
 *
 * @throws pulumi.RunError before anything is registered, when a VPN does not fit what the sites are
 */
export async function link(workloads: Settings<"link">[]) {
  const [first] = workloads;
  if (!first) return {};
  const prod = stackOf(first.prodStack);
  const dr = stackOf(first.drStack);
  const sidesOf = (workload: string): Sides => ({
    primary: { stack: prod, workload },
    standby: { stack: dr, workload },
  });
  const looks = workloads.map(
    async (settings) => [settings.workload, await vpnSituation(settings, sidesOf(settings.workload))] as const,
  );
  const situations = new Map(await Promise.all(looks));
  const issuer = issuerOf(first);
  return perWorkload(workloads, (settings) => {
    const sides = sidesOf(settings.workload);
    return {
      ...objectReplication(settings, issuer, sides),
      ...databaseReplication(settings, issuer, sides),
      ...containerReplication(settings, issuer, sides),
      ...secretReplication(settings, issuer, sides),
      ...imageReplication(settings, issuer, sides),
      ...vpn(settings, situations.get(settings.workload) as VpnSituation, sides),
    };
  });
}

/** The account's issuer of web identities: an account has one, so the workloads of a stack share it. */
function issuerOf({ webIdentityIssuer }: Settings<"link">): pulumi.Output<string> {
  if (webIdentityIssuer !== "enable") return pulumi.output(webIdentityIssuer);
  return new aws.iam.OutboundWebIdentityFederation("web-identities").issuerIdentifier;
}
