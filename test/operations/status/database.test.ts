import { expect } from "chai";
import { dumpNames } from "../../../lambdas/database/layout.ts";
import { newestDump } from "../../../operations/status/database.ts";
import { inEnvironment } from "../../support/environment.ts";
import { useLocalAzure } from "../../support/local-azure.ts";
import { lay, manifestOf } from "../database/dumps-on.ts";
import { type OperatorsStandby, operatorsStandby } from "../operators-standby.ts";
import { drOutputs } from "../sites-outputs.ts";

const { signal } = new AbortController();
const THURSDAY = manifestOf("2025-11-20T02:15:00Z", { kind: "weekly" });
const FRIDAY = manifestOf("2025-11-21T02:15:00Z");
const SATURDAY = manifestOf("2025-11-22T02:15:00Z");

describe("the newest dump that can be loaded", () => {
  const azure = useLocalAzure();
  let standby: OperatorsStandby;

  inEnvironment(() => azure.local.operatorEnvironment());

  beforeEach(async () => {
    standby = await operatorsStandby(azure);
  });

  const newest = (setAside: { dump: string; reason: string }[] = []) =>
    newestDump(drOutputs({ values: standby.values }), setAside, signal);

  it("is none where there are no dumps", async () => {
    expect(await newest()).to.equal(undefined);
  });

  it("is the newest complete one, and beside it how many newer ones are not", async () => {
    await lay(standby.dumps, THURSDAY);
    await lay(standby.dumps, FRIDAY, [dumpNames("daily", FRIDAY.dump).chunk(2)]);
    expect(await newest()).to.deep.equal({
      ...{ dump: "20251120T021500Z", kind: "weekly", begunAt: "2025-11-20T02:15:00.000Z" },
      faulty: 1,
    });
    await lay(standby.dumps, SATURDAY);
    expect(await newest()).to.include({ dump: "20251122T021500Z", kind: "daily", faulty: 0 });
  });

  it("is none that the controller has set aside, nor one that comes out of the future", async () => {
    const future = new Date(Date.now() + 7 * 86_400_000).toISOString();
    await lay(standby.dumps, FRIDAY);
    await lay(standby.dumps, SATURDAY);
    await lay(standby.dumps, manifestOf(future));
    const setAside = [{ dump: SATURDAY.dump, reason: "damaged" }];
    expect(await newest(setAside)).to.include({ dump: FRIDAY.dump, faulty: 2 });
  });
});
