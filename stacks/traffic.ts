import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Switch } from "../components/standby/disaster.ts";
import type { StandbyPlan, Strategy } from "../components/standby/standby-plan.ts";
import { FailoverName, type FailoverNameArgs } from "../components/traffic/failover-name.ts";
import { PrivateZone } from "../components/traffic/private-zone.ts";
import { type Settle, settling } from "../components/traffic/settled.ts";
import { standbyShareOf, weightsFor } from "../components/traffic/weights.ts";
import { perWorkload } from "./per-workload.ts";
import { objectOf, outputIfAny, outputOf, type Sides, stackOf } from "./references.ts";
import type { Settings } from "./settings.ts";
import { tagsFor } from "./tags.ts";

/**
 * The names of each workload and who answers for them.
 *
 * @param settle how to wait for new health checks
 */
export function traffic(workloads: Settings<"traffic">[], settle: Settle = settling()) {
  const [first] = workloads;
  if (!first) return {};
  const prod = stackOf(first.prodStack);
  const dr = stackOf(first.drStack);
  return perWorkload(workloads, (settings) => {
    const { workload } = settings;
    return names(settings, { primary: { stack: prod, workload }, standby: { stack: dr, workload } }, settle);
  });
}

/** What all names of a workload have in common, and how each one's share is decided. */
type Common = Omit<FailoverNameArgs, "zoneId" | "recordName" | "moves" | "hosts" | "weights">;

function names(settings: Settings<"traffic">, sides: Sides, settle: Settle) {
  const { workload } = settings;
  const common: Common = {
    markers: [outputOf(sides.standby, "markerEndpoint"), ...settings.otherMarkers],
    mode: settings.failoverMode,
    ttlSeconds: settings.ttlSeconds,
    settle,
    tags: tagsFor("traffic", settings),
  };
  const zoneId = zoneOf(settings, sides);
  const weightsOf = (moves: Switch) =>
    objectOf<StandbyPlan>(sides.standby, "plan").apply(({ markers }) =>
      weightsFor(standbyShareOf(moves, markers, settings.standbyShare)),
    );

  const appName = sameName("appName", sides);
  const app = new FailoverName(`${workload}-app`, {
    ...common,
    zoneId,
    recordName: servedBy(settings, sides, appName),
    moves: "site",
    hosts: appHosts(settings, sides),
    healthPaths: hostsOf(sides, "healthPath"),
    weights: weightsOf("site"),
  });
  const contentName = sameName("contentName", sides);
  const content = new FailoverName(`${workload}-content`, {
    ...common,
    zoneId,
    recordName: contentName,
    moves: "content",
    hosts: hostsOf(sides, "contentHost"),
    weights: weightsOf("content"),
  });
  for (const [label, name] of Object.entries({ app: appName, content: contentName })) {
    // Front Door proves by it that the name is ours, long before the name points there. For its certificate it asks again
    // from time to time, with another token ("Domains in Azure Front Door", domain validation states).
    new aws.route53.Record(`${workload}-${label}-proof`, {
      zoneId,
      name: pulumi.interpolate`_dnsauth.${name}`,
      type: "TXT",
      ttl: 3600,
      records: [outputOf(sides.standby, `${label}Token`)],
    });
  }
  const database = settings.databaseHostName
    ? databaseName(settings, sides, { ...common, weights: weightsOf("database") })
    : undefined;

  return {
    zoneId,
    databaseZoneId: database?.zoneId,
    names: { site: appName, content: contentName, database: database?.recordName },
    healthChecks: { site: app.checkIds, content: content.checkIds, database: database?.checkIds },
  };
}

/** Where a standby without a database has it: at a name that nobody ever has (RFC 2606), and that is never ready. */
const NO_DATABASE = "no-standby-database.invalid";

/** The database's own name, for the servers in the primary's network. */
function databaseName(settings: Settings<"traffic">, sides: Sides, common: Common & Pick<FailoverNameArgs, "weights">) {
  const { workload, databaseHostName } = settings;
  const zone = new PrivateZone(`${workload}-database`, {
    recordName: databaseHostName,
    vpcId: outputOf(sides.primary, "vpcId"),
    vpcRegion: outputOf(sides.primary, "region"),
    tags: common.tags,
  });
  const { checkIds } = new FailoverName(`${workload}-database`, {
    ...common,
    zoneId: zone.zoneId,
    recordName: databaseHostName,
    moves: "database",
    hosts: {
      primary: outputOf(sides.primary, "databaseAddress"),
      standby: outputIfAny(sides.standby, "databaseHost").apply((host) => host ?? NO_DATABASE),
    },
  });
  return { zoneId: zone.zoneId, recordName: databaseHostName, checkIds };
}

function hostsOf({ primary, standby }: Sides, output: string, ofStandby = output): FailoverNameArgs["hosts"] {
  return { primary: outputOf(primary, output), standby: outputOf(standby, ofStandby) };
}

/** @throws pulumi.RunError inside the output, when there is no way past the edge and one is asked for */
function appHosts({ bypassEdge }: Settings<"traffic">, sides: Sides): FailoverNameArgs["hosts"] {
  if (!bypassEdge) return hostsOf(sides, "appHost");
  const standby = outputIfAny(sides.standby, "bypassHost").apply((host) => {
    if (host !== undefined) return host;
    throw new pulumi.RunError(
      "multicloud-dr:bypassEdge is true, and multicloud-dr:webTier in dr is containers, which have no certificate for " +
        "the app's name and don't know it: expected servers; set bypassEdge to false",
    );
  });
  return { primary: outputOf(sides.primary, "appHost"), standby };
}

/** Strategies whose standby serves all the time, so that its health alone may say that users can go there. */
const SERVING: readonly Strategy[] = ["warm-standby", "active-active"];

/** The app's name, once it is known that the standby suits its mode. @throws pulumi.RunError inside the output */
function servedBy({ failoverMode }: Settings<"traffic">, { standby }: Sides, name: pulumi.Output<string>) {
  if (failoverMode === "manual") return name;
  return pulumi.all([name, outputOf(standby, "strategy")]).apply(([name, strategy]) => {
    if (SERVING.includes(strategy as Strategy)) return name;
    throw new pulumi.RunError(
      `multicloud-dr:failoverMode is automatic, and multicloud-dr:strategy in dr is ${strategy}: expected ` +
        `${SERVING.join(" or ")}, whose standby serves before anybody is there to start it; set failoverMode to manual`,
    );
  });
}

/**
 * The zone of the public names, once it is known that prod's servers look for the database at no name but the one here. A
 * name comes here first, and goes here last, so prod may well have none.
 *
 * @throws pulumi.RunError inside the output, when they would find none
 */
function zoneOf({ databaseHostName: own }: Settings<"traffic">, { primary }: Sides): pulumi.Output<string> {
  return pulumi
    .all([outputOf(primary, "zoneId"), outputIfAny(primary, "databaseHostName")])
    .apply(([zoneId, sought]) => {
      if (sought === undefined || sought === own) return zoneId;
      throw new pulumi.RunError(
        `multicloud-dr:databaseHostName is ${sought} in prod and ${own || "not set"} in traffic: prod's servers would find ` +
          "no database; set both alike. To have another name, or none, take prod's away first, with `pulumi up --stack prod`",
      );
    });
}

/** A name that both sites serve. @throws pulumi.RunError inside the output, when they were given different ones */
function sameName(output: string, { primary, standby }: Sides): pulumi.Output<string> {
  return pulumi.all([outputOf(primary, output), outputOf(standby, output)]).apply(([name, other]) => {
    if (name === other) return name;
    throw new pulumi.RunError(
      `multicloud-dr:${output} is ${name} in prod and ${other} in dr: users would find no standby; set both alike`,
    );
  });
}
