import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

const IMAGES = "Microsoft.Compute/galleries/images";
const SOURCE = "(Gallery Images - Create Or Update)";

/** The gallery that `galleryName` names. */
const GALLERY = {
  property: "galleryName",
  id: (inputs: Properties, cloud: AzureCloud) =>
    inGroup(cloud, inputs.resourceGroupName, `Microsoft.Compute/galleries/${inputs.galleryName}`),
};

/** azure-native:compute:Gallery */
export const gallery = armActuator({
  id: GALLERY.id,
  name: {
    property: "galleryName",
    pattern: /^[a-zA-Z0-9]([\w.]{0,78}[a-zA-Z0-9])?$/,
    rule: "1 to 80 letters, digits, '_' and '.', no hyphens (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  outputs: () => ({ provisioningState: "Succeeded" }),
  keeps: (id, { resources }) => {
    const image = resources.list(IMAGES).find((each) => each.id.toLowerCase().startsWith(`${id.toLowerCase()}/`));
    return image && `${id} holds ${image.id} (CannotDeleteResource: nested resources)`;
  },
});

/** azure-native:compute:GalleryImage, the definition of an image; its versions are another type. */
export const galleryImage = armActuator({
  id: (inputs, cloud) => `${GALLERY.id(inputs, cloud)}/images/${inputs.galleryImageName}`,
  name: {
    property: "galleryImageName",
    pattern: /^[a-zA-Z0-9]([\w.-]{0,78}[a-zA-Z0-9])?$/,
    rule: "1 to 80 letters, digits, '_', '-' and '.' (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: GALLERY,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  replaceOn: ["osType", "osState", "hyperVGeneration", "identifier", "features", "architecture"],
  check: imageRefusals,
  outputs: () => ({ provisioningState: "Succeeded" }),
});

interface Identifier {
  publisher?: string;
  offer?: string;
  sku?: string;
}

function imageRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (property: string, reason: string) => refusals.push({ property, reason: `${reason} ${SOURCE}` });
  const { osType, osState, hyperVGeneration, identifier, features, galleryImageName } = inputs;
  if (osType !== undefined && osType !== "Linux" && osType !== "Windows") refuse("osType", `"${osType}" is no system`);
  if (osState !== undefined && osState !== "Generalized" && osState !== "Specialized") {
    refuse("osState", `"${osState}" is neither Generalized nor Specialized`);
  }
  const security = ((features as { name?: string; value?: string }[] | undefined) ?? []).find(
    ({ name }) => name === "SecurityType",
  );
  if (security?.value?.includes("TrustedLaunch") && hyperVGeneration !== "V2") {
    refuse("hyperVGeneration", `found ${hyperVGeneration ?? "none, which is V1"}; Trusted Launch needs V2`);
  }
  const { publisher, offer, sku } = (identifier ?? {}) as Identifier;
  const twin = cloud.resources.list(IMAGES).find(({ id, properties }) => {
    const other = (properties.identifier ?? {}) as Identifier;
    const beside = id.toLowerCase().startsWith(`${GALLERY.id(inputs, cloud).toLowerCase()}/`);
    const same = other.publisher === publisher && other.offer === offer && other.sku === sku;
    return beside && same && !id.endsWith(`/${galleryImageName}`);
  });
  if (identifier && twin) refuse("identifier", `${twin.id} has the same publisher, offer and SKU`);
  return refusals;
}
