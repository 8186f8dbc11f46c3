import { expectNobodyAt, expectNothingLost, expectStill } from "./expectations.ts";
import { beginning, comparing, leaving, type Scenario, servedBy } from "./scenario.ts";

/** How often the primary goes and comes back, and for how long each, in seconds of the users'. */
const FLAPS = 4;
const GONE = 20;

export const flapping: Scenario = {
  name: "flapping",
  title: "the primary goes and comes back, again and again; nobody declares, and nobody is moved",
  steps: (play) => [
    ...beginning(play),
    {
      title: "The primary flaps",
      run: async (report) => {
        const before = play.timeline.now();
        for (let flap = 1; flap <= FLAPS; flap += 1) {
          report(`${flap} of ${FLAPS}`);
          play.timeline.tell("aws", "is out of reach");
          play.clouds.aws.outage.cutOff();
          await play.pass(GONE);
          await play.clouds.aws.outage.rejoin();
          play.timeline.tell("aws", "is there again");
          await play.pass(GONE);
        }
        expectStill(play, before, "nothing is declared");
        return `${FLAPS} times`;
      },
    },
    servedBy(play, "primary"),
    leaving(play),
    comparing(play, { rows: "primary", objects: "primary" }, (measured, at) => {
      expectNothingLost(play, measured, at);
      expectNobodyAt(play, "standby");
      const { open } = measured.requests.orders;
      play.expect("every order is confirmed in the end", open === 0, `${open} are not`);
    }),
  ],
};
