import type { TokenCredential } from "@azure/identity";
import { authorityOptions } from "../lambdas/shared/authority.ts";

/** Whoever is signed in on this machine: by environment, workload or managed identity, or `az login`. */
export async function azureOperator(): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import("@azure/identity");
  return new DefaultAzureCredential(authorityOptions());
}
