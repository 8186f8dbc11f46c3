import type { Disaster } from "../../components/standby/disaster.ts";
import { type Course, type Strategy, standbyPlan } from "../../components/standby/standby-plan.ts";
import type { Outputs } from "../../operations/outputs.ts";

const NAMES = { appName: "app.example.com", contentName: "content.example.com", healthPath: "/healthz" };

export interface Deployed {
  strategy?: Strategy;
  disaster?: Disaster;
  drill?: boolean;
  course?: Course;
  /** Outputs that are other ones. */
  values?: Record<string, unknown>;
}

/** What stack dr says of itself, after an `up`. */
export function drOutputs({
  strategy = "pilot-light",
  disaster = "none",
  drill = false,
  course,
  values,
}: Deployed = {}): Outputs {
  return {
    stack: "dr",
    workload: "shop",
    listed: false,
    values: {
      ...NAMES,
      strategy,
      declaredDisaster: disaster,
      plan: standbyPlan(strategy, disaster, drill, undefined, course),
      appHost: "shop-app.azurefd.net",
      contentHost: "shop-content.azurefd.net",
      bypassHost: "shop-1.westeurope.cloudapp.azure.com",
      markerEndpoint: "https://marker.example/",
      ...values,
    },
  };
}

/** What stack prod says of itself. */
export function prodOutputs(values: Record<string, unknown> = {}): Outputs {
  const hosts = { appHost: "shop-1.elb.amazonaws.com", contentHost: "d1.cloudfront.net" };
  return { stack: "prod", workload: "shop", listed: false, values: { ...NAMES, ...hosts, ...values } };
}
