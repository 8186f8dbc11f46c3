import { playScenarios } from "../support/played-scenarios.ts";

// Nothing is lost, or not what it looks like: users stay where they are, or nothing may be lost by moving them.
playScenarios(["flapping", "azure-down", "split-brain", "replication-behind"]);
