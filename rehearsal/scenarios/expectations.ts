import type { Measured } from "../orders/measure.ts";
import type { Site } from "../orders/record.ts";
import type { Play } from "../play.ts";

/** The goals, in seconds: word to first answer, by strategy; a published EKS to AKS warm failover took 114 s. */
const RTO: Record<string, number> = { "warm-standby": 114, "active-active": 114, "pilot-light": 300 };

/** How much of the content, and of a database that follows live, may be lost, in seconds. */
const CONTENT_RPO = 10;
const LIVE_RPO = 5;

/** Nothing is lost that was confirmed longer before the loss than the copy is old, nothing came twice, nothing else is lost. */
export function expectNothingLost(play: Play, { rows, objects, moments }: Measured, at: string): void {
  if (rows) {
    const live = play.strategy !== "pilot-light" && play.strategy !== "backup-restore";
    const { killedAt, copiedAt = 0 } = moments;
    const oldest = rows.oldestMissing / 1000;
    const age = killedAt === undefined ? 0 : killedAt - copiedAt;
    const allowed = live ? LIVE_RPO : age / 1000;
    play.expect(
      live
        ? `no confirmed row older than ${LIVE_RPO} s is lost (at the ${at})`
        : `no confirmed row older than the newest dump is lost (at the ${at})`,
      oldest <= allowed,
      `the oldest of ${rows.missing} missing was ${oldest.toFixed(1)} s old, ${allowed.toFixed(1)} s are allowed`,
    );
    play.expect(`no row is there twice (at the ${at})`, rows.duplicated === 0, `${rows.duplicated} are`);
    play.expect(
      `no row confirmed after the loss is missing (at the ${at})`,
      rows.lostLater === 0,
      `${rows.lostLater} are`,
    );
  }
  if (objects) {
    const oldest = objects.oldestMissing / 1000;
    play.expect(
      `no confirmed object older than ${CONTENT_RPO} s is lost (at the ${at})`,
      oldest <= CONTENT_RPO,
      `the oldest of ${objects.missing + objects.different} missing or different was ${oldest.toFixed(1)} s old`,
    );
    play.expect(
      `no object confirmed after the loss is missing (at the ${at})`,
      objects.lostLater === 0,
      `${objects.lostLater} are`,
    );
  }
}

/** Nothing is lost, and nothing twice, of what was confirmed since users were moved. */
export function expectNothingOfStandbyLost(play: Play, { rows, objects }: Measured): void {
  const lost = (rows?.lostLater ?? 0) + (objects?.lostLater ?? 0);
  play.expect("nothing that the standby confirmed is lost", lost === 0, `${lost} are missing or different`);
  const twice = rows?.duplicated ?? 0;
  play.expect("no row is there twice", twice === 0, `${twice} are`);
}

/** The time from the word to the first answer; told at any pace, and held to its goal at the users' own. */
export function expectRecovery(play: Play, { recovery }: Measured, by = "the standby"): void {
  const { fromWord } = recovery;
  const goal = RTO[play.strategy];
  const seconds = (fromWord ?? Number.POSITIVE_INFINITY) / 1000;
  play.expect(`users are served by ${by}`, fromWord !== undefined, `${seconds.toFixed(1)} s after the word`);
  if (goal === undefined || play.clock.speed !== 1) return;
  play.expect(`within ${goal} s of the word`, seconds <= goal, `${seconds.toFixed(1)} s`);
}

/** No record of a name has become another in its health since some moment: nobody could have been moved. */
export function expectStill(play: Play, since: number, why: string): void {
  const guards = play.timeline.events.filter(
    ({ at, who, what }) => who === "dns" && at >= since && /-(app|content)-(primary|standby) is /.test(what),
  );
  play.expect(
    `no name is answered otherwise: ${why}`,
    guards.length === 0,
    guards.map(({ what }) => what).join(", ") || "none was",
  );
}

/** Nobody was sent to a site. */
export function expectNobodyAt(play: Play, site: Site): void {
  const sent = play.record.tries.filter(({ host }) => play.siteOf(host) === site).length;
  play.expect(`nobody is sent to the ${site}`, sent === 0, `${sent} requests were`);
}
