import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { expect } from "chai";
import type { Properties } from "../../../rehearsal/provider/codec.ts";
import { useLocalAws } from "./local-aws.ts";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

describe("the local AWS's Secrets Manager", () => {
  const aws = useLocalAws();

  async function textOf(SecretId: string): Promise<string | undefined> {
    return (await aws.cloud.secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  }

  describe("a secret", () => {
    it("is made with its settings, takes new ones in place, and is gone once it is deleted", async () => {
      const inputs = { name: "login", description: "A user", recoveryWindowInDays: 0, tags: { Name: "a" } };
      const secret = await aws.deploy(SECRET, inputs);
      expect(secret.id).to.match(/^arn:aws:secretsmanager:eu-central-1:111122223333:secret:login-\w{6}$/);
      expect(secret.properties).to.include({ arn: secret.id });
      expect(await secret.refresh()).to.deep.equal(inputs);

      const next = { name: "login", description: "Another", recoveryWindowInDays: 0, tags: { Other: "b" } };
      await secret.update(next);
      expect(await secret.refresh()).to.deep.equal(next);

      await secret.delete();
      await secret.delete();
      expect(await secret.refresh()).to.equal(undefined);
      await (await aws.deploy(SECRET, inputs)).delete();
    });

    it("keeps its name for as long as it can be restored", async () => {
      const secret = await aws.deploy(SECRET, { name: "restorable", recoveryWindowInDays: 7 });
      await secret.delete();
      expect(await secret.refresh()).to.equal(undefined);
      expect(await aws.refusals(SECRET, { name: "restorable" })).to.match(/exists already/);
    });

    const refused: [string, Properties, RegExp][] = [
      ["a letter that no name has", { name: "login!" }, /"login!" is no name of a secret/],
      ["a name that is taken", { name: "standing" }, /ResourceExistsException/],
      ["too few days", { recoveryWindowInDays: 6 }, /6 is out of range: 7 to 30 days, or 0/],
      ["too many days", { recoveryWindowInDays: 31 }, /7 to 30 days/],
      ["a replica", { replicas: [{ region: "eu-west-1" }] }, /does not carry this input out/],
    ];
    describe("refuses", () => {
      before(() => aws.deploy(SECRET, { name: "standing" }));
      for (const [what, inputs, reason] of refused) {
        it(what, async () => {
          expect(await aws.refusals(SECRET, { name: "fine", ...inputs })).to.match(reason);
        });
      }
    });
  });

  describe("a version", () => {
    it("is what the secret tells, until another takes its place", async () => {
      const { id } = await aws.deploy(SECRET, { name: "rotated", recoveryWindowInDays: 0 });
      const first = await aws.deploy(VERSION, { secretId: id, secretString: "one" });
      expect(await textOf(id)).to.equal("one");
      expect(first.properties).to.include({ arn: id, secretArn: id });
      expect(await first.refresh()).to.deep.equal({ secretId: id, secretString: "one" });

      const second = await aws.deploy(VERSION, { secretId: id, secretString: "two" });
      expect(second.id).to.not.equal(first.id);
      expect(await textOf(id)).to.equal("two");
      await first.delete();
      expect(await textOf(id)).to.equal("two");
      await second.delete();
    });

    it("is gone with its secret", async () => {
      const secret = await aws.deploy(SECRET, { name: "short", recoveryWindowInDays: 0 });
      const version = await aws.deploy(VERSION, { secretId: secret.id, secretString: "one" });
      await secret.delete();
      expect(await version.refresh()).to.equal(undefined);
      await version.delete();
    });

    it("refuses an empty text, and one that is too long, without repeating it", async () => {
      const secretId = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a-AbCdEf";
      expect(await aws.refusals(VERSION, { secretId, secretString: "" })).to.match(/0 bytes: 1 to 65536/);
      const long = await aws.refusals(VERSION, { secretId, secretString: "a".repeat(65_537) });
      expect(long)
        .to.match(/65537 bytes/)
        .and.not.contain("aaa");
    });
  });
});
