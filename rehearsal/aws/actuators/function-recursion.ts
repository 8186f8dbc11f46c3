import {
  GetFunctionRecursionConfigCommand,
  PutFunctionRecursionConfigCommand,
  type RecursiveLoop,
} from "@aws-sdk/client-lambda";
import type { Actuator } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, unlessMissing } from "./common.ts";

const VALUES = ["Allow", "Terminate"];

/** aws:lambda/functionRecursionConfig:FunctionRecursionConfig; its `id` is the function's name. */
export const functionRecursionConfig: Actuator<AwsCloud> = {
  replaceOn: ["functionName", "region"],

  async check({ recursiveLoop }) {
    if (recursiveLoop === undefined || VALUES.includes(String(recursiveLoop))) return [];
    const reason = `"${recursiveLoop}" is none of ${VALUES.join(", ")} (PutFunctionRecursionConfig)`;
    return [{ property: "recursiveLoop", reason }];
  },

  async create({ functionName, recursiveLoop }, cloud) {
    await put(cloud, String(functionName), recursiveLoop as RecursiveLoop);
    return { id: String(functionName), properties: {} };
  },

  async read({ id }, cloud) {
    const found = await unlessMissing(cloud.lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName: id })));
    return found && { functionName: id, recursiveLoop: found.RecursiveLoop };
  },

  async update({ id }, { recursiveLoop }, cloud) {
    await put(cloud, id, recursiveLoop as RecursiveLoop);
    return {};
  },

  // Every function has it; without one of its own it is what AWS gives it.
  delete: ({ id }, cloud) => ignoreMissing(put(cloud, id, "Terminate")),
};

async function put(cloud: AwsCloud, FunctionName: string, RecursiveLoop: RecursiveLoop): Promise<void> {
  await cloud.lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop }));
}
