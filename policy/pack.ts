import { PolicyPack } from "@pulumi/policy";
import { oneCloudPerSite } from "./one-cloud-per-site.ts";

new PolicyPack("multicloud-dr", { policies: [oneCloudPerSite] });
