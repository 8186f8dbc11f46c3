import { z } from "zod";

/** An image of EC2's as far as it matters here, in the words of Step Functions ("DescribeImages"). */
export const AMI = z.object({
  ImageId: z.string(),
  Name: z.string().default(""),
  CreationDate: z.coerce.date(),
  State: z.string().default("available"),
  Architecture: z.string().default("x86_64"),
  BootMode: z.string().optional(),
  PlatformDetails: z.string().optional(),
  Platform: z.string().optional(),
  UsageOperation: z.string().optional(),
  RootDeviceType: z.string().default("ebs"),
  ProductCodes: z.array(z.object({ ProductCodeId: z.string() })).default([]),
  BlockDeviceMappings: z
    .array(
      z.object({
        DeviceName: z.string().optional(),
        Ebs: z.object({ Encrypted: z.coerce.string().optional(), SnapshotId: z.string().optional() }).optional(),
      }),
    )
    .default([]),
});
export type Ami = z.infer<typeof AMI>;

/** The newest image that is there to be had. */
export function newestOf(images: readonly Ami[]): Ami | undefined {
  return images
    .filter(({ State }) => State === "available")
    .sort((one, other) => other.CreationDate.getTime() - one.CreationDate.getTime())[0];
}
