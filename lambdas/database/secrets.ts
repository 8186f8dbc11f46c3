import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { z } from "zod";

const credentials = z.object({ username: z.string().min(1), password: z.string().min(1) });
export type Credentials = z.infer<typeof credentials>;

/**
 * Reads whom to be on a server, and with which password.
 *
 * @throws Error that names the secret and says nothing of what is in it
 */
export async function readCredentials(client: SecretsManagerClient, arn: string): Promise<Credentials> {
  const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
  const read = credentials.safeParse(parsed(SecretString));
  if (read.success) return read.data;
  throw new Error(
    `expected {"username": …, "password": …} in the secret ${arn}, found another form; the stack writes it`,
  );
}

/** Without the parser's own error, which quotes what it could not read. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
