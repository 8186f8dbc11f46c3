import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Disaster, type Switch, switchedBy } from "../components/standby/disaster.ts";
import { FailoverName } from "../components/traffic/failover-name.ts";
import { weightsFor } from "../components/traffic/weights.ts";
import { perWorkload } from "./per-workload.ts";
import { outputOf, type Reference, stackOf } from "./references.ts";
import type { Settings } from "./settings.ts";

/** The public names of each workload and who answers for them. */
export function traffic(workloads: Settings<"traffic">[]) {
  const [first] = workloads;
  if (!first) return {};
  const prod = stackOf(first.prodStack);
  const dr = stackOf(first.drStack);
  return perWorkload(workloads, (settings) => {
    const { workload } = settings;
    return names(settings, { stack: prod, workload }, { stack: dr, workload });
  });
}

/** The public names, and with which switch each moves. Both sites tell its `…Name` and `…Host`, the standby its `…Token`. */
const NAMES: { label: "app" | "content"; moves: Switch }[] = [
  { label: "app", moves: "site" },
  { label: "content", moves: "content" },
];

function names({ workload, ttlSeconds }: Settings<"traffic">, primary: Reference, standby: Reference) {
  const zoneId = outputOf(primary, "zoneId");
  const declared = outputOf(standby, "declaredDisaster") as pulumi.Output<Disaster>;
  const weights = (moves: Switch) =>
    declared.apply((disaster) => weightsFor(switchedBy(disaster).includes(moves) ? "standby" : "primary"));

  const recordNames = NAMES.map(({ label, moves }) => {
    const recordName = sameName(`${label}Name`, primary, standby);
    new FailoverName(`${workload}-${label}`, {
      zoneId,
      recordName,
      hosts: { primary: outputOf(primary, `${label}Host`), standby: outputOf(standby, `${label}Host`) },
      weights: weights(moves),
      ttlSeconds,
    });
    // Front Door proves by it that the name is ours, long before the name points there. For its certificate it asks again
    // from time to time, with another token ("Domains in Azure Front Door", domain validation states).
    new aws.route53.Record(`${workload}-${label}-proof`, {
      zoneId,
      name: pulumi.interpolate`_dnsauth.${recordName}`,
      type: "TXT",
      ttl: 3600,
      records: [outputOf(standby, `${label}Token`)],
    });
    return recordName;
  });
  return { zoneId, names: recordNames };
}

/** A name that both sites serve. @throws pulumi.RunError inside the output, when they were given different ones */
function sameName(output: string, primary: Reference, standby: Reference): pulumi.Output<string> {
  return pulumi.all([outputOf(primary, output), outputOf(standby, output)]).apply(([name, other]) => {
    if (name === other) return name;
    throw new pulumi.RunError(
      `multicloud-dr:${output} is ${name} in prod and ${other} in dr: users would find no standby; set both alike`,
    );
  });
}
