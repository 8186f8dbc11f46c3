import { PolicyPack } from "@pulumi/policy";
import { POLICIES } from "./policies.ts";

new PolicyPack("multicloud-dr", { policies: [...POLICIES] });
