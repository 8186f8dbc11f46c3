import { FLAGS, numbers, same, type Tried } from "./tried.ts";

/** What both sites must agree on, or look alike in. */
export const BOTH_SITES: Tried = {
  "multicloud-dr:workload": {
    role: "prod",
    takes: ["abc", "web-shop-2", "a234567890123456"].map((value) => [value, value]),
    refuses: [
      ...["ab", "a2345678901234567", "Shop", "2shop", "-shop", "shop-", "my_shop", "my shop", "my--shop"],
      ...["xn-shop", "sthree-shop", "amzn-s3-demo-a", "internal-shop", "sg-shop", "microsoft-shop", "login-page"],
    ],
  },
  "multicloud-dr:environment": {
    role: "prod",
    takes: ["production", "test 2", "eu.prod-1_a", "a".repeat(64)].map((value) => [value, value]),
    refuses: [" production", "a".repeat(65), "prod/eu", "prod\n"],
  },
  "multicloud-dr:owner": {
    role: "prod",
    takes: ["platform-team", "team@example.com", "Team Übersee", "a/b", "a".repeat(128)].map((value) => [value, value]),
    refuses: ["a?", "Team #1, ops", "a\nb", " team", "team ", "*", "<team>", "100%", "a&b", "a\\b", "a".repeat(129)],
  },
  "multicloud-dr:protectData": {
    role: "prod",
    takes: FLAGS,
    refuses: ["yes", "True", "1", "0"],
  },
  "multicloud-dr:primaryCidr": {
    role: "prod",
    takes: ["10.16.0.0/16", "192.168.4.0/22", "172.16.128.0/17"].map((value) => [value, value]),
    refuses: ["10.16.0.0/15", "10.16.0.0/23", "10.16.1.0/16", "10.16.0.0", "10.300.0.0/16"],
  },
  "multicloud-dr:standbyCidr": {
    role: "dr",
    takes: ["10.64.0.0/16", "192.168.8.0/22"].map((value) => [value, value]),
    refuses: ["10.32.0.0/15", "10.32.0.0/23", "10.32.0.1/16", "standby"],
  },
  "multicloud-dr:domain": {
    role: "prod",
    takes: same("shop.example.com", "example.com"),
    refuses: ["example", "Shop.example.com", "shop.example.com.", "-shop.example.com", "shop..com", "https://a.de"],
  },
  "multicloud-dr:appName": {
    role: "prod",
    takes: same("app.shop.example.com", "www.eu.shop.example.com"),
    refuses: ["app", "App.shop.example.com", "app.shop.example.com."],
  },
  "multicloud-dr:contentName": {
    role: "dr",
    takes: same("content.shop.example.com", "static-2.shop.example.com"),
    refuses: ["content", "content.", "-content.shop.example.com"],
  },
  "multicloud-dr:healthPath": {
    role: "prod",
    takes: same("/", "/healthz", "/api/v1/health_check"),
    refuses: ["healthz", "/health z", "/healthz?deep=1", "/ä"],
  },
  "multicloud-dr:serversMin": { role: "prod", takes: numbers(1, 12), refuses: ["0", "1001", "-1", "3.5", "many"] },
  "multicloud-dr:serversMax": { role: "dr", takes: numbers(3, 1000), refuses: ["0", "1001", "many"] },
  "multicloud-dr:databaseName": {
    role: "prod",
    takes: same("app", "shop_2"),
    refuses: ["2app", "App", "my-app", "mysql", "sys", "performance_schema", "a".repeat(65)],
  },
  "multicloud-dr:databaseStorageGib": { role: "prod", takes: numbers(20, 500), refuses: ["19", "14001", "100 GB"] },
  "multicloud-dr:databaseBackupDays": { role: "dr", takes: numbers(7, 35), refuses: ["0", "6", "36"] },
  "multicloud-dr:logRetentionDays": { role: "prod", takes: numbers(30, 545), refuses: ["0", "31", "1000"] },
  "multicloud-dr:alertEmail": {
    role: "prod",
    takes: same("ops@example.com", "Ops+DR@example.com", ""),
    refuses: ["ops", "ops@", "a@b.de, c@d.de", "Ops <ops@example.com>"],
  },
  "multicloud-dr:dailyDumps": { role: "link", takes: numbers(3, 365), refuses: ["2", "366", "14 days"] },
  "multicloud-dr:weeklyDumps": { role: "link", takes: numbers(7, 3650), refuses: ["6", "3651"] },
  "multicloud-dr:monthlyDumps": { role: "dr", takes: numbers(31, 36_500), refuses: ["30", "36501"] },
};
