import type { Ami } from "./ami.ts";

/** What EC2 bills for a system without a licence of its own: any other is one that AWS lends ("AMI billing information fields"). */
const PLAIN = "RunInstances";

/** An image that AWS would not export, or Azure not boot. */
export class UnfitImageError extends Error {
  constructor(message: string) {
    super(message);
    // Step Functions knows an error of a function's by its name.
    this.name = "UnfitImageError";
  }
}

/** What to do about an image that cannot follow. */
const INSTEAD =
  "build the image of both clouds from one source (docs/images.md, Packer), and set multicloud-dr:standbyImage to Azure's";

/**
 * Why an image cannot follow, all of it; nothing when it can.
 *
 * ExportImage finds these out itself, an hour later and one by one ("Exporting a VM directly from an Amazon Machine
 * Image (AMI)", limitations). What it cannot find out, a driver for Hyper-V that is missing, the check of its boot does.
 */
export function obstaclesTo(image: Ami): string[] {
  const { Architecture, BootMode, BlockDeviceMappings, Platform, ProductCodes, RootDeviceType } = image;
  const disks = BlockDeviceMappings.flatMap(({ Ebs }) => Ebs ?? []);
  const lent = image.UsageOperation ?? PLAIN;
  return [
    ...when(Platform?.toLowerCase() === "windows", "it is Windows, whose licence is AWS's"),
    ...when(
      lent !== PLAIN && Platform?.toLowerCase() !== "windows",
      `AWS lends it the licence of ${image.PlatformDetails ?? lent}`,
    ),
    ...when(
      ProductCodes.length > 0,
      `it is made from the Marketplace (${ProductCodes.map((each) => each.ProductCodeId).join(", ")})`,
    ),
    ...when(
      disks.some(({ Encrypted }) => Encrypted === "true"),
      "its snapshot is encrypted",
    ),
    ...when(disks.length > 1, `it has ${disks.length} disks, and a server of the standby has one`),
    ...when(RootDeviceType !== "ebs", `its disk is ${RootDeviceType}, not EBS`),
    ...when(Architecture !== "x86_64", `it is for ${Architecture}, and the standby's servers are x86_64`),
    ...when(
      BootMode === "uefi",
      "it boots by UEFI alone, and what AWS exports boots by BIOS, Azure's first generation",
    ),
  ];
}

/** @throws UnfitImageError with every reason, and the way round */
export function requireFit(image: Ami): void {
  const obstacles = obstaclesTo(image);
  if (obstacles.length === 0) return;
  throw new UnfitImageError(
    `expected an image that can be exported, found ${image.ImageId} (${image.Name}): ${obstacles.join("; ")}. ${INSTEAD}`,
  );
}

function when(holds: boolean, reason: string): string[] {
  return holds ? [reason] : [];
}
