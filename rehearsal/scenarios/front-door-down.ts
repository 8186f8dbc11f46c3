import { expectNothingLost, expectRecovery } from "./expectations.ts";
import { beginningAtNight, CALLED, comparing, failingBack, type Scenario, servedBy } from "./scenario.ts";

export const frontDoorDown: Scenario = {
  name: "front-door-down",
  title: "the primary's servers and RDS die while Front Door is down; users are led past it, to the load balancer",
  steps: (play, story) => [
    ...beginningAtNight(play, story),
    {
      title: "The primary's servers and RDS die, and Front Door is down",
      run: async () => {
        play.clouds.azure.faults.killFrontDoor();
        play.timeline.tell("azure", "no edge of Front Door answers");
        await play.clouds.aws.outage.killSite();
        play.moments.killedAt = play.timeline.tell("aws", "servers and RDS die; S3 and the APIs live");
        await play.pass(CALLED);
        return undefined;
      },
    },
    {
      title: "Declare the site lost, past the edge",
      run: async (report) => {
        play.moments.declaredAt = play.timeline.tell("operator", "gives the word: site, past the edge");
        const args = ["declare", "site", "--bypass-edge", "--why", "AWS is gone", "--by", "rehearsal"];
        const { steps } = await play.operator.operate(args, report);
        await play.deployment.look("dr");
        play.isPastEdge = true;
        return `${steps.length} steps`;
      },
    },
    servedBy(play, "standby"),
    comparing(play, { rows: "standby" }, (measured, at) => {
      expectRecovery(play, measured);
      expectNothingLost(play, measured, at);
    }),
    {
      title: "All comes back",
      run: async (report) => {
        await play.clouds.azure.faults.lift();
        await play.clouds.aws.outage.reviveSite();
        play.isPastEdge = false;
        await play.deployment.set("traffic", "multicloud-dr:bypassEdge", "false");
        await play.deployment.up("traffic", report);
        await play.untilWell("primary", report);
        return undefined;
      },
    },
    ...failingBack(play),
    comparing(play, { rows: "primary", objects: "primary" }, (measured, at) => expectNothingLost(play, measured, at)),
  ],
};
