import { expect } from "chai";
import { LIMITS } from "../../lambdas/standby/controller.ts";
import { readyPath, SWITCHED } from "../../lambdas/standby/ready-file.ts";
import { useLocalClouds } from "../support/local-clouds.ts";
import { until } from "../support/until.ts";
import { LiveSites } from "./live-sites.ts";

/** With no time of Azure's own in it: what is measured is the controller, and MySQL. */
const MOST_SECONDS = 15;

describe("from a declaration to a standby that says it is ready, by real servers", () => {
  const clouds = useLocalClouds();
  let sites: LiveSites;

  before(async () => {
    sites = new LiveSites(clouds);
    await sites.deploy();
    await sites.dump();
  });

  const isReady = () => sites.website.getBlobClient(readyPath("site")).exists();

  /** Seconds from the moment that the plan is written until everybody can read that the site is ready. */
  async function secondsUntilReady(): Promise<number> {
    expect(await isReady()).to.equal(false);
    const from = performance.now();
    await sites.plan("promoted", { follows: "nobody", own: true }, [...SWITCHED]);
    const run = sites.look({ chain: LIMITS.chain });
    await until(isReady, "it is ready", MOST_SECONDS * 1000);
    const seconds = (performance.now() - from) / 1000;
    expect(await run).to.deep.nested.include({ status: "settled", "data.tenure": "own" });
    return seconds;
  }

  it("takes seconds where the server follows the primary (warm standby)", async () => {
    await sites.plan("running", { follows: "primary" });
    await sites.settle();
    console.log("warm", await secondsUntilReady());
  });
});
