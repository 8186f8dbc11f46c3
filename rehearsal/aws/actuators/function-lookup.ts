import { type FunctionConfiguration, GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import type { AwsCloud } from "../cloud.ts";
import { unlessMissing } from "./common.ts";

/** A function by its name or ARN; undefined when there is none. */
export function findFunction(cloud: AwsCloud, FunctionName: string): Promise<FunctionConfiguration | undefined> {
  return unlessMissing(cloud.lambda.send(new GetFunctionConfigurationCommand({ FunctionName })));
}
