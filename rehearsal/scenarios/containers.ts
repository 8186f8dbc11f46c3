import { carryContainer, imagesServed } from "../containers.ts";
import type { Play } from "../play.ts";
import type { Step } from "../steps.ts";
import type { Scenario } from "./scenario.ts";
import { losingSite } from "./site.ts";

const REPOSITORY = "shop/web";
const TAG = "42";

const FOLLOWED = { "multicloud-dr:containerRepositories": REPOSITORY };

export const containers: Scenario = {
  name: "containers",
  title: "all of AWS dies, and the standby serves by containers, whose image has followed",
  overrides: { dr: FOLLOWED, link: FOLLOWED },
  steps: (play, story) => [
    carryingContainer(play),
    ...losingSite(play, story, startedFromContainer(play)),
    {
      title: "Set the standby back to servers",
      run: async (report) => {
        await play.deployment.set("dr", "multicloud-dr:webTier", "servers");
        await play.deployment.up("dr", report);
        return undefined;
      },
    },
  ],
};

/** Has an image follow, and the standby serve by it from now on. */
function carryingContainer(play: Play): Step {
  return {
    title: "Push an image of containers at the primary, which follows to the standby",
    run: async (report) => {
      const seconds = await carryContainer(play.deployment, REPOSITORY, TAG, report);
      await play.deployment.set("dr", "multicloud-dr:webTier", "containers");
      await play.deployment.set("dr", "multicloud-dr:containerImage", `${REPOSITORY}:${TAG}`);
      await play.deployment.up("dr", report);
      // Who answers for the app at the standby has another name now.
      await play.deployment.up("traffic", report);
      return `${REPOSITORY}:${TAG} is there after ${seconds.toFixed(1)} s`;
    },
  };
}

function startedFromContainer(play: Play): Step {
  return {
    title: "Ask the standby's replicas what they were started from",
    run: async () => {
      const images = await imagesServed(play.deployment);
      const started = images.filter((image) => image === `${REPOSITORY}:${TAG}`).length;
      play.expect(
        "the standby's replicas are started from the image that followed",
        started > 0 && started === images.length,
        `${started} of ${images.length} are`,
      );
      return `${started} of ${images.length} tell ${REPOSITORY}:${TAG}`;
    },
  };
}
