import { expect } from "chai";
import { AMI, type Ami } from "../../../lambdas/images/ami.ts";
import { obstaclesTo, requireFit, UnfitImageError } from "../../../lambdas/images/fitness.ts";

/** An image as DescribeImages has it, of a server of Amazon Linux. */
const image = (more: object = {}): Ami =>
  AMI.parse({
    ImageId: "ami-0123456789abcdef0",
    Name: "shop 42",
    CreationDate: "2026-11-30T09:15:00.000Z",
    State: "available",
    Architecture: "x86_64",
    BootMode: "uefi-preferred",
    PlatformDetails: "Linux/UNIX",
    UsageOperation: "RunInstances",
    RootDeviceType: "ebs",
    BlockDeviceMappings: [
      { DeviceName: "/dev/xvda", Ebs: { Encrypted: false, SnapshotId: "snap-1" } },
      { DeviceName: "/dev/sdb", VirtualName: "ephemeral0" },
    ],
    ...more,
  });

describe("whether an image can follow", () => {
  it("finds nothing amiss with a Linux of one plain disk", () => {
    expect(obstaclesTo(image())).to.deep.equal([]);
    expect(() => requireFit(image())).not.to.throw();
  });

  const unfit: Record<string, [more: object, reason: RegExp]> = {
    Windows: [{ Platform: "windows", UsageOperation: "RunInstances:0002" }, /^it is Windows, whose licence is AWS's$/],
    "a lent licence": [
      { PlatformDetails: "Red Hat Enterprise Linux", UsageOperation: "RunInstances:0010" },
      /^AWS lends it the licence of Red Hat Enterprise Linux$/,
    ],
    "the Marketplace": [{ ProductCodes: [{ ProductCodeId: "abc123", ProductCodeType: "marketplace" }] }, /\(abc123\)$/],
    "an encrypted snapshot": [{ BlockDeviceMappings: [{ Ebs: { Encrypted: true } }] }, /^its snapshot is encrypted$/],
    "several disks": [{ BlockDeviceMappings: [{ Ebs: {} }, { Ebs: {} }] }, /^it has 2 disks/],
    "no EBS": [{ RootDeviceType: "instance-store" }, /^its disk is instance-store/],
    "another architecture": [{ Architecture: "arm64" }, /^it is for arm64/],
    "UEFI alone": [{ BootMode: "uefi" }, /^it boots by UEFI alone/],
  };
  for (const [what, [more, reason]] of Object.entries(unfit)) {
    it(`refuses ${what}, with the reason alone`, () => {
      const found = obstaclesTo(image(more));
      expect(found).to.have.length(1);
      expect(found[0]).to.match(reason);
    });
  }

  it("tells every reason at once, and the way round", () => {
    const both = image({ Architecture: "arm64", BlockDeviceMappings: [{ Ebs: { Encrypted: true } }] });
    expect(() => requireFit(both)).to.throw(
      UnfitImageError,
      /found ami-0123456789abcdef0 \(shop 42\): its snapshot is encrypted; it is for arm64.*Packer/,
    );
  });
});
