import type * as pulumi from "@pulumi/pulumi";

/** The word for the newest image that was replicated from the primary. */
export const REPLICATED = "replicated";

/** What a server of the standby starts from. */
export interface ServerImage {
  /** The image, as a scale set names it. */
  reference: { id: pulumi.Input<string> } | { publisher: string; offer: string; sku: string; version: string };
  /** A copy of a server, with its users in it; it takes no user and no password. */
  specialized: boolean;
  /** Whether its servers may check what they boot. */
  trustedLaunch: boolean;
}

const GALLERY_IMAGE = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Compute\/galleries\//i;

/**
 * Reads the name of a server image.
 *
 * An image in a gallery is taken for a copy of a server of the primary: specialized, and of the first generation, for
 * which there is no Trusted Launch. Of the marketplace every image may have it, except those whose SKU says that they
 * are of the first generation ("Trusted Launch for Azure virtual machines").
 *
 * @param text id of a gallery image or of a version of one, `publisher:offer:sku:version`, or `replicated`
 * @param replicated id of the image whose versions are replicated; servers start from the latest of them
 * @throws Error for anything else
 */
export function imageReference(text: string, replicated?: pulumi.Input<string>): ServerImage {
  if (text === REPLICATED && replicated !== undefined) {
    return { reference: { id: replicated }, specialized: true, trustedLaunch: false };
  }
  if (GALLERY_IMAGE.test(text)) return { reference: { id: text }, specialized: true, trustedLaunch: false };
  const [publisher, offer, sku, version, ...more] = text.split(":");
  if (!publisher || !offer || !sku || !version || more.length > 0) {
    throw new Error(
      `expected a server image, the id of a Compute Gallery image (version) or publisher:offer:sku:version, found "${text}": set multicloud-dr:standbyImage to one of these`,
    );
  }
  const trustedLaunch = !/gen1$/i.test(sku);
  return { reference: { publisher, offer, sku, version }, specialized: false, trustedLaunch };
}
