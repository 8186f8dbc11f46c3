import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Journal } from "../../operations/runbook/journal.ts";
import type { Play } from "../play.ts";
import { expectNothingOfStandbyLost, expectRecovery } from "./expectations.ts";
import { beginningAtNight, comparing, declaring, failback, leaving, type Scenario, servedBy } from "./scenario.ts";

/** Orders of users who are not moved: their resolvers keep a name for ever. */
const STUBBORN = 5;

/** An object that is written at both sites. */
const BOTH = "published/at-both-sites.txt";

export const splitBrain: Scenario = {
  name: "split-brain",
  title:
    "the site is declared lost and lives; some users go on there. Nothing of the standby's is overwritten, all is told",
  steps: (play, story) => {
    /** Transactions that only the primary has, as the failback tells. */
    let told = 0;
    return [
      ...beginningAtNight(play, story),
      declaring(play, "site", "a false alarm"),
      {
        title: "Users are served by the standby",
        run: async (report) => {
          play.moments.movedAt = await play.untilServedBy("standby", report);
          await play.pass(10);
          return `${play.record.confirmed} orders confirmed`;
        },
      },
      {
        title: "Some users go on at the primary",
        run: async () => {
          for (let number = 1; number <= STUBBORN; number += 1) await orderAtPrimary(play, `stubborn-${number}`);
          await writeAtBoth(play);
          play.timeline.tell("users", `${STUBBORN} orders and an object are written at the primary all the same`);
          return `${STUBBORN} orders`;
        },
      },
      comparing(play, { rows: "standby", objects: "standby" }, (measured) => {
        expectRecovery(play, measured);
        expectNothingOfStandbyLost(play, measured);
      }),
      {
        title: "Fail back, which finds what was written at both",
        run: async (report) => {
          const refused = await failback(play, report).then(
            () => "",
            (error: Error) => error.message,
          );
          play.expect(
            "a failback names the object that was written at both sites, and moves nobody",
            refused.includes(BOTH) && refused.includes("decide by hand which to keep"),
            refused.slice(-400) || "it went through",
          );
          return undefined;
        },
      },
      {
        title: "Keep the standby's, and fail back",
        run: async (report) => {
          const { s3, bucket } = play.deployment.content();
          await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: BOTH }));
          play.timeline.tell("operator", "takes the primary's away: the standby's is kept");
          const { report: found } = await failback(play, report);
          told = expectTold(play, found);
          return undefined;
        },
      },
      servedBy(play, "primary"),
      leaving(play),
      comparing(play, { rows: "primary", objects: "primary" }, (measured) => {
        expectNothingOfStandbyLost(play, measured);
        const { missing = 0 } = measured.objects ?? {};
        play.expect("every object is at the primary, of whichever site", missing === 0, `${missing} are missing`);
        const { rows } = measured;
        play.expect(
          "no more rows are missing than the failback told of",
          (rows?.missing ?? 0) <= told,
          `${rows?.missing ?? 0} are, it told of ${told}`,
        );
      }),
    ];
  },
};

/** What only the primary had is counted, and kept in a snapshot. */
function expectTold(play: Play, report: Journal["report"]): number {
  const { missing, snapshot } = (report ?? {}) as { missing?: { writes?: number }; snapshot?: string };
  play.expect(
    "what users wrote at the primary after the word is told, and kept in a snapshot",
    (missing?.writes ?? 0) >= STUBBORN && snapshot !== undefined,
    `${missing?.writes} transactions, in ${snapshot}`,
  );
  return missing?.writes ?? 0;
}

async function orderAtPrimary(play: Play, key: string): Promise<void> {
  const answer = await play.clouds.fetch(`https://${play.deployment.output("dr", "appName")}/rows`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ text: key }),
    at: play.host("primary", "appHost"),
  });
  if (answer.status !== 201) throw new Error(`expected the primary to take ${key}, found status ${answer.status}`);
}

async function writeAtBoth({ deployment }: Play): Promise<void> {
  const { s3, bucket } = deployment.content();
  const body = Buffer.from("the standby's");
  await deployment.publishing().getBlockBlobClient(BOTH).upload(body, body.length);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: BOTH, Body: "the primary's" }));
}
