import type { Strategy } from "../../components/standby/standby-plan.ts";
import type { Journal } from "../../operations/runbook/journal.ts";
import type { Overrides } from "../deployment.ts";
import type { Measured } from "../orders/measure.ts";
import type { Site } from "../orders/record.ts";
import type { Looked, Play } from "../play.ts";
import type { Step } from "../steps.ts";
import type { Story } from "../story.ts";
import type { Report } from "../tools/run.ts";

/** A disaster, or what looks like one, that is played on both sites. */
export interface Scenario {
  /** As `--scenario` has it. */
  name: string;
  /** What happens, in one line of the help. */
  title: string;
  /** Strategies that it is played with; all of them without. */
  strategies?: readonly Strategy[];
  /** What stack files say besides. */
  overrides?: Overrides;
  /** From both sites deployed to both sites as they were, so that another one can follow. */
  steps(play: Play, story: Story): Step[];
}

/** How long it takes until somebody has been called and gives the word, in seconds. */
export const CALLED = 10;

/** Seconds for which resolvers keep an answer, as the project's own Pulumi.traffic.yaml has it. */
export const TTL = 60;

/** What users are asked to write before anything happens, in seconds of theirs. */
const WARMING_UP = 10;

/** Users come, and write for a while. */
export function beginning(play: Play): Step[] {
  return [coming(play), writingOn(play)];
}

/** Users come, and the standby takes what is carried over at night, while they write. */
export function beginningAtNight(play: Play, story: Story): Step[] {
  const night = story.preparing().map((step) => ({
    ...step,
    run: async (report: Report) => {
      // What was confirmed before is in the dump; what comes after it only a live copy has.
      if (step.title.startsWith("Dump")) play.moments.copiedAt = play.timeline.tell("aws", "begins the night's dump");
      return step.run(report);
    },
  }));
  return [coming(play), ...night, writingOn(play)];
}

function coming(play: Play): Step {
  return {
    title: "Users come",
    run: async (report) => {
      play.usersCome();
      await play.untilServedBy("primary", report, 60);
      return `${play.record.confirmed} orders confirmed`;
    },
  };
}

function writingOn(play: Play): Step {
  return {
    title: "Users write on",
    run: async () => {
      await play.pass(WARMING_UP);
      // From here on it is measured, so all takes the time that it takes users.
      play.clouds.azure.pace.isSkipped = false;
      return `${play.record.confirmed} orders confirmed`;
    },
  };
}

/** Declares, as an operator who was called: the word is what recovery is counted from. */
export function declaring(play: Play, disaster: string, why: string): Step {
  return {
    title: `Declare the ${disaster} lost`,
    run: async (report) => {
      play.moments.declaredAt = play.timeline.tell("operator", `gives the word: ${disaster}`);
      play.declared = await play.operator.operate(["declare", disaster, "--why", why, "--by", "rehearsal"], report);
      await play.deployment.look("dr");
      return lastWordOf(play.declared);
    },
  };
}

export function servedBy(play: Play, site: Site, more = 10): Step {
  return {
    title: `Users are served by the ${site}`,
    run: async (report) => {
      await play.untilServedBy(site, report);
      await play.pass(more);
      return `${play.record.confirmed} orders confirmed`;
    },
  };
}

/** Sees the publisher's objects confirmed by a site, and lets some time pass. */
export function publishedAt(play: Play, site: Site, more = 10): Step {
  return {
    title: `Objects are published at the ${site}`,
    run: async (report) => {
      await play.untilPublishedAt(site, report);
      await play.pass(more);
      return `${play.record.puts.filter(({ well }) => well).length} objects confirmed`;
    },
  };
}

/** Everything of AWS dies at once, and somebody is called. */
export function killing(play: Play): Step {
  return {
    title: "All of AWS dies",
    run: async () => {
      await play.clouds.aws.kill();
      // Until now something of it may have confirmed yet.
      play.moments.killedAt = play.timeline.tell("aws", "dies, all of it");
      await play.pass(CALLED);
      return undefined;
    },
  };
}

/**
 * AWS comes back, its APIs first. The weights of the names are brought to agree before its load balancers answer again:
 * where the standby looks unhealthy for a moment, both sites do, and Route 53 then goes by the weights alone.
 */
export function reviving(play: Play): Step {
  return {
    title: "AWS comes back, and the weights of the names agree",
    run: async (report) => {
      const { outage } = play.clouds.aws;
      await outage.revive();
      outage.cutOff();
      play.timeline.tell("aws", "its APIs are back");
      const { steps } = await play.operator.operate(["declare", "site", "--by", "rehearsal"], report);
      const left = steps.filter(({ status }) => status === "left").map(({ title }) => title);
      play.expect(
        "a second declaration leaves nothing for later",
        left.length === 0,
        left.join(", ") || "nothing left",
      );
      await outage.rejoin();
      play.timeline.tell("aws", "is back");
      await play.untilWell("primary", report);
      return undefined;
    },
  };
}

/** Runs a failback. @returns its journal @throws Error with what it said, when it fails */
export async function failback(play: Play, report: Report): Promise<Journal> {
  const settle = String(play.clock.scaled(TTL));
  const args = ["failback", "--why", "the primary is back", "--by", "rehearsal", "--settle", settle];
  const journal = await play.operator.operate(args, report);
  await play.deployment.look("dr");
  return journal;
}

/** Brings all home, and sees the users served by the primary again, until they leave. */
export function failingBack(play: Play, served: Step[] = [servedBy(play, "primary")]): Step[] {
  return [
    { title: "Fail back", run: async (report) => lastWordOf(await failback(play, report)) },
    ...served,
    leaving(play),
  ];
}

export function leaving(play: Play): Step {
  return {
    title: "Users leave",
    run: async () => {
      await play.usersLeave();
      return `${play.record.confirmed} orders confirmed`;
    },
  };
}

/**
 * Compares what users were told is kept with what a site has, and notes what must be so in the end.
 *
 * @param check gets what was measured, and which site it was compared with
 */
export function comparing(
  play: Play,
  looked: Looked,
  check: (measured: Measured, at: string) => void | Promise<void>,
): Step {
  const at = [...new Set([looked.rows, looked.objects])].filter((each) => each !== undefined).join(" and the ");
  return {
    title: `Compare what users were told with what the ${at} has`,
    run: async () => {
      const measured = await play.measure(looked);
      await check(measured, at);
      const { rows, objects } = measured;
      return `${rows?.missing ?? 0} of ${rows?.confirmed ?? 0} rows and ${objects?.missing ?? 0} of ${objects?.confirmed ?? 0} objects are missing`;
    },
  };
}

function lastWordOf({ steps }: Journal): string {
  const left = steps.filter(({ status }) => status === "left").length;
  return left === 0 ? `${steps.length} steps` : `${steps.length - left} steps, ${left} left for later`;
}
