import { REGION, TENANT_ID } from "./mock-outputs.ts";

/** Outputs of a standing prod stack, as far as other stacks read them. */
export const PROD_OUTPUTS = {
  region: REGION,
  contentBucketName: "shop-content-bucket-1a2b3c4",
  contentBucketArn: "arn:aws:s3:::shop-content-bucket-1a2b3c4",
  contentHost: "shop-content-bucket-1a2b3c4.s3.eu-west-1.amazonaws.com",
};

/** Outputs of a standing dr stack, as far as other stacks read them. */
export const DR_OUTPUTS = {
  declaredDisaster: "none",
  resourceGroupName: "shop-standby",
  copiesBlobEndpoint: "https://shopcopiesa1b2c3d4.blob.core.windows.net/",
  copiesContainerName: "content",
  writerIdentityName: "shop-content-writer",
  writerClientId: "12345678-1111-4222-8333-444455556666",
  writerTenantId: TENANT_ID,
};
