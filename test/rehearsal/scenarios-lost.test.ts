import { playScenarios } from "../support/played-scenarios.ts";

/** Those that begin as the loss of the site does, and cost a failback each; npm start plays that one in main.test.ts. */
const LONG = ["site", "declare-twice", "faults", "front-door-down"];

// A part of one site is lost, or none: `SCENARIOS=all npm test` plays the whole of it too.
playScenarios(["database", "content", "drill", ...(process.env.SCENARIOS === "all" ? LONG : [])]);
