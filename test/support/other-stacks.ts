import { ACCOUNT, REGION, TENANT_ID } from "./mock-outputs.ts";

/** Outputs of a standing prod stack, as far as other stacks read them. */
export const PROD_OUTPUTS = {
  workload: "shop",
  region: REGION,
  zoneId: "Z0123456789ABCDEFGHIJ",
  appName: "app.shop.example.com",
  appHost: "shop-web-1234567.eu-west-1.elb.amazonaws.com",
  contentName: "content.shop.example.com",
  contentHost: "d111111abcdef8.cloudfront.net",
  contentBucketName: "shop-content-bucket-1a2b3c4",
  contentBucketArn: "arn:aws:s3:::shop-content-bucket-1a2b3c4",
  vpcId: "vpc-0123456789abcdef0",
  privateSubnetIds: ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"],
  databaseArn: `arn:aws:rds:${REGION}:${ACCOUNT}:db:shop-database-server-1a2b3c4`,
  databaseAddress: `shop-database-server-1a2b3c4.c0ffee.${REGION}.rds.amazonaws.com`,
  databasePort: 3306,
  databaseIdentifier: "shop-database-server-1a2b3c4",
  databaseSecretArn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:shop-database-secret-1a2b3c4-AbCdEf`,
  databaseSecurityGroupId: "sg-0123456789abcdef0",
  alarmTopicArn: `arn:aws:sns:${REGION}:${ACCOUNT}:shop-alarms-topic-1a2b3c4`,
};

/** Outputs of a standing dr stack, as far as other stacks read them. */
export const DR_OUTPUTS = {
  workload: "shop",
  declaredDisaster: "none",
  resourceGroupName: "shop-standby",
  appName: "app.shop.example.com",
  appHost: "shop-app-a1b2c3d4e5f6a7b8.z01.azurefd.net",
  appToken: "_app0123456789abcdef",
  contentName: "content.shop.example.com",
  contentHost: "shop-content-a1b2c3d4e5f6a7b8.z01.azurefd.net",
  contentToken: "_content0123456789ab",
  copiesBlobEndpoint: "https://shopcopiesa1b2c3d4.blob.core.windows.net/",
  copiesContainerName: "content",
  writerIdentityName: "shop-content-writer",
  writerClientId: "12345678-1111-4222-8333-444455556666",
  writerTenantId: TENANT_ID,
  dumpsBlobEndpoint: "https://shopdumpsa1b2c3d4.blob.core.windows.net/",
  dumpsContainerName: "dumps",
  dumpWriterIdentityName: "shop-dump-writer",
  dumpWriterClientId: "87654321-1111-4222-8333-444455556666",
  vaultName: "shop-a1b2c3d4",
  markerEndpoint: "https://shopmarkera1b2c3d4.z1.web.core.windows.net/",
};
