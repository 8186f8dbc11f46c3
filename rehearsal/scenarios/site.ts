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
  steps: (play, story) => [
    carryingImage(play),
    ...beginningAtNight(play, story),
    killing(play),
    declaring(play, "site", "AWS is gone"),
    servedBy(play, "standby"),
    startedFromImage(play),
    comparing(play, { rows: "standby", objects: "standby" }, (measured, at) => {
      expectRecovery(play, measured);
      expectNothingLost(play, measured, at);
    }),
    reviving(play),
    ...failingBack(play),
    comparing(play, { rows: "primary", objects: "primary" }, (measured, at) => expectNothingLost(play, measured, at)),
  ],
};
