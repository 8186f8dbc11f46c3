import { setTimeout as delay } from "node:timers/promises";
import { expect } from "chai";
import { Sightings } from "../../rehearsal/sightings.ts";
import { Timeline } from "../../rehearsal/timeline.ts";
import { until } from "../support/until.ts";

const HIDDEN = new Error("nobody answers");

/** What is seen, one look after the other, and what is told of it. */
const CASES: Record<string, { seen: (string | Error)[]; told: string[] }> = {
  "is told when it has become another, and only then": {
    seen: ["stopped", "stopped", "running", "running"],
    told: ["running"],
  },
  "is no news as it is in the beginning, and none where there is nothing to tell": {
    seen: ["stopped", "", "stopped"],
    told: ["stopped"],
  },
  "is as it was while it can't be seen": {
    seen: ["stopped", HIDDEN, "stopped", HIDDEN, "running", HIDDEN, "running"],
    told: ["running"],
  },
  "is news from the first sight on, where it could not be seen in the beginning": {
    seen: [HIDDEN, "running"],
    told: ["running"],
  },
};

/** All that is told of a thing that looks like this. */
async function toldOf(seen: (string | Error)[]): Promise<string[]> {
  const timeline = new Timeline();
  // Once the end is seen the second time, all that came before has been told.
  const left = [...seen, "end", "end"];
  const look = async () => {
    const found = left.shift() ?? "end";
    if (found instanceof Error) throw found;
    return found;
  };
  const sightings = new Sightings(timeline, [{ who: "azure", look }]);
  await until(() => left.length === 0, "everything was seen");
  await sightings[Symbol.asyncDispose]();
  return timeline.events.map(({ what }) => what);
}

describe("what is looked at while a scenario is played", () => {
  let told: string[][];
  before(async () => {
    told = await Promise.all(Object.values(CASES).map(({ seen }) => toldOf(seen)));
  });

  for (const [index, [title, { told: expected }]] of Object.entries(CASES).entries()) {
    it(title, () => {
      expect(told[index]).to.deep.equal([...expected, "end"]);
    });
  }

  it("is not looked at any more once that is over", async () => {
    let looks = 0;
    const look = async () => String(looks++);
    const timeline = new Timeline();
    const sightings = new Sightings(timeline, [{ who: "azure", look }]);
    await until(() => timeline.events.length > 0, "something was seen");
    expect(timeline.events[0]).to.include({ who: "azure", what: "1" });
    await sightings[Symbol.asyncDispose]();
    const former = [looks, timeline.events.length];
    await delay(450);
    expect([looks, timeline.events.length]).to.deep.equal(former);
  });
});
