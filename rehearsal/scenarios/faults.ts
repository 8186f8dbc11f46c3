import { expectNothingLost } from "./expectations.ts";
import { beginningAtNight, comparing, failingBack, killing, reviving, type Scenario, servedBy } from "./scenario.ts";

const DECLARE = ["declare", "site", "--why", "AWS is gone", "--by", "rehearsal", "--yes", "--json"];

/** The size that the project's own Pulumi.dr.yaml names first. */
const SIZE = "Standard_D2s_v5";

export const faults: Scenario = {
  name: "faults",
  title: "all of AWS dies, and the failover meets refused markers, a killed engine, and servers that are not to be had",
  steps: (play, story) => [
    ...beginningAtNight(play, story),
    killing(play),
    {
      title: "Declare, while Azure refuses the markers",
      run: async (report) => {
        play.clouds.azure.faults.refuseMarkers();
        play.moments.declaredAt = play.timeline.tell("operator", "gives the word: site");
        const { code, stderr } = await play.operator.begin(DECLARE, report).ended;
        play.clouds.azure.faults.acceptMarkers();
        play.expect("a refused marker ends the declaration", code === 1, `exit code ${code}`);
        play.expect(
          "it says what is refused, and what to do by hand",
          stderr.includes("AuthorizationFailure") && stderr.includes("By hand:") && stderr.includes("$web/declared/"),
          stderr.slice(-500),
        );
        const served = play.record.tries.filter(({ host }) => play.siteOf(host) === "standby").length;
        play.expect("nobody was moved", served === 0, `${served} requests were sent to the standby`);
        return undefined;
      },
    },
    {
      title: "Declare again, and lose the engine in the middle",
      run: async (report) => {
        const running = play.operator.begin(DECLARE, report);
        const { kill, ended } = running;
        await Promise.race([running.says(/Bring the standby up: update/), ended]);
        kill();
        play.timeline.tell("rehearsal", "kills the command and its engine");
        const { code } = await ended;
        play.expect("the command is dead", code !== 0, `exit code ${code}`);
        return undefined;
      },
    },
    {
      title: "Declare once more, while Azure has no servers of the size",
      run: async (report) => {
        play.clouds.azure.faults.exhaust(SIZE);
        await play.untilLeaseEnds(report);
        const { steps } = await play.operator.operate(DECLARE.slice(0, -2), report);
        await play.deployment.look("dr");
        const up = steps.find(({ id }) => id === "bring-up")?.said ?? "";
        play.expect("it goes on with the next size, and says so", up.includes(`no room for ${SIZE}`), up);
        const left = steps.filter(({ status }) => status === "left").map(({ id }) => id);
        play.expect(
          "without Route 53's control plane the weights are left for later",
          left.join() === "weights",
          left.join(),
        );
        return undefined;
      },
    },
    servedBy(play, "standby"),
    comparing(play, { rows: "standby", objects: "standby" }, (measured) => expectNothingLost(play, measured)),
    {
      title: "Azure has servers again",
      run: async () => {
        await play.clouds.azure.faults.lift();
        return undefined;
      },
    },
    reviving(play),
    ...failingBack(play),
    comparing(play, { rows: "primary", objects: "primary" }, (measured) => expectNothingLost(play, measured)),
    {
      title: "Set the size back",
      run: async (report) => {
        await play.deployment.set("dr", "multicloud-dr:standbyServerSize", SIZE);
        await play.deployment.up("dr", report);
        return undefined;
      },
    },
  ],
};
