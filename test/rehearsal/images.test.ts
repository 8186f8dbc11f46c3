import { truncate } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { DeregisterImageCommand, RegisterImageCommand } from "@aws-sdk/client-ec2";
import { DescribeExecutionCommand, GetExecutionHistoryCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { ContainerClient } from "@azure/storage-blob";
import { expect } from "chai";
import { openStack, type StackName, up } from "../../operations/stacks.ts";
import { makeServerDisk, type ServerDiskArgs } from "../../rehearsal/server-disk.ts";
import { type DiskTool, findQemuImg } from "../../rehearsal/tools/qemu.ts";
import { useStage } from "../support/stage.ts";
import { until } from "../support/until.ts";

const DEPLOYMENT = 300_000;

/** What a server says of itself, well or not. */
async function healthOf({ host, port }: { host: string; port: number }, path: string): Promise<object> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ host, port, path, rejectUnauthorized: false }, resolve).on("error", reject);
  });
  return JSON.parse(await text(answer));
}

describe("images of the primary's servers", () => {
  const test = useStage();
  let qemu: DiskTool;
  let outputs: Record<"prod" | "dr" | "link", Record<string, unknown>>;

  const cloud = () => test.stage.clouds.aws.connect(String(outputs.prod.region));
  const azure = () => test.stage.clouds.azure;

  async function deploy(name: StackName): Promise<Record<string, unknown>> {
    const { outputs } = await up(await openStack(test.stage.project, name));
    return Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]));
  }

  before(async () => {
    qemu = await findQemuImg(() => {}, AbortSignal.timeout(100_000));
    const on = (text: string) => text.replace("config:\n", "config:\n  multicloud-dr:imageReplication: on\n");
    await test.edit("dr", on);
    await test.edit("link", (text) => on(text).replace("config:\n", 'config:\n  multicloud-dr:imageVersions: "1"\n'));
    outputs = { prod: await deploy("prod"), dr: await deploy("dr"), link: await deploy("link") };
  });

  /** Makes an image as the pipeline does. */
  async function image(name: string, disk?: ServerDiskArgs, more: object = {}): Promise<string> {
    const { ImageId = "" } = await cloud().ec2.send(
      new RegisterImageCommand({
        Name: name,
        Architecture: "x86_64",
        RootDeviceName: "/dev/xvda",
        BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId: "snap-0123456789abcdef0" } }],
        TagSpecifications: [{ ResourceType: "image", Tags: [{ Key: "Workload", Value: "shop" }] }],
        ...more,
      }),
    );
    if (disk) await makeServerDisk(qemu, diskOf(ImageId), disk);
    return ImageId;
  }

  const diskOf = (id: string) => join(test.stage.clouds.aws.imageDisks, `${id}.vhd`);

  const gone = (ImageId: string) => cloud().ec2.send(new DeregisterImageCommand({ ImageId }));

  /** Carries what is to be carried. @param meanwhile is done while the export is under way */
  async function run(meanwhile?: () => Promise<unknown>) {
    const { sfn } = cloud();
    const stateMachineArn = String(outputs.link.imagesMachineArn);
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn }));
    if (meanwhile) {
      const entered = async () => (await sfn.send(new GetExecutionHistoryCommand({ executionArn }))).events ?? [];
      const exporting = async () =>
        (await entered()).some(
          ({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === "Wait for the export",
        );
      await until(exporting, "the export is under way");
      await meanwhile();
    }
    const describe = () => sfn.send(new DescribeExecutionCommand({ executionArn }));
    await until(async () => (await describe()).status !== "RUNNING", "the execution ended", 110_000);
    const { status, error, cause, output } = await describe();
    return { status, error, cause, output: output === undefined ? undefined : JSON.parse(output) };
  }

  async function newest(): Promise<Record<string, string> | undefined> {
    const { blobEndpoint, containerName } = outputs.dr.images as Record<string, string>;
    const blob = new ContainerClient(`${blobEndpoint}${containerName}`, azure().operator()).getBlobClient(
      "newest.json",
    );
    return (await blob.exists()) ? JSON.parse(String(await blob.downloadToBuffer())) : undefined;
  }

  const versions = () =>
    azure()
      .resources.below(`${outputs.dr.imageDefinitionId}/versions`)
      .map(({ id }) => id.split("/").at(-1));
  const left = () =>
    azure()
      .resources.ids()
      .filter((id) => id.includes("shop-boot-checks/") && /virtualMachines|networkInterfaces/.test(id));

  it("do not follow as long as there is none", async () => {
    expect(await run()).to.deep.include({ status: "SUCCEEDED", output: { image: null } });
  });

  it("follow once they were seen to boot, and leave no server behind", async () => {
    const id = await image("shop 41", { app: "41" });
    const { status, cause, output } = await run();
    expect(status, cause).to.equal("SUCCEEDED");
    expect(output).to.include({ image: id });
    expect(await newest()).to.include({ image: id, version: output.version });
    expect(versions()).to.deep.equal([output.version]);
    expect(left()).to.deep.equal([]);
  });

  it("are not carried again", async () => {
    expect(await run()).to.deep.include({ status: "SUCCEEDED", output: { image: null } });
  });

  describe("that cannot follow leave the good version as it was, and say why:", () => {
    const bad: Record<string, [disk: ServerDiskArgs | undefined, more: object, error: string, cause: RegExp]> = {
      "one that is encrypted": [
        { app: "x" },
        { BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { Encrypted: true, SnapshotId: "snap-1" } }] },
        "UnfitImageError",
        /its snapshot is encrypted\. build the image of both clouds/,
      ],
      "one that AWS does not export": [
        undefined,
        {},
        "ExportError",
        /found its task .* deleted \(ClientError: Unsupported kernel version\)/,
      ],
      "one that does not boot": [
        { app: "x", console: "Kernel panic - not syncing: VFS: Unable to mount root fs" },
        {},
        "BootError",
        /found it lost \(Kernel panic - not syncing: VFS/,
      ],
    };
    for (const [what, [disk, more, error, cause]] of Object.entries(bad)) {
      it(what, async () => {
        const before = { newest: await newest(), versions: versions() };
        const id = await image(`shop ${what}`, disk, more);
        const ended = await run();
        expect({ status: ended.status, error: ended.error }, ended.cause).to.deep.equal({ status: "FAILED", error });
        expect(ended.cause).to.match(cause);
        expect({ newest: await newest(), versions: versions() }).to.deep.equal(before);
        expect(left()).to.deep.equal([]);
        await gone(id);
      });
    }

    it("one whose export is torn", async () => {
      const id = await image("shop torn", { app: "x" });
      await truncate(diskOf(id), 1_000_000);
      const ended = await run();
      expect(ended).to.deep.include({ status: "FAILED", error: "BadDiskError" });
      expect(ended.cause).to.match(/expected a VHD with a footer at its end, found none: it is cut off/);
      await gone(id);
    });

    it("one that vanishes meanwhile", async () => {
      const id = await image("shop vanished", { app: "x" });
      const ended = await run(() => gone(id));
      expect(ended).to.deep.include({ status: "FAILED", error: "ExportError" });
      expect(ended.cause).to.contain(`The image ${id} does not exist`);
    });

    it("and it is still the good one that servers start from", async () => {
      expect(await newest()).to.have.property("version", versions().at(-1));
      expect(left()).to.deep.equal([]);
    });
  });

  it("follow again, and only so many versions are kept as are wanted", async () => {
    await image("shop 42", { app: "42" });
    const { status, cause, output } = await run();
    expect(status, cause).to.equal("SUCCEEDED");
    expect(versions()).to.deep.equal([output.version]);
  });

  it("are what the standby's servers start from, where standbyImage is replicated", async () => {
    await test.edit("dr", (text) =>
      text
        .replace(/standbyImage: .*/, "standbyImage: replicated")
        .replace('multicloud-dr:drill: "false"', 'multicloud-dr:drill: "true"'),
    );
    const dr = await deploy("dr");
    const [machine] = azure().scaleSets.machinesOf(String(dr.scaleSetId));
    if (!machine) throw new Error("expected the standby's servers to stand in a drill, found none");
    expect(await healthOf(machine.target, String(dr.healthPath))).to.include({ site: "standby", version: "42" });
  });
}).timeout(DEPLOYMENT);
