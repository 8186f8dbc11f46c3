import { setTimeout as delay } from "node:timers/promises";
import { ContainerClient } from "@azure/storage-blob";
import { dumpNow } from "../database.ts";
import type { Play } from "../play.ts";
import type { Step } from "../steps.ts";
import type { Story } from "../story.ts";
import type { Report } from "../tools/run.ts";
import { expectNothingLost } from "./expectations.ts";
import { beginningAtNight, comparing, failingBack, killing, reviving, type Scenario, servedBy } from "./scenario.ts";

const DECLARE = ["declare", "site", "--why", "AWS is gone", "--by", "rehearsal", "--yes", "--json"];

/** The size that the project's own Pulumi.dr.yaml names first. */
const SIZE = "Standard_D2s_v5";

/** As a declaration says that it takes another one. */
const NO_ROOM = new RegExp(`no room for (servers of size )?${SIZE}`);

export const faults: Scenario = {
  name: "faults",
  title: "all of AWS dies, and the failover meets refused markers, a killed engine, and servers that are not to be had",
  steps: (play, story) => faultSteps(play, story, []),
};

/** @param said what the declarations tell, one after the other */
function faultSteps(play: Play, story: Story, said: string[]): Step[] {
  return [
    ...beginningAtNight(play, story),
    {
      title: "The next night's dump is damaged on its way",
      run: async (report) => {
        const { before, damaged } = await damagedNight(play, report);
        const setAside = await play.until("the controller to give the damaged dump up", report, 180, async () => {
          const { setAside, data } = await play.deployment.control().state(play.signal);
          return data?.loaded === before ? setAside.find(({ dump }) => dump === damaged) : undefined;
        });
        play.expect("a damaged dump is set aside, and the one before stays", true, setAside.reason);
        return `${damaged} is set aside`;
      },
    },
    killing(play),
    {
      title: "Declare, while Azure has no servers of the size, and refuses the markers",
      run: async (report) => {
        play.clouds.azure.faults.exhaust(SIZE);
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
        said.push(stderr);
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
        const { code, stderr } = await ended;
        said.push(stderr);
        play.expect("the command is dead", code !== 0, `exit code ${code}`);
        return undefined;
      },
    },
    {
      title: "Declare once more",
      run: async (report) => {
        await play.untilLeaseEnds(report);
        const { steps } = await play.operator.operate(DECLARE.slice(0, -2), report);
        await play.deployment.look("dr");
        said.push(steps.find(({ id }) => id === "bring-up")?.said ?? "");
        // Which of the three meets it first depends on what else fails before.
        const next = said.findLast((text) => NO_ROOM.test(text));
        play.expect("it goes on with the next size", next !== undefined, NO_ROOM.exec(next ?? "")?.[0] ?? "not told");
        const ready = steps.find(({ id }) => id === "ready")?.said ?? "";
        play.expect("it says which dump it does without", ready.includes("was set aside"), ready);
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
    comparing(play, { rows: "standby", objects: "standby" }, (measured, at) => expectNothingLost(play, measured, at)),
    {
      title: "Azure has servers again",
      run: async () => {
        await play.clouds.azure.faults.lift();
        return undefined;
      },
    },
    reviving(play),
    ...failingBack(play),
    comparing(play, { rows: "primary", objects: "primary" }, (measured, at) => expectNothingLost(play, measured, at)),
    {
      title: "Set the size back",
      run: async (report) => {
        await play.deployment.set("dr", "multicloud-dr:standbyServerSize", SIZE);
        await play.deployment.up("dr", report);
        return undefined;
      },
    },
  ];
}

/** Takes another dump, a byte of which becomes another as soon as it is on Azure: before it can be loaded. */
async function damagedNight(play: Play, report: Report): Promise<{ before: string | undefined; damaged: string }> {
  const { deployment, clouds, signal } = play;
  const { data } = await deployment.control().state(signal);
  const dumps = new ContainerClient(
    new URL(deployment.output("dr", "dumpsContainerName"), deployment.output("dr", "dumpsBlobEndpoint")).href,
    clouds.azure.publisher(),
  );
  const known = new Set(await chunksIn(dumps));
  const { sfn } = clouds.aws.connect(deployment.output("prod", "region"));
  const dumping = dumpNow(sfn, deployment.output("link", "dumpMachineArn"), report, signal);
  const chunk = await untilNew(dumps, known, signal);
  const blob = dumps.getBlockBlobClient(chunk);
  const bytes = await blob.downloadToBuffer();
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  await blob.upload(bytes, bytes.length);
  play.timeline.tell("rehearsal", `damages ${chunk}`);
  const { dump } = await dumping;
  return { before: data?.loaded, damaged: dump };
}

async function chunksIn(dumps: ContainerClient): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of dumps.listBlobsFlat()) if (name.includes("/chunks/")) names.push(name);
  return names;
}

async function untilNew(dumps: ContainerClient, known: Set<string>, signal: AbortSignal): Promise<string> {
  for (;;) {
    const found = (await chunksIn(dumps)).find((name) => !known.has(name));
    if (found !== undefined) return found;
    await delay(50, undefined, { signal });
  }
}
