import { DescribeAvailabilityZonesCommand } from "@aws-sdk/client-ec2";
import type { Invoke } from "../provider/provider.ts";
import type { AwsCloud } from "./cloud.ts";

export function awsInvokes(cloud: AwsCloud): Record<string, Invoke> {
  return {
    "aws:index/getAvailabilityZones:getAvailabilityZones": async () => {
      const { AvailabilityZones = [] } = await cloud.ec2.send(new DescribeAvailabilityZonesCommand({}));
      return { id: cloud.region, names: AvailabilityZones.map((z) => z.ZoneName), zoneIds: AvailabilityZones.map((z) => z.ZoneId) };
    },
  };
}
