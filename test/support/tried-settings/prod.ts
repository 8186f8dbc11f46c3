import { numbers, same, type Tried } from "./tried.ts";

/** What `prod` reads besides. */
export const PROD: Tried = {
  "multicloud-dr:zones": {
    role: "prod",
    takes: [
      ["2", 2],
      ["6", 6],
    ],
    refuses: ["1", "7", "3.0", "-3", "three", "3 "],
  },
  "multicloud-dr:natGateways": { role: "prod", takes: same("zone", "one"), refuses: ["none", "2"] },
  "multicloud-dr:zoneId": {
    role: "prod",
    takes: same("create", "Z0123456789ABCDEFGHIJ"),
    refuses: ["Create", "/hostedzone/Z0123456789ABCDEFGHIJ", "zone"],
  },
  "multicloud-dr:serverImage": {
    role: "prod",
    takes: same("ami-0a1b2c3d4e5f60718", "resolve:ssm:/golden/shop", "resolve:ssm:golden-shop:3"),
    refuses: ["ubuntu", "ami-", "ami-XYZ", "ssm:/golden/shop"],
  },
  "multicloud-dr:serverType": {
    role: "prod",
    takes: same("m7i.large", "c7i-flex.2xlarge"),
    refuses: ["m7i", "large"],
  },
  "multicloud-dr:databaseClass": { role: "prod", takes: same("db.r8g.4xlarge"), refuses: ["m7g.large", "db.m7g"] },
  "multicloud-dr:databaseMaxStorageGib": {
    role: "prod",
    takes: numbers(220, 16_384),
    refuses: ["21", "16385", "unlimited"],
  },
  "multicloud-dr:databasePasswordGeneration": {
    role: "prod",
    takes: numbers(1, 1_000_000),
    refuses: ["0", "1000001", "next"],
  },
  "multicloud-dr:objectLockMode": {
    role: "prod",
    takes: same("governance", "compliance", "none"),
    refuses: ["GOVERNANCE", "legal-hold"],
  },
  "multicloud-dr:objectLockDays": { role: "prod", takes: numbers(1, 36_500), refuses: ["-1", "36501", "a year"] },
  "multicloud-dr:vaultLockMode": {
    role: "prod",
    takes: same("governance", "compliance"),
    refuses: ["none", "COMPLIANCE"],
  },
  "multicloud-dr:vaultLockDays": { role: "prod", takes: numbers(1, 36_500), refuses: ["0", "36501"] },
  "aws:region": {
    role: "prod",
    takes: same("eu-west-1", "ap-southeast-5"),
    refuses: ["eu-west-9", "eu-west-1a", "Ireland", "EU-WEST-1", "eu-west"],
  },
};
