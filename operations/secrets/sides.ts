import type { Sides } from "../../lambdas/secrets/sweep.ts";
import { azureOperator } from "../azure-operator.ts";
import { type Outputs, textIn } from "../outputs.ts";
import { readStackSettings } from "../stack-files.ts";

/** Whether secrets follow at all. @param link outputs of stack link */
export function secretsFollow(link: Outputs): boolean {
  return link.values.secretsQueueUrl !== undefined;
}

/**
 * The primary's secrets and their copies, by the operator's own credentials; nobody's values are read.
 *
 * @param folder where the stack file of link is, which says in what region the secrets are
 * @param limit how long AWS is waited for, in milliseconds, and then no second time; as its SDK has it without one
 */
export async function openSecrets(dr: Outputs, folder: string, limit?: number): Promise<Sides> {
  const [{ SecretsManagerClient }, { Source }, { Vault }, credential] = await Promise.all([
    import("@aws-sdk/client-secrets-manager"),
    import("../../lambdas/secrets/source.ts"),
    import("../../lambdas/secrets/vault.ts"),
    azureOperator(),
  ]);
  const [settings] = readStackSettings(folder, "link");
  const patience = limit !== undefined && {
    ...{ maxAttempts: 1, requestHandler: { connectionTimeout: limit, requestTimeout: limit } },
  };
  return {
    source: new Source(new SecretsManagerClient({ region: settings?.["aws:region"], ...patience })),
    target: new Vault(textIn(dr, "secretsVaultUri"), credential),
    workload: dr.workload,
  };
}
