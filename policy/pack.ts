import { PolicyPack } from "@pulumi/policy";
import { drillsNotStale } from "./drills-not-stale.ts";
import { auditKnown, noSingleDeleter } from "./no-single-deleter.ts";
import { oneCloudPerSite } from "./one-cloud-per-site.ts";

new PolicyPack("multicloud-dr", { policies: [oneCloudPerSite, drillsNotStale(), noSingleDeleter, auditKnown] });
