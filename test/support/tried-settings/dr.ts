import { FLAGS, numbers, same, type Tried } from "./tried.ts";

/** What `dr` reads besides. */
export const DR: Tried = {
  "multicloud-dr:declareDisaster": {
    role: "dr",
    takes: ["none", "database", "content", "site"].map((value) => [value, value]),
    refuses: ["None", "all", "sites"],
  },
  "multicloud-dr:copyRetentionDays": {
    role: "dr",
    takes: [
      ["1", 1],
      ["365", 365],
    ],
    refuses: ["0", "366", "-1", "1e2", "30 days"],
  },
  "multicloud-dr:strategy": {
    role: "dr",
    takes: same("backup-restore", "pilot-light", "warm-standby", "active-active"),
    refuses: ["pilot light", "hot", "Pilot-Light"],
  },
  "multicloud-dr:declareWhy": {
    role: "dr",
    takes: same("eu-west-1 is down since 07:11, see INC-4711", "Überflutung", ""),
    refuses: ["two\nlines", "a".repeat(201)],
  },
  "multicloud-dr:declareBy": { role: "dr", takes: same("on-call", ""), refuses: ["a\tb", "a".repeat(101)] },
  "multicloud-dr:lastDrill": {
    role: "dr",
    takes: same("", "2026-11-30", "2024-02-29"),
    refuses: ["2026-13-01", "2026-11-31T00:00:00Z", "30.11.2026", "2026-1-1", "today"],
  },
  "multicloud-dr:databaseGivenUp": {
    role: "dr",
    takes: same("3e11fa47-71ca-11e1-9e33-c80aa9429562:23", "3e11fa47-71ca-11e1-9e33-c80aa9429562:tag:5", ""),
    refuses: ["all", "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5", "3e11fa47-71ca-11e1-9e33-c80aa9429562"],
  },
  "multicloud-dr:drill": {
    role: "dr",
    takes: FLAGS,
    refuses: ["yes", "True"],
  },
  "multicloud-dr:warmServers": { role: "dr", takes: numbers(1, 3), refuses: ["0", "1001"] },
  "multicloud-dr:standbyImage": {
    role: "dr",
    takes: same(
      "Canonical:ubuntu-24_04-lts:server:latest",
      "/subscriptions/0000/resourceGroups/shop/providers/Microsoft.Compute/galleries/shop/images/server/versions/1.0.0",
      "/subscriptions/0000/resourceGroups/shop/providers/Microsoft.Compute/galleries/shop/images/server",
      "replicated",
    ),
    beside: { "multicloud-dr:imageReplication": "on" },
    refuses: [
      "ubuntu",
      "Canonical:ubuntu:server",
      "/subscriptions/0000/resourceGroups/shop",
      "/subscriptions/0000/resourceGroups/shop/providers/Microsoft.Compute/images/server",
    ],
  },
  "multicloud-dr:standbyServerSize": {
    role: "dr",
    takes: same("Standard_D2s_v5", "Standard_E8-4ads_v5"),
    refuses: ["D2s_v5", "standard_d2s_v5", "m7i.large"],
  },
  "multicloud-dr:handBack": { role: "dr", takes: same("no"), refuses: ["copy", "yes", "No"] },
  "multicloud-dr:growDatabase": {
    role: "dr",
    takes: FLAGS,
    refuses: ["yes", "True", "1"],
  },
  "multicloud-dr:otherServerSizes": {
    role: "dr",
    takes: same("", "Standard_D2as_v5", "Standard_D2as_v5 Standard_E8-4ads_v5"),
    refuses: ["D2s_v5", "Standard_D2as_v5,Standard_D2ds_v5", "Standard_D2as_v5  Standard_D2ds_v5", " Standard_D2as_v5"],
  },
  "multicloud-dr:standbyDatabaseSize": {
    role: "dr",
    takes: same("Standard_D4ads_v5", "Standard_E8ds_v4"),
    refuses: ["Standard_B1ms", "db.m7g.xlarge", "D4ads_v5"],
  },
  "multicloud-dr:standbyDatabaseReducedSize": {
    role: "dr",
    takes: same("Standard_D2ads_v5"),
    refuses: ["Standard_B2s", "small"],
  },
  "multicloud-dr:immutabilityDays": { role: "dr", takes: numbers(1, 146_000), refuses: ["0", "146001"] },
  "multicloud-dr:lockImmutability": {
    role: "dr",
    takes: FLAGS,
    refuses: ["yes", "locked"],
  },
  "multicloud-dr:copyTier": { role: "dr", takes: same("Cool", "Cold", "Hot"), refuses: ["cool", "Archive"] },
  "multicloud-dr:monthlyBudget": { role: "dr", takes: numbers(1, 1_000_000), refuses: ["0", "200 EUR"] },
  "azure-native:location": {
    role: "dr",
    takes: ["germanywestcentral", "eastus2"].map((value) => [value, value]),
    refuses: ["atlantis", "germanynorth", "Germany West Central", "germany-west-central", "2east"],
  },
};
