import type { Actuator, Registry } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { logGroup } from "./logs.ts";

/** What the local AWS makes real. A type that is not here is only recorded. */
export const AWS_ACTUATORS: Registry<AwsCloud> = new Map<string, Actuator<AwsCloud>>([
  ["aws:cloudwatch/logGroup:LogGroup", logGroup],
]);
