import type { Overrides } from "../deployment.ts";
import { carryImage, versionsServed } from "../images.ts";
import type { Play } from "../play.ts";
import type { Step } from "../steps.ts";

/** Version of the app on the image that follows. */
const APP = "42";

const ON = { "multicloud-dr:imageReplication": "on" };

/** With it images of the primary's servers follow to the standby. */
export const FOLLOWING_IMAGES: Overrides = { dr: ON, link: ON };

/** Has an image of the primary's servers follow, and the standby's servers start from it from now on. */
export function carryingImage(play: Play): Step {
  return {
    title: "Make an image of the primary's servers, which follows to the standby",
    run: async (report) => {
      const { image, version, seconds } = await carryImage(play.deployment, APP, report);
      await play.deployment.set("dr", "multicloud-dr:standbyImage", "replicated");
      await play.deployment.up("dr", report);
      return `${image} is version ${version} after ${seconds.toFixed(1)} s, and was seen to boot`;
    },
  };
}

/** Those that stood before keep what they were made from. */
export function startedFromImage(play: Play): Step {
  return {
    title: "Ask the standby's servers what they were started from",
    run: async () => {
      const versions = await versionsServed(play.deployment);
      const started = versions.filter((version) => version === APP).length;
      const stood = play.strategy === "pilot-light" || play.strategy === "backup-restore" ? 0 : versions.length - 1;
      play.expect(
        "the standby's servers are started from the image that followed",
        started > 0 && started >= versions.length - stood,
        `${started} of ${versions.length} are`,
      );
      return `${started} of ${versions.length} tell version ${APP} of the app`;
    },
  };
}
