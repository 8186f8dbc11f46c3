import { DescribeStateMachineCommand, type DescribeStateMachineCommandOutput } from "@aws-sdk/client-sfn";
import type { AwsCloud } from "../cloud.ts";

/** A state machine by its ARN; undefined when there is none, which Step Functions says with a 400. */
export async function findStateMachine(
  cloud: AwsCloud,
  stateMachineArn: string,
): Promise<DescribeStateMachineCommandOutput | undefined> {
  try {
    return await cloud.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  } catch (error) {
    if ((error as Error).name === "StateMachineDoesNotExist") return undefined;
    throw error;
  }
}
