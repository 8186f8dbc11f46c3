import { randomInt } from "node:crypto";
import { CreateSecretCommand, DeleteSecretCommand, TagResourceCommand } from "@aws-sdk/client-secrets-manager";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, list, text } from "./common.ts";
import { toTagList } from "./tags.ts";

/** Letters of the passwords that RDS makes; without those that it refuses itself (CreateDBInstance). */
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,-.:;<=>?[]^_{|}~";
const LENGTH = 28;

/** What the instance tells of its secret (MasterUserSecret). */
export interface MasterUserSecret {
  kmsKeyId: string;
  secretArn: string;
  secretStatus: string;
}

export function newPassword(): string {
  return Array.from({ length: LENGTH }, () => LETTERS.charAt(randomInt(LETTERS.length))).join("");
}

/** Puts the master user's credentials into a secret of the form that RDS gives its own. */
export async function createMasterSecret(
  cloud: AwsCloud,
  instanceArn: string,
  credentials: { username: string; password: string },
  kmsKeyId: unknown,
  tags: unknown,
): Promise<MasterUserSecret> {
  const { ARN } = await cloud.secrets.send(
    new CreateSecretCommand({
      Name: `rds!db-${crypto.randomUUID()}`,
      Description: `The secret associated with the primary RDS DB instance: ${instanceArn}`,
      KmsKeyId: text(kmsKeyId),
      SecretString: JSON.stringify(credentials),
    }),
  );
  const SecretId = String(ARN);
  const Tags = toTagList(tags);
  if (Tags.length > 0) await cloud.secrets.send(new TagResourceCommand({ SecretId, Tags }));
  const key = text(kmsKeyId) ?? cloud.arn("kms", "alias/aws/secretsmanager");
  return { kmsKeyId: key, secretArn: SecretId, secretStatus: "active" };
}

/** The secret that an instance has by what the engine knows of it; undefined when it has none. */
export function masterSecretOf(properties: Record<string, unknown>): MasterUserSecret | undefined {
  return list(properties.masterUserSecrets)[0] as MasterUserSecret | undefined;
}

/** With the instance its secret goes at once; it has no days of grace. */
export async function deleteMasterSecret(cloud: AwsCloud, secret: MasterUserSecret | undefined): Promise<void> {
  if (!secret) return;
  const command = new DeleteSecretCommand({ SecretId: secret.secretArn, ForceDeleteWithoutRecovery: true });
  await ignoreMissing(cloud.secrets.send(command));
}
