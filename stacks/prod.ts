import { ContentBucket } from "../components/primary/content-bucket.ts";
import { Network } from "../components/primary/network.ts";
import type { Settings } from "./settings.ts";
import { tagsFor } from "./tags.ts";

/** The primary site: AWS only. */
export function prod(settings: Settings<"prod">) {
  const { workload, primaryCidr, zones, protectData } = settings;
  const tags = tagsFor("primary", settings);

  const network = new Network(`${workload}-primary`, { cidr: primaryCidr, zones, tags });
  const content = new ContentBucket(`${workload}-content`, { protectData, tags });

  return {
    region: settings["aws:region"],
    vpcId: network.vpcId,
    subnetIds: network.subnetIds,
    contentBucketName: content.bucketName,
    contentBucketArn: content.bucketArn,
    contentHost: content.regionalDomainName,
  };
}
