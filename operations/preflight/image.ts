import { z } from "zod";
import { REPLICATED } from "../../components/standby/image-reference.ts";
import type { ResourceManager } from "../../lambdas/shared/resource-manager.ts";
import { fail, ok, type Verdict, warn } from "./verdict.ts";

/** The API of Microsoft.Compute/galleries that all of this project's resources of it are of. */
const API_VERSION = "2024-03-03";

/** What Pulumi.yaml has for an image as long as nobody set one: an operating system, and no app on it. */
const DEFAULT = "Canonical:ubuntu-24_04-lts:server:latest";

const BUILD = "have the image of the servers built, and set multicloud-dr:standbyImage in Pulumi.dr.yaml to it";

const version = z.object({
  id: z.string(),
  properties: z
    .object({
      provisioningState: z.string().optional(),
      publishingProfile: z.object({ excludeFromLatest: z.boolean().optional() }).default({}),
    })
    .default({ publishingProfile: {} }),
});

const FOLLOW = "wait for an image of the primary's to follow: see the alarms of link, and docs/images.md";

/**
 * Whether servers of the standby can be made from the image that is set.
 *
 * @param image as multicloud-dr:standbyImage has it
 * @param replicated id of the image whose versions follow from the primary
 */
export async function lookAtImage(
  manager: ResourceManager,
  image: string,
  replicated: string,
  signal: AbortSignal,
): Promise<Verdict> {
  if (image === REPLICATED) {
    const found = z.array(version).parse((await manager.list(`${replicated}/versions`, API_VERSION, signal)) ?? []);
    // The others are still being looked at, or did not boot.
    const promoted = found.filter(({ properties }) => !properties.publishingProfile.excludeFromLatest);
    return judgeVersions(replicated, promoted, FOLLOW);
  }
  if (!image.startsWith("/")) return judgeMarketplace(image);
  if (/\/versions\/[^/]+$/i.test(image)) {
    const found = await manager.get(image, API_VERSION, signal);
    return judgeVersions(image, found === undefined ? [] : [found]);
  }
  return judgeVersions(image, (await manager.list(`${image}/versions`, API_VERSION, signal)) ?? []);
}

function judgeMarketplace(image: string): Verdict {
  if (image !== DEFAULT) return ok(`${image}, of the marketplace`);
  return warn(`${image}, the default: an operating system without the app, which no server could serve`, BUILD);
}

function judgeVersions(image: string, found: readonly unknown[], mend = BUILD): Verdict {
  const versions = z.array(version).parse(found);
  const good = versions.filter(({ properties }) => (properties.provisioningState ?? "Succeeded") === "Succeeded");
  const newest = good.at(-1)?.id.split("/").at(-1);
  if (newest !== undefined) return ok(`version ${newest} of ${image.replace(/\/versions\/[^/]+$/i, "")}`);
  return fail(`${image} has no version that can be used`, mend);
}
