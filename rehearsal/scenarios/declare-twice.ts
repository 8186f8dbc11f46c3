import { expectNothingLost, expectRecovery } from "./expectations.ts";
import { beginningAtNight, comparing, failingBack, killing, reviving, type Scenario, servedBy } from "./scenario.ts";

export const declareTwice: Scenario = {
  name: "declare-twice",
  title: "all of AWS dies, and two people declare at once; one does it, the other is told who",
  steps: (play, story) => [
    ...beginningAtNight(play, story),
    killing(play),
    {
      title: "Two people declare the site lost",
      run: async (report) => {
        play.moments.declaredAt = play.timeline.tell("operator", "two people give the word: site");
        const args = (by: string) => ["declare", "site", "--why", "AWS is gone", "--by", by, "--yes", "--json"];
        const both = [play.operator.begin(args("ann"), report), play.operator.begin(args("ben"))];
        const ended = await Promise.all(both.map((each) => each.ended));
        await play.deployment.look("dr");
        const codes = ended.map(({ code }) => code).sort();
        play.expect("one of them does it", codes[0] === 0 && codes[1] === 1, `exit codes ${codes.join(" and ")}`);
        const refused = ended.find(({ code }) => code !== 0)?.stderr ?? "";
        const told = /expected to be the only one at work, found (ann|ben) at `declare` since \S+/.exec(refused);
        play.expect("the other is told who is at work", told !== null, told?.[0] ?? refused.slice(-300));
        return undefined;
      },
    },
    {
      title: "The other declares again",
      run: async (report) => {
        const { steps } = await play.operator.operate(["declare", "site", "--by", "ben"], report);
        const up = steps.find(({ id }) => id === "bring-up")?.said ?? "";
        play.expect("a second declaration changes nothing", up === "nothing to change", up);
        return undefined;
      },
    },
    servedBy(play, "standby"),
    comparing(play, { rows: "standby", objects: "standby" }, (measured, at) => {
      expectRecovery(play, measured);
      expectNothingLost(play, measured, at);
    }),
    reviving(play),
    ...failingBack(play),
    comparing(play, { rows: "primary", objects: "primary" }, (measured, at) => expectNothingLost(play, measured, at)),
  ],
};
