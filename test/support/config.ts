import type { Role } from "../../stacks/settings.ts";

const COMMON = {
  "multicloud-dr:workload": "shop",
  "multicloud-dr:environment": "production",
  "multicloud-dr:owner": "platform-team",
  "multicloud-dr:protectData": "true",
};

const RANGES = {
  "multicloud-dr:primaryCidr": "10.16.0.0/16",
  "multicloud-dr:standbyCidr": "10.32.0.0/16",
};

const STACKS = { "multicloud-dr:prodStack": "prod", "multicloud-dr:drStack": "dr" };

/** A good configuration of a stack of each role: every key that it reads, as the engine hands it over. */
export const CONFIG: Record<Role, Record<string, string>> = {
  prod: {
    ...COMMON,
    ...RANGES,
    "multicloud-dr:role": "prod",
    "multicloud-dr:zones": "3",
    "aws:region": "eu-west-1",
  },
  dr: {
    ...COMMON,
    ...RANGES,
    "multicloud-dr:role": "dr",
    "multicloud-dr:declareDisaster": "none",
    "multicloud-dr:copyRetentionDays": "30",
    "azure-native:location": "germanywestcentral",
  },
  link: {
    ...COMMON,
    ...STACKS,
    "multicloud-dr:role": "link",
    "multicloud-dr:webIdentityIssuer": "enable",
    "multicloud-dr:replicationConcurrency": "20",
    "aws:region": "eu-west-1",
    "azure-native:location": "germanywestcentral",
  },
  traffic: {
    ...COMMON,
    ...STACKS,
    "multicloud-dr:role": "traffic",
    "multicloud-dr:domain": "shop.example.com",
    "multicloud-dr:contentName": "content",
    "multicloud-dr:ttlSeconds": "60",
    "aws:region": "us-east-1",
  },
};
