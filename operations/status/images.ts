import type { ContainerClient } from "@azure/storage-blob";
import { AMI, newestOf } from "../../lambdas/images/ami.ts";
import { NEWEST_DOCUMENT, type NewestImage, readNewest } from "../../lambdas/images/newest-document.ts";
import type { ImageArrivalOutputs } from "../../stacks/link-images.ts";
import { azureOperator } from "../azure-operator.ts";
import type { Outputs } from "../outputs.ts";
import { readStackSettings } from "../stack-files.ts";
import { type Told, told } from "./told.ts";

/** An image of the primary's servers. */
export interface PrimaryImage {
  image: string;
  /** When it was made. */
  created: string;
  /** Hours for which it may wait to be at the standby. */
  patienceHours: number;
}

/** How the images of the servers stand, where they follow. */
export interface Images {
  /** The one that the standby's servers start from; null when none has followed yet. */
  standby: Told<NewestImage | null>;
  /** The newest one of the primary; null when there is none. */
  primary: Told<PrimaryImage | null>;
}

/** Looks at both sides; undefined where images do not follow. @param limits how long to wait for each cloud, in milliseconds */
export async function imagesOf(
  dr: Outputs,
  folder: string,
  limits: { aws: number; azure: number },
  signal: AbortSignal,
): Promise<Images | undefined> {
  const arrival = dr.values.images as ImageArrivalOutputs | undefined;
  if (!arrival) return undefined;
  const [standby, primary] = await Promise.all([
    told((each) => newestAtStandby(arrival, each), limits.azure, signal),
    told((each) => newestAtPrimary(dr.workload, folder, limits.aws, each), limits.aws, signal),
  ]);
  return { standby, primary };
}

async function newestAtStandby(
  { blobEndpoint, containerName }: ImageArrivalOutputs,
  abortSignal: AbortSignal,
): Promise<NewestImage | null> {
  const { ContainerClient } = await import("@azure/storage-blob");
  const place = new URL(containerName, blobEndpoint).href;
  return readAt(new ContainerClient(place, await azureOperator()), abortSignal);
}

/** @returns null when there is none @throws Error when it is something else */
export async function readAt(container: ContainerClient, abortSignal: AbortSignal): Promise<NewestImage | null> {
  const blob = container.getBlobClient(NEWEST_DOCUMENT);
  try {
    return readNewest(String(await blob.downloadToBuffer(undefined, undefined, { abortSignal })));
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
}

async function newestAtPrimary(
  workload: string,
  folder: string,
  limit: number,
  abortSignal: AbortSignal,
): Promise<PrimaryImage | null> {
  const { DescribeImagesCommand, EC2Client } = await import("@aws-sdk/client-ec2");
  const [settings] = readStackSettings(folder, "link");
  // One try: when AWS is dead, that shall be said soon.
  const requestHandler = { connectionTimeout: limit, requestTimeout: limit };
  const ec2 = new EC2Client({ region: settings?.["aws:region"], maxAttempts: 1, requestHandler });
  const command = new DescribeImagesCommand({
    Owners: ["self"],
    Filters: [{ Name: "tag:Workload", Values: [workload] }],
  });
  const { Images = [] } = await ec2.send(command, { abortSignal });
  const newest = newestOf(Images.map((each) => AMI.parse(each)));
  if (!newest || !settings) return null;
  const { imageMaxLagHours: patienceHours } = settings;
  return { image: newest.ImageId, created: newest.CreationDate.toISOString(), patienceHours };
}
