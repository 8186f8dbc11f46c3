import type { HealthCheckConfig } from "@aws-sdk/client-route-53";

/** A health check as the model needs it. */
export interface Check {
  id: string;
  config: HealthCheckConfig;
}

/** What one health checker makes of an endpoint. */
export interface Opinion {
  healthy: boolean;
  /** Results in a row that contradict it. */
  against: number;
}

/**
 * A checker that knows nothing yet counts the endpoint as healthy: that is what makes a new check healthy, and a
 * new inverted one unhealthy, until there is enough data ("How Amazon Route 53 determines whether a health check is
 * healthy").
 */
export const NEW: Opinion = { healthy: true, against: 0 };

/** More than this share of the checkers must find an endpoint healthy (same page). */
const SHARE = 0.18;

/** A checker's opinion after one more result; it changes after as many in a row as the failure threshold says. */
export function after(opinion: Opinion, passed: boolean, { FailureThreshold = 3 }: HealthCheckConfig): Opinion {
  if (passed === opinion.healthy) return { healthy: opinion.healthy, against: 0 };
  const against = opinion.against + 1;
  return against < FailureThreshold ? { healthy: opinion.healthy, against } : { healthy: passed, against: 0 };
}

/** Whether a check of an endpoint is healthy. @param opinions one of each checker */
export function endpointHealth(config: HealthCheckConfig, opinions: readonly Opinion[]): boolean {
  const share = opinions.filter(({ healthy }) => healthy).length / opinions.length;
  // Without checkers there is no data at all.
  return stated(config, opinions.length === 0 || share > SHARE);
}

/** Whether a calculated check is healthy. @param children whether each of its children is */
export function calculatedHealth(config: HealthCheckConfig, children: readonly boolean[]): boolean {
  const { HealthThreshold = children.length } = config;
  // 0 is always reached, and more than there are children never: as the API's reference says (HealthThreshold).
  return stated(config, children.filter((healthy) => healthy).length >= HealthThreshold);
}

/** A disabled check counts as healthy, and inverted besides as unhealthy ("Values that you specify …", Disabled). */
function stated({ Disabled, Inverted }: HealthCheckConfig, found: boolean): boolean {
  const healthy = Disabled === true || found;
  return Inverted === true ? !healthy : healthy;
}

/**
 * The health of all checks by id.
 *
 * A calculated check may not have calculated ones as children ("Values that you specify when you create or update
 * health checks": "Health checks to monitor"): one that is nevertheless, and one that is gone, never counts.
 */
export function healthOf(
  checks: readonly Check[],
  opinionsOf: (id: string) => readonly Opinion[],
): Map<string, boolean> {
  const calculated = checks.filter(({ config }) => config.Type === "CALCULATED");
  const endpoints = checks.filter((check) => !calculated.includes(check));
  const health = new Map(endpoints.map(({ id, config }) => [id, endpointHealth(config, opinionsOf(id))]));
  const parents = calculated.map(({ id, config }): [string, boolean] => {
    const children = (config.ChildHealthChecks ?? []).map((child) => health.get(child) === true);
    return [id, calculatedHealth(config, children)];
  });
  return new Map([...health, ...parents]);
}
