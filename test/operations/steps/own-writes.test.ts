import { expect } from "chai";
import type { SeenState } from "../../../operations/database/control.ts";
import { nothingOwn } from "../../../operations/steps/own-writes.ts";
import { FakeOperation, seenState, watching } from "../../support/fake-operation.ts";
import { rejection } from "../../support/rejection.ts";
import type { Deployed } from "../sites-outputs.ts";

describe("taking back a declaration", () => {
  function looked(discard: boolean, deployed: Deployed, data: SeenState["data"], published?: string) {
    const operation = new FakeOperation(deployed);
    operation.states = [seenState({ data })];
    return Promise.resolve(nothingOwn(discard, async () => published).act(operation.real, watching().watch));
  }

  it("is refused where the standby's database has writes of its own", async () => {
    for (const disaster of ["site", "database"] as const) {
      expect((await rejection(looked(false, { disaster }, { tenure: "own" }))).message).to.equal(
        "expected a standby to which nobody has written, found one whose database has writes of its own; bring it " +
          "home with `npm run dr -- failback`, or give it up with --discard-standby",
      );
    }
  });

  it("is refused where something was published at the standby, which names it", async () => {
    for (const disaster of ["site", "content"] as const) {
      expect((await rejection(looked(false, { disaster }, undefined, "news/a b.html"))).message).to.equal(
        'expected a standby at which nothing was published, found "news/a b.html"; bring it home with ' +
          "`npm run dr -- failback`, or give it up with --discard-standby",
      );
    }
    expect(await looked(true, { disaster: "content" }, undefined, "news/a b.html")).to.include("as was asked for");
  });

  it("is not refused where they are to be given up, whatever the controller says", async () => {
    const operation = new FakeOperation({ disaster: "site" });
    expect(await nothingOwn(true).act(operation.real, watching().watch)).to.equal(
      "what was written at the standby is left there, as was asked for",
    );
  });

  it("is not refused where there are none: lent, never promoted, or not declared", async () => {
    const none = "nothing was written at the standby";
    expect(await looked(false, { disaster: "site" }, { tenure: "lent" })).to.equal(none);
    expect(await looked(false, { disaster: "site" }, undefined)).to.equal(none);
    expect(await looked(false, { disaster: "content" }, { tenure: "own" })).to.equal(none);
  });
});
