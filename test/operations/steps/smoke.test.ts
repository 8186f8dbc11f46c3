import { expect } from "chai";
import { primaryWellAgain } from "../../../operations/steps/failback.ts";
import { primaryWell } from "../../../operations/steps/primary.ts";
import { untilWell } from "../../../operations/steps/smoke.ts";
import { useAnsweringPrimary } from "../../support/answering-primary.ts";
import { FakeOperation, watching } from "../../support/fake-operation.ts";
import { rejection } from "../../support/rejection.ts";

const COMPLAINT = "the app, by its health: expected status 200, found 503 (well)";

describe("asking a site until it is well", () => {
  const primary = useAnsweringPrimary();
  const operation = new FakeOperation();

  it("is over with the first good answers, of which all are told", async () => {
    const asked = await untilWell("primary", operation.prod, watching().watch);
    expect(asked.map(({ id, ok }) => [id, ok])).to.deep.equal([
      ["app", true],
      ["content", true],
    ]);
  });

  it("begins anew while an answer is not good, and tells which", async () => {
    primary.health = 503;
    const { watch, said } = watching(() => {
      primary.health = 200;
    });
    await untilWell("primary", operation.prod, watch);
    expect(said).to.deep.equal([COMPLAINT]);
  });

  it("ends with the last complaint when that takes too long", async () => {
    primary.health = 503;
    const { watch, interruption } = watching(() => interruption.abort());
    expect((await rejection(untilWell("primary", operation.prod, watch))).message).to.equal(COMPLAINT);
  });

  it("ends with the reason when it is broken off before there was any", async () => {
    const { watch, interruption } = watching();
    interruption.abort(new Error("interrupted"));
    expect((await rejection(untilWell("primary", operation.prod, watch))).message).to.equal("interrupted");
  });

  it("comes before users are sent back to the primary, and after its database was loaded", async () => {
    for (const step of [primaryWell(), primaryWellAgain()]) {
      expect(await step.act(operation.real, watching().watch)).to.equal("2 good answers");
    }
  });
});
