import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Tags } from "./tags.ts";

export interface LoginSecretArgs {
  /** What it is for. @example "Administrator of shop-database" */
  description: string;
  /** Name of the user. @example "dbadmin" */
  username: string;
  /** Its password. */
  password: pulumi.Input<string>;
  /** Keep the secret when somebody deletes it; without it, it goes at once, and for good. */
  protect: boolean;
  tags: Tags;
}

/**
 * Registers a random password that both clouds take, and MySQL from a follower, which takes no more than 32 letters.
 *
 * @param generation another number is another password
 */
export function newPassword(name: string, generation: number, parent: pulumi.Resource): pulumi.Output<string> {
  const shape = { length: 32, special: false, minLower: 1, minUpper: 1, minNumeric: 1 };
  const keepers = { generation: String(generation) };
  return new random.RandomPassword(`${name}-password`, { ...shape, keepers }, { parent }).result;
}

/**
 * Registers a secret of Secrets Manager with a user of the database, as `{"username","password"}`: the form of those
 * that RDS makes.
 *
 * @param after what must know the password before the secret tells it
 * @returns its ARN; whoever takes it finds a value
 */
export function loginSecret(
  name: string,
  { description, username, password, protect, tags }: LoginSecretArgs,
  parent: pulumi.Resource,
  after: pulumi.Resource[] = [],
): pulumi.Output<string> {
  const secret = new aws.secretsmanager.Secret(
    `${name}-secret`,
    // A password is no data: whoever owns the server gives it a new one. So nothing waits for a regret.
    { description, recoveryWindowInDays: protect ? 30 : 0, tags },
    { parent, protect, retainOnDelete: protect },
  );
  const value = new aws.secretsmanager.SecretVersion(
    `${name}-secret-value`,
    { secretId: secret.id, secretString: pulumi.secret(pulumi.jsonStringify({ username, password })) },
    // Not protected: another password is another version, in the place of the former.
    { parent, dependsOn: after },
  );
  return value.arn;
}
