import * as aws from "@pulumi/aws";
import { type Disaster, servesContent } from "../components/standby/disaster.ts";
import { FailoverName } from "../components/traffic/failover-name.ts";
import { weightsFor } from "../components/traffic/weights.ts";
import { outputOf, stackOf } from "./references.ts";
import type { Settings } from "./settings.ts";
import { tagsFor } from "./tags.ts";

/** The public names and who answers for them. */
export function traffic(settings: Settings<"traffic">) {
  const { workload, domain, contentName, ttlSeconds } = settings;
  const primary = stackOf(settings.prodStack);
  const standby = stackOf(settings.drStack);

  const zone = new aws.route53.Zone(`${workload}-zone`, { name: domain, tags: tagsFor("traffic", settings) });
  new FailoverName(`${workload}-content`, {
    zoneId: zone.zoneId,
    recordName: `${contentName}.${domain}`,
    hosts: {
      primary: outputOf(primary, "contentHost"),
      standby: outputOf(standby, "copiesBlobEndpoint").apply((endpoint) => new URL(endpoint).hostname),
    },
    weights: outputOf(standby, "declaredDisaster").apply((disaster) =>
      weightsFor(servesContent(disaster as Disaster) ? "standby" : "primary"),
    ),
    ttlSeconds,
  });

  return { zoneId: zone.zoneId, nameServers: zone.nameServers };
}
