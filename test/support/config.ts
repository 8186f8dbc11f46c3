import { parseSettings, type Role, type Settings } from "../../stacks/settings.ts";

const COMMON = {
  "multicloud-dr:workload": "shop",
  "multicloud-dr:environment": "production",
  "multicloud-dr:owner": "platform-team",
  "multicloud-dr:protectData": "true",
};

const SITE = {
  "multicloud-dr:primaryCidr": "10.16.0.0/16",
  "multicloud-dr:standbyCidr": "10.32.0.0/16",
  "multicloud-dr:domain": "shop.example.com",
  "multicloud-dr:appName": "app.shop.example.com",
  "multicloud-dr:contentName": "content.shop.example.com",
  "multicloud-dr:healthPath": "/healthz",
  "multicloud-dr:serversMin": "3",
  "multicloud-dr:serversMax": "12",
  "multicloud-dr:databaseName": "app",
  "multicloud-dr:databaseStorageGib": "200",
  "multicloud-dr:databaseBackupDays": "14",
  "multicloud-dr:logRetentionDays": "90",
  "multicloud-dr:alertEmail": "",
};

const DUMPS = {
  "multicloud-dr:dailyDumps": "14",
  "multicloud-dr:weeklyDumps": "35",
  "multicloud-dr:monthlyDumps": "400",
};

const STACKS = { "multicloud-dr:prodStack": "prod", "multicloud-dr:drStack": "dr" };

/** A good configuration of a stack of each role: every key that it reads, as the engine hands it over. */
export const CONFIG: Record<Role, Record<string, string>> = {
  prod: {
    ...COMMON,
    ...SITE,
    "multicloud-dr:role": "prod",
    "multicloud-dr:zones": "3",
    "multicloud-dr:natGateways": "zone",
    "multicloud-dr:zoneId": "create",
    "multicloud-dr:serverImage": "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    "multicloud-dr:serverType": "m7i.large",
    "multicloud-dr:databaseClass": "db.m7g.xlarge",
    "multicloud-dr:databaseMaxStorageGib": "1000",
    "multicloud-dr:databaseHostName": "",
    "multicloud-dr:databasePasswordGeneration": "1",
    "multicloud-dr:objectLockMode": "governance",
    "multicloud-dr:objectLockDays": "30",
    "multicloud-dr:vaultLockMode": "governance",
    "multicloud-dr:vaultLockDays": "35",
    "aws:region": "eu-west-1",
  },
  dr: {
    ...COMMON,
    ...SITE,
    ...DUMPS,
    "multicloud-dr:role": "dr",
    "multicloud-dr:strategy": "pilot-light",
    "multicloud-dr:vpn": "none",
    "multicloud-dr:declareDisaster": "none",
    "multicloud-dr:declareWhy": "",
    "multicloud-dr:declareBy": "",
    "multicloud-dr:databaseGivenUp": "",
    "multicloud-dr:lastDrill": "",
    "multicloud-dr:handBack": "no",
    "multicloud-dr:growDatabase": "false",
    "multicloud-dr:drill": "false",
    "multicloud-dr:warmServers": "1",
    "multicloud-dr:standbyImage": "Canonical:ubuntu-24_04-lts:server:latest",
    "multicloud-dr:standbyServerSize": "Standard_D2s_v5",
    "multicloud-dr:otherServerSizes": "Standard_D2as_v5 Standard_D2ds_v5",
    "multicloud-dr:standbyDatabaseSize": "Standard_D4ads_v5",
    "multicloud-dr:standbyDatabaseReducedSize": "Standard_D2ads_v5",
    "multicloud-dr:databasePassword": "",
    "multicloud-dr:copyRetentionDays": "30",
    "multicloud-dr:immutabilityDays": "30",
    "multicloud-dr:lockImmutability": "false",
    "multicloud-dr:copyTier": "Cool",
    "multicloud-dr:monthlyBudget": "200",
    "azure-native:location": "germanywestcentral",
  },
  link: {
    ...COMMON,
    ...STACKS,
    "multicloud-dr:role": "link",
    "multicloud-dr:primaryCidr": "10.16.0.0/16",
    "multicloud-dr:standbyCidr": "10.32.0.0/16",
    "multicloud-dr:vpn": "none",
    "multicloud-dr:awsGateway": "virtual-private",
    "multicloud-dr:primaryAsn": "64512",
    "multicloud-dr:standbyAsn": "65000",
    "multicloud-dr:vpnCrypto": "gcm256-sha384-dh20",
    "multicloud-dr:vpnKeyGenerations": "1 1 1 1",
    "multicloud-dr:vpnKeys": "",
    "multicloud-dr:logRetentionDays": "90",
    "multicloud-dr:webIdentityIssuer": "enable",
    "multicloud-dr:replicationConcurrency": "20",
    "multicloud-dr:serverSideCopy": "false",
    ...DUMPS,
    "multicloud-dr:objectLockMode": "governance",
    "multicloud-dr:databaseReplication": "nightly",
    "multicloud-dr:secretReplication": "live",
    "multicloud-dr:dumpConcurrency": "8",
    "multicloud-dr:dumpTime": "02:15",
    "aws:region": "eu-west-1",
    "azure-native:location": "germanywestcentral",
  },
  traffic: {
    ...COMMON,
    ...STACKS,
    "multicloud-dr:role": "traffic",
    "multicloud-dr:ttlSeconds": "60",
    "multicloud-dr:failoverMode": "manual",
    "multicloud-dr:otherMarkers": "",
    "multicloud-dr:standbyShare": "",
    "multicloud-dr:bypassEdge": "false",
    "multicloud-dr:databaseHostName": "",
    "aws:region": "us-east-1",
  },
};

/** The settings of the one workload in the good configuration of a role. */
export function settingsOf<R extends Role>(role: R): Settings<R> {
  return parseSettings(CONFIG[role], role).workloads[0] as unknown as Settings<R>;
}
