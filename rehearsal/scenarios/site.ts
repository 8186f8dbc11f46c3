import { expectNothingLost, expectRecovery } from "./expectations.ts";
import { beginning, comparing, declaring, failingBack, type Scenario, servedBy } from "./scenario.ts";

/** How long it takes until somebody has been called and gives the word, in seconds. */
const CALLED = 10;

export const site: Scenario = {
  name: "site",
  title: "all of AWS dies; users are moved to Azure, and home again when AWS is back",
  steps: (play, story) => [
    ...beginning(play, story),
    {
      title: "All of AWS dies",
      run: async () => {
        play.moments.killedAt = play.timeline.tell("aws", "dies, all of it");
        await play.clouds.aws.kill();
        await play.pass(CALLED);
        return undefined;
      },
    },
    declaring(play, "site", "AWS is gone"),
    servedBy(play, "standby"),
    comparing(play, "standby", (measured) => {
      expectRecovery(play, measured);
      expectNothingLost(play, measured);
    }),
    {
      title: "AWS comes back",
      run: async (report) => {
        await play.clouds.aws.revive();
        play.timeline.tell("aws", "is back");
        await play.untilWell("primary", report);
        return undefined;
      },
    },
    {
      title: "Declare again: the weights of the names agree",
      run: async () => {
        const { steps } = await play.operator.operate(["declare", "site", "--by", "rehearsal"]);
        const left = steps.filter(({ status }) => status === "left").map(({ title }) => title);
        play.expect(
          "a second declaration leaves nothing for later",
          left.length === 0,
          left.join(", ") || "nothing left",
        );
        return undefined;
      },
    },
    ...failingBack(play),
    comparing(play, "primary", (measured) => expectNothingLost(play, measured)),
  ],
};
