import type * as pulumi from "@pulumi/pulumi";
import { ImageReplication } from "../components/replication/image-replication.ts";
import { objectOf, outputOf, type Sides } from "./references.ts";
import type { Settings } from "./settings.ts";
import { tagsFor } from "./tags.ts";

/** What dr says of where images arrive. */
export interface ImageArrivalOutputs {
  blobEndpoint: string;
  containerName: string;
  accountId: string;
  writerIdentityName: string;
  writerClientId: string;
  bootGroupId: string;
  bootSubnetId: string;
  bootSize: string;
}

/** The way of new images of the servers to the standby, where they follow. */
export function imageReplication(
  settings: Settings<"link">,
  webIdentityIssuer: pulumi.Output<string>,
  { primary, standby }: Sides,
): object {
  if (settings.imageReplication === "off") return {};
  const { workload } = settings;
  const arrival = objectOf<ImageArrivalOutputs>(standby, "images");
  const images = new ImageReplication(`${workload}-images`, {
    workload,
    target: {
      blobEndpoint: arrival.blobEndpoint,
      containerName: arrival.containerName,
      accountId: arrival.accountId,
      imageDefinitionId: outputOf(standby, "imageDefinitionId"),
      resourceGroupName: outputOf(standby, "resourceGroupName"),
      identityName: arrival.writerIdentityName,
      clientId: arrival.writerClientId,
      tenantId: outputOf(standby, "writerTenantId"),
      boot: { resourceGroupId: arrival.bootGroupId, subnetId: arrival.bootSubnetId, vmSize: arrival.bootSize },
      location: settings["azure-native:location"],
    },
    versions: settings.imageVersions,
    maxLagHours: settings.imageMaxLagHours,
    webIdentityIssuer,
    alarmTopicArn: outputOf(primary, "alarmTopicArn"),
    tags: tagsFor("replication", settings),
  });

  return {
    imagesMachineArn: images.machineArn,
    imagesFunctionName: images.functionName,
    imagesBucketName: images.bucketName,
  };
}
