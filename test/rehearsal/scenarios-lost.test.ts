import { playScenarios } from "../support/played-scenarios.ts";

// A site or a part of it is lost, and comes back. The plain loss of the site is played by npm start, in main.test.ts.
playScenarios(["database", "content", "drill", "declare-twice", "faults", "front-door-down", "containers"]);
