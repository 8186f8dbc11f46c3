import { get } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { RegisterImageCommand } from "@aws-sdk/client-ec2";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { DescribeExecutionCommand, ListExecutionsCommand } from "@aws-sdk/client-sfn";
import type { Deployment } from "./deployment.ts";
import { makeServerDisk } from "./server-disk.ts";
import { findQemuImg } from "./tools/qemu.ts";
import type { Report } from "./tools/run.ts";

/** Between two looks, in milliseconds. */
const LOOK = 500;

/** How long an event may take until it has started the machine, in milliseconds. */
const WAKING = 30_000;

/** By which whoever stands for EC2 beside the emulator is known: see emulated_events.py. */
const EC2 = "local.ec2";

/** An image that was made at the primary, and is at the standby. */
export interface CarriedImage {
  image: string;
  /** In the gallery. */
  version: string;
  seconds: number;
}

/**
 * Makes an image of the primary's servers, as a pipeline does, the event of which wakes what carries it, and waits until
 * it is at the standby.
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
  const executionArn = await wake(deployment, image);
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

/** Tells of an image as EC2 does ("Monitor AMI events using Amazon EventBridge"). @returns the execution that this wakes */
async function wake(deployment: Deployment, image: string): Promise<string> {
  const { signal: abortSignal } = deployment;
  const { eventbridge, sfn } = deployment.stage.clouds.aws.connect(deployment.output("prod", "region"));
  const Detail = JSON.stringify({ State: "available", ImageId: image, ErrorMessage: "" });
  const event = { Source: EC2, DetailType: "EC2 AMI State Change", Detail };
  const stateMachineArn = deployment.output("link", "imagesMachineArn");
  const executions = async () => {
    const { executions: all = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }), { abortSignal });
    return all.map(({ executionArn = "" }) => executionArn);
  };
  const before = await executions();
  await eventbridge.send(new PutEventsCommand({ Entries: [event] }), { abortSignal });
  const deadline = performance.now() + WAKING;
  for (;;) {
    const woken = (await executions()).find((each) => !before.includes(each));
    if (woken !== undefined) return woken;
    if (performance.now() > deadline) throw new Error(`expected the event of ${image} to start ${stateMachineArn}`);
    await delay(LOOK, undefined, { signal: abortSignal });
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
