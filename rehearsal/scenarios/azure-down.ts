import { BlobClient } from "../../lambdas/objects/blob-client.ts";
import { BlobStore } from "../../lambdas/objects/blob-store.ts";
import { S3Store } from "../../lambdas/objects/s3-store.ts";
import { untilAgreed } from "../objects.ts";
import { expectNobodyAt, expectNothingLost, expectStill } from "./expectations.ts";
import { beginning, comparing, leaving, type Scenario } from "./scenario.ts";

/** How long Azure is away, in seconds of the users'. */
const AWAY = 180;

export const azureDown: Scenario = {
  name: "azure-down",
  title: "all of Azure dies while nothing is declared; users stay where they are, and the copies catch up",
  steps: (play) => [
    ...beginning(play),
    {
      title: "All of Azure dies",
      run: async () => {
        const before = play.timeline.now();
        play.timeline.tell("azure", "dies, all of it");
        await play.clouds.azure.kill();
        await play.pass(AWAY);
        expectStill(play, before, "the markers cannot be reached");
        return undefined;
      },
    },
    {
      title: "Azure comes back",
      run: async () => {
        await play.clouds.azure.revive();
        play.timeline.tell("azure", "is back");
        return undefined;
      },
    },
    leaving(play),
    {
      title: "Wait until the copies have caught up",
      run: async (report) => {
        const { s3, bucket, container, operator } = play.deployment.content();
        const copies = new BlobStore(new BlobClient(container.url, operator));
        const { agreeing } = await untilAgreed(new S3Store(s3, bucket), copies, report, play.signal);
        return `${agreeing} objects agree`;
      },
    },
    comparing(play, { rows: "primary", objects: "standby" }, (measured, at) => {
      expectNothingLost(play, measured, at);
      expectNobodyAt(play, "standby");
      const { missing = 0 } = measured.objects ?? {};
      play.expect("every object is at the standby in the end", missing === 0, `${missing} are missing`);
    }),
  ],
};
