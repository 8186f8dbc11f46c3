import { GetScheduleCommand, type GetScheduleCommandOutput } from "@aws-sdk/client-scheduler";
import type { AwsCloud } from "../cloud.ts";
import { unlessMissing } from "./common.ts";

/** A schedule of the default group by its name; undefined when there is none. */
export function findSchedule(cloud: AwsCloud, Name: string): Promise<GetScheduleCommandOutput | undefined> {
  return unlessMissing(cloud.scheduler.send(new GetScheduleCommand({ Name })));
}
