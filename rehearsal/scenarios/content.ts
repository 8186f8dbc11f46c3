import { expectNobodyAt, expectNothingLost, expectRecovery } from "./expectations.ts";
import {
  beginning,
  CALLED,
  comparing,
  declaring,
  failingBack,
  publishedAt,
  type Scenario,
  servedBy,
} from "./scenario.ts";

export const content: Scenario = {
  name: "content",
  title: "S3 and CloudFront fail; the content moves to Azure, the app stays",
  steps: (play) => [
    ...beginning(play),
    {
      title: "S3 and CloudFront fail",
      run: async () => {
        await play.clouds.aws.outage.killContent();
        play.moments.killedAt = play.timeline.tell("aws", "S3 and CloudFront fail");
        await play.pass(CALLED);
        return undefined;
      },
    },
    declaring(play, "content", "S3 fails"),
    publishedAt(play, "standby"),
    comparing(play, { objects: "standby", recoveredBy: "objects" }, (measured, at) => {
      expectRecovery(play, measured);
      expectNothingLost(play, measured, at);
    }),
    {
      title: "S3 and CloudFront come back",
      run: async (report) => {
        await play.clouds.aws.outage.reviveContent();
        play.timeline.tell("aws", "S3 and CloudFront are back");
        await play.untilWell("primary", report);
        return undefined;
      },
    },
    ...failingBack(play, [publishedAt(play, "primary"), servedBy(play, "primary", 0)]),
    comparing(play, { rows: "primary", objects: "primary", recoveredBy: "objects" }, (measured, at) => {
      expectNothingLost(play, measured, at);
      expectNobodyAt(play, "standby");
    }),
  ],
};
