import { get } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { RegisterImageCommand } from "@aws-sdk/client-ec2";
import { DescribeExecutionCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { Deployment } from "./deployment.ts";
import { makeServerDisk } from "./server-disk.ts";
import { findQemuImg } from "./tools/qemu.ts";
import type { Report } from "./tools/run.ts";

/** Between two looks, in milliseconds. */
const LOOK = 500;

/** An image that was made at the primary, and is at the standby. */
export interface CarriedImage {
  image: string;
  /** In the gallery. */
  version: string;
  seconds: number;
}

/**
 * Makes an image of the primary's servers, as a pipeline does, and waits until it is at the standby.
 *
 * @param app version of the app on it
 * @throws Error with what the state machine tells, when it does not get there
 */
export async function carryImage(deployment: Deployment, app: string, report: Report): Promise<CarriedImage> {
  const { signal } = deployment;
  const qemu = await findQemuImg(report, signal);
  const { aws } = deployment.stage.clouds;
  const { ec2, sfn } = aws.connect(deployment.output("prod", "region"));
  const workload = deployment.output("prod", "workload");
  const { ImageId: image = "" } = await ec2.send(
    new RegisterImageCommand({
      Name: `${workload} ${app}`,
      Architecture: "x86_64",
      RootDeviceName: "/dev/xvda",
      BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId: "snap-0123456789abcdef0" } }],
      TagSpecifications: [{ ResourceType: "image", Tags: [{ Key: "Workload", Value: workload }] }],
    }),
    { abortSignal: signal },
  );
  await makeServerDisk(qemu, join(aws.imageDisks, `${image}.vhd`), { app });
  const started = performance.now();
  const stateMachineArn = deployment.output("link", "imagesMachineArn");
  const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn }), { abortSignal: signal });
  for (;;) {
    const command = new DescribeExecutionCommand({ executionArn });
    const { status, output = "{}", error, cause } = await sfn.send(command, { abortSignal: signal });
    if (status === "SUCCEEDED") {
      const { version } = JSON.parse(output) as { version: string };
      return { image, version, seconds: (performance.now() - started) / 1000 };
    }
    if (status !== "RUNNING") throw new Error(`the image ${image} did not get to the standby: ${error}: ${cause}`);
    report(`${image} is on its way`);
    await delay(LOOK, undefined, { signal });
  }
}

/** Versions of the app that the standby's servers tell, one for each server. */
export async function versionsServed(deployment: Deployment): Promise<string[]> {
  const machines = deployment.stage.clouds.azure.scaleSets.machinesOf(deployment.output("dr", "scaleSetId"));
  const path = deployment.output("dr", "healthPath");
  return Promise.all(machines.map(({ target }) => versionAt(target, path)));
}

/** What a server says of itself, well or not. */
function versionAt({ host, port }: { host: string; port: number }, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host, port, path, rejectUnauthorized: false }, (answer) => {
      text(answer).then((body) => resolve(String((JSON.parse(body) as { version?: string }).version)), reject);
    }).on("error", reject);
  });
}
