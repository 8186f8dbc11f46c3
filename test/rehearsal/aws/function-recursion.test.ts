import { GetFunctionRecursionConfigCommand } from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { archive, asset, trustIn } from "./inline-function.ts";
import { failure, useLocalAws } from "./local-aws.ts";

const RECURSION = "aws:lambda/functionRecursionConfig:FunctionRecursionConfig";

describe("the local AWS's detection of functions that call themselves", () => {
  const aws = useLocalAws();

  before(async () => {
    const assumeRolePolicy = trustIn("lambda.amazonaws.com");
    const { properties } = await aws.deploy("aws:iam/role:Role", { name: "recursive", assumeRolePolicy });
    await aws.deploy("aws:lambda/function:Function", {
      name: "recursive",
      role: properties.arn,
      runtime: "nodejs24.x",
      handler: "index.handler",
      code: archive({ assets: { "index.js": asset({ text: "exports.handler = async () => 1;" }) } }),
    });
  });

  const found = async () => {
    const command = new GetFunctionRecursionConfigCommand({ FunctionName: "recursive" });
    return (await aws.cloud.lambda.send(command)).RecursiveLoop;
  };

  it("is as it is set, and as AWS has it once it is deleted", async () => {
    const deployed = await aws.deploy(RECURSION, { functionName: "recursive", recursiveLoop: "Allow" });
    expect(deployed.id).to.equal("recursive");
    expect(await found()).to.equal("Allow");
    await deployed.delete();
    expect(await found()).to.equal("Terminate");
  });

  it("takes no other word", async () => {
    const refused = aws.deploy(RECURSION, { functionName: "recursive", recursiveLoop: "Stop" });
    expect(await failure(refused)).to.contain("is none of Allow, Terminate");
  });
});
