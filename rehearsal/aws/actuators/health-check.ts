import {
  CreateHealthCheckCommand,
  DeleteHealthCheckCommand,
  GetHealthCheckCommand,
  type HealthCheckConfig,
  type HealthCheckType,
  ListTagsForResourceCommand,
  UpdateHealthCheckCommand,
} from "@aws-sdk/client-route-53";
import type { Actuator } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, list, number, text, unlessMissing } from "./common.ts";
import { checkHealthCheck } from "./health-check-checks.ts";
import { retag } from "./route53-tags.ts";
import { fromTagList } from "./tags.ts";

/** aws:route53/healthCheck:HealthCheck; its `id` is the check's. */
export const healthCheck: Actuator<AwsCloud> = {
  // "You can't change the value of … after you create a health check" (HealthCheckConfig).
  replaceOn: ["type", "requestInterval", "measureLatency", "referenceName"],

  check: checkHealthCheck,

  async create(inputs, cloud) {
    const made = await cloud.route53.send(
      new CreateHealthCheckCommand({
        CallerReference: crypto.randomUUID(),
        HealthCheckConfig: {
          ...changeable(inputs),
          Type: inputs.type as HealthCheckType,
          RequestInterval: number(inputs.requestInterval),
          MeasureLatency: inputs.measureLatency === undefined ? undefined : inputs.measureLatency === true,
        },
      }),
    );
    const id = String(made.HealthCheck?.Id);
    await retag(cloud, "healthcheck", id, {}, inputs.tags);
    return { id, properties: { arn: `arn:aws:route53:::healthcheck/${id}`, tagsAll: inputs.tags } };
  },

  async read({ id }, cloud) {
    const found = await unlessMissing(cloud.route53.send(new GetHealthCheckCommand({ HealthCheckId: id })));
    if (!found?.HealthCheck?.HealthCheckConfig) return undefined;
    const listed = await cloud.route53.send(
      new ListTagsForResourceCommand({ ResourceType: "healthcheck", ResourceId: id }),
    );
    const tags = fromTagList(listed.ResourceTagSet?.Tags);
    return { ...settingsOf(found.HealthCheck.HealthCheckConfig), tags, tagsAll: tags };
  },

  async update({ id, properties }, inputs, cloud) {
    await cloud.route53.send(new UpdateHealthCheckCommand({ HealthCheckId: id, ...changeable(inputs) }));
    await retag(cloud, "healthcheck", id, properties.tags, inputs.tags);
    return { tagsAll: inputs.tags };
  },

  delete: ({ id }, cloud) => ignoreMissing(cloud.route53.send(new DeleteHealthCheckCommand({ HealthCheckId: id }))),
};

/** What a standing check can take anew. */
function changeable(inputs: Properties): Omit<HealthCheckConfig, "Type" | "RequestInterval" | "MeasureLatency"> {
  const flag = (key: string) => (inputs[key] === undefined ? undefined : inputs[key] === true);
  return {
    IPAddress: text(inputs.ipAddress),
    FullyQualifiedDomainName: text(inputs.fqdn),
    Port: number(inputs.port),
    ResourcePath: text(inputs.resourcePath),
    SearchString: text(inputs.searchString),
    FailureThreshold: number(inputs.failureThreshold),
    EnableSNI: flag("enableSni"),
    Inverted: flag("invertHealthcheck"),
    Disabled: flag("disabled"),
    ChildHealthChecks: inputs.childHealthchecks === undefined ? undefined : list(inputs.childHealthchecks).map(String),
    HealthThreshold: number(inputs.childHealthThreshold),
  };
}

function settingsOf(config: HealthCheckConfig): Properties {
  return {
    type: config.Type,
    ipAddress: config.IPAddress,
    fqdn: config.FullyQualifiedDomainName,
    port: config.Port,
    resourcePath: config.ResourcePath,
    searchString: config.SearchString,
    requestInterval: config.RequestInterval,
    failureThreshold: config.FailureThreshold,
    measureLatency: config.MeasureLatency,
    enableSni: config.EnableSNI,
    invertHealthcheck: config.Inverted,
    disabled: config.Disabled,
    childHealthchecks: config.ChildHealthChecks,
    childHealthThreshold: config.HealthThreshold,
  };
}
