import { expectNobodyAt, expectNothingLost } from "./expectations.ts";
import { beginningAtNight, comparing, leaving, type Scenario } from "./scenario.ts";

export const drill: Scenario = {
  name: "drill",
  title: "nothing fails; the standby is stood up, asked, and taken down, and no user notices",
  steps: (play, story) => [
    ...beginningAtNight(play, story),
    {
      title: "Drill",
      run: async (report) => {
        const journal = await play.operator.operate(["drill", "--by", "rehearsal"], report);
        const undone = journal.steps.filter(({ status }) => status !== "done").map(({ title }) => title);
        play.expect("every step of the drill is done", undone.length === 0, undone.join(", ") || "all are");
        const { halfAndHalf, driftAfter, dump } = journal.report ?? {};
        play.expect(
          "the standby answers as well as the primary",
          JSON.stringify(halfAndHalf) === JSON.stringify({ rounds: 10, primary: 10, standby: 10 }),
          JSON.stringify(halfAndHalf),
        );
        const { program } = driftAfter as { program: string };
        play.expect("a drill leaves nothing behind", program === "nothing to change", program);
        play.expect("it names the dump that it served", typeof dump === "string", String(dump));
        const { stdout } = await play.operator.run(["status", "--json"], report);
        const { drills } = JSON.parse(stdout) as { drills: { passedAt?: string } };
        play.expect("`status` knows of the drill", drills.passedAt === journal.startedAt, drills.passedAt ?? "none");
        await play.deployment.look("dr");
        return `${journal.steps.length} steps`;
      },
    },
    leaving(play),
    comparing(play, { rows: "primary", objects: "standby" }, (measured, at) => {
      expectNothingLost(play, measured, at);
      expectNobodyAt(play, "standby");
      const { failed, sent } = measured.requests;
      // Two busy cores let an answer come late now and then, drill or no drill.
      play.expect("users notice nothing", failed <= sent / 100, `${failed} of ${sent} requests failed`);
    }),
  ],
};
