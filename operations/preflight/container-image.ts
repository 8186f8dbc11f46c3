import type { TokenCredential } from "@azure/identity";
import { AcrAuthorization } from "../../lambdas/containers/acr.ts";
import { Registry } from "../../lambdas/containers/registry.ts";
import { type Outputs, textIn } from "../outputs.ts";
import { fail, ok, type Verdict } from "./verdict.ts";

/** The standby's registry of images, as an operator. @param dr outputs of stack dr */
export function registryOf(dr: Outputs, credential: TokenCredential): Registry {
  const origin = `https://${textIn(dr, "registryLoginServer")}`;
  return new Registry(origin, new AcrAuthorization(origin, textIn(dr, "writerTenantId"), credential));
}

/**
 * Whether containers of the standby can be made from the image that is set.
 *
 * @param image as multicloud-dr:containerImage has it @example "shop/web:1.4"
 */
export async function lookAtContainerImage(registry: Pick<Registry, "digestOf">, image: string): Promise<Verdict> {
  const [, repository = "", reference = ""] = /^([^:@]+)[:@](.+)$/.exec(image) ?? [];
  const digest = await registry.digestOf(repository, reference);
  if (digest !== undefined) return ok(`${image} is ${digest} at the standby`);
  return fail(
    `${image} is not in the standby's registry`,
    "push it at the primary and wait for it to follow, or set multicloud-dr:containerImage to one that is there: see " +
      "`npm run dr -- status` and docs/containers.md",
  );
}
