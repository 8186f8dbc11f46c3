import type { Play } from "../play.ts";
import type { Step } from "../steps.ts";
import type { Story } from "../story.ts";
import { expectNothingLost, expectRecovery } from "./expectations.ts";
import { carryingImage, FOLLOWING_IMAGES, startedFromImage } from "./images.ts";
import {
  beginningAtNight,
  comparing,
  declaring,
  failingBack,
  killing,
  reviving,
  type Scenario,
  servedBy,
} from "./scenario.ts";

export const site: Scenario = {
  name: "site",
  title: "all of AWS dies; users are moved to Azure, and home again when AWS is back",
  overrides: FOLLOWING_IMAGES,
  steps: (play, story) => [carryingImage(play), ...losingSite(play, story, startedFromImage(play))],
};

/** From users who write to users at home again, with all of AWS dead between. @param served what is asked of the standby as it serves */
export function losingSite(play: Play, story: Story, served: Step): Step[] {
  return [
    ...beginningAtNight(play, story),
    killing(play),
    declaring(play, "site", "AWS is gone"),
    servedBy(play, "standby"),
    served,
    comparing(play, { rows: "standby", objects: "standby" }, (measured, at) => {
      expectRecovery(play, measured);
      expectNothingLost(play, measured, at);
    }),
    reviving(play),
    ...failingBack(play),
    comparing(play, { rows: "primary", objects: "primary" }, (measured, at) => expectNothingLost(play, measured, at)),
  ];
}
