import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import { readCredentials } from "../../../lambdas/database/secrets.ts";
import { useLocalAws } from "../../rehearsal/aws/local-aws.ts";
import { rejection } from "../../support/rejection.ts";

describe("a secret", () => {
  const aws = useLocalAws();

  async function put(Name: string, SecretString: string): Promise<string> {
    const { ARN } = await aws.cloud.secrets.send(new CreateSecretCommand({ Name, SecretString }));
    return String(ARN);
  }

  it("tells whom to be, and with which password", async () => {
    const arn = await put("whole", '{"username":"dr_dump","password":"abc","engine":"mysql"}');
    expect(await readCredentials(aws.cloud.secrets, arn)).to.deep.equal({ username: "dr_dump", password: "abc" });
  });

  for (const [what, text] of [
    ["no JSON", 'password="hunter2'],
    ["no password", '{"username":"hunter2"}'],
    ["an empty password", '{"username":"hunter2","password":""}'],
    ["a number for a name", '{"username":1,"password":"hunter2"}'],
  ] as const) {
    it(`with ${what} is refused by its name, and what is in it stays there`, async () => {
      const arn = await put(what.replaceAll(" ", "-"), text);
      const error = await rejection(readCredentials(aws.cloud.secrets, arn));
      expect(error.message)
        .to.contain(arn)
        .and.to.match(/expected \{"username"/);
      expect(`${error.message} ${error.stack} ${error.cause}`).to.not.contain("hunter2");
    });
  }

  it("that is not there fails with AWS's own words", async () => {
    const error = await rejection(readCredentials(aws.cloud.secrets, "none"));
    expect(error.name).to.equal("ResourceNotFoundException");
  });
});
