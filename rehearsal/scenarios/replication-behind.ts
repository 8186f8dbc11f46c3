import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import type { Play } from "../play.ts";
import { expectNothingLost } from "./expectations.ts";
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

/** How long nothing is carried before the loss, in seconds of the users'. */
const BEHIND = 60;

export const replicationBehind: Scenario = {
  name: "replication-behind",
  title:
    "the content's replication stands still when AWS dies; what is lost meanwhile is told, and comes back in the end",
  steps: (play, story) => [
    ...beginningAtNight(play, story),
    {
      title: "The replication stands still",
      run: async (report) => {
        await runReplicator(play, false);
        play.timeline.tell("aws", "replicates no more content");
        await play.pass(BEHIND);
        const { stdout } = await play.operator.run(["status", "--json"], report);
        const { replication } = JSON.parse(stdout) as { replication: { objects?: { waiting: number } } };
        const waiting = replication.objects?.waiting ?? 0;
        play.expect("`status` tells how much waits", waiting > 0, `${waiting} events wait`);
        return `${waiting} events wait`;
      },
    },
    killing(play),
    declaring(play, "site", "AWS is gone"),
    servedBy(play, "standby"),
    comparing(play, { rows: "standby", objects: "standby" }, ({ objects }) => {
      const { missing = 0, lostLater = 0, different = 0 } = objects ?? {};
      play.expect("what was not carried is missing at the standby", missing > 0, `${missing} objects are`);
      play.expect("no other is", lostLater + different === 0, `${lostLater} later ones, ${different} different`);
    }),
    reviving(play),
    {
      title: "The replication goes on, and is kept out",
      run: async () => {
        await runReplicator(play, true);
        return undefined;
      },
    },
    ...failingBack(play),
    comparing(play, { rows: "primary", objects: "primary" }, (measured, at) => {
      expectNothingLost(play, measured, at);
      const { missing = 0 } = measured.objects ?? {};
      play.expect(
        "every object is at the primary in the end, from both sites",
        missing === 0,
        `${missing} are missing`,
      );
    }),
  ],
};

/** Has the replicator take what waits, or leave it. */
async function runReplicator({ deployment, clouds }: Play, Enabled: boolean): Promise<void> {
  const { lambda } = clouds.aws.connect(deployment.output("prod", "region"));
  const FunctionName = deployment.output("link", "objectsFunctionName");
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
  if (EventSourceMappings.length === 0) throw new Error(`expected a queue that ${FunctionName} reads, found none`);
  for (const { UUID } of EventSourceMappings) await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
}
