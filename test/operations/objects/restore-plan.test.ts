import { expect } from "chai";
import fc from "fast-check";
import { originOf, restoreStep, type Version, versionAt } from "../../../operations/objects/restore-plan.ts";

/** The id of a version that was written so many milliseconds after the start. */
function idAt(milliseconds: number): string {
  return new Date(Date.UTC(2026, 10, 21) + milliseconds).toISOString().replace("Z", "1234Z");
}

function momentAt(milliseconds: number): Date {
  return new Date(Date.UTC(2026, 10, 21) + milliseconds);
}

function version(at: number, more: Partial<Version> = {}): Version {
  const id = idAt(at);
  return { id, current: false, deleted: false, etag: `etag-${at}`, bytes: 3, gone: false, metadata: {}, ...more };
}

const current = { current: true };
const tombstone = { gone: true, bytes: 0 };

describe("the version of a moment", () => {
  const versions = [version(0), version(10), version(20, current)];

  it("is the last one that was written until then, in whatever order they are listed", () => {
    for (const listed of [versions, versions.toReversed()]) {
      expect(versionAt(listed, momentAt(15))?.id).to.equal(idAt(10));
      expect(versionAt(listed, momentAt(99))?.id).to.equal(idAt(20));
    }
  });

  it("is none before the first one", () => {
    expect(versionAt(versions, momentAt(0))).to.equal(undefined);
  });

  it("is told apart below a millisecond: what was written after the moment is not of the moment", () => {
    expect(versionAt(versions, momentAt(10))?.id).to.equal(idAt(0));
    expect(versionAt(versions, momentAt(11))?.id).to.equal(idAt(10));
  });
});

describe("the plan of a restore", () => {
  it("leaves what is what it was", () => {
    expect(restoreStep([version(0, current)], momentAt(5))).to.deep.equal({ do: "nothing" });
  });

  it("copies the former version over what is there now", () => {
    const former = version(0);
    const step = restoreStep([former, version(10, current)], momentAt(5));
    expect(step).to.deep.equal({ do: "copy", from: former, over: "etag-10" });
  });

  it("copies it over a tombstone, too", () => {
    const former = version(0);
    const step = restoreStep([former, version(10, { ...current, ...tombstone })], momentAt(5));
    expect(step).to.deep.equal({ do: "copy", from: former, over: "etag-10" });
  });

  it("copies it where somebody deleted the blob, and nothing is there now", () => {
    const former = version(0);
    expect(restoreStep([former], momentAt(5))).to.deep.equal({ do: "copy", from: former, over: undefined });
  });

  it("hides what was not there yet, and what was hidden then", () => {
    const hide = { do: "hide", over: "etag-10" };
    expect(restoreStep([version(10, current)], momentAt(5))).to.deep.equal(hide);
    expect(restoreStep([version(0, tombstone), version(10, current)], momentAt(5))).to.deep.equal(hide);
  });

  it("hides nothing twice", () => {
    expect(restoreStep([version(10, { ...current, ...tombstone })], momentAt(5))).to.deep.equal({ do: "nothing" });
    expect(restoreStep([version(10)], momentAt(5))).to.deep.equal({ do: "nothing" });
  });

  it("leaves what was restored already", () => {
    const restored = version(20, { ...current, restoredFrom: idAt(0) });
    expect(restoreStep([version(0), version(10), restored], momentAt(5))).to.deep.equal({ do: "nothing" });
  });

  it("takes no other content for a restored one, though its metadata says so", () => {
    const rewritten = version(20, { ...current, restoredFrom: idAt(0), bytes: 4 });
    expect(restoreStep([version(0), rewritten], momentAt(5))).to.deep.include({ do: "copy", over: "etag-20" });
  });

  it("says what has to be undeleted first", () => {
    const step = restoreStep([version(0, { deleted: true }), version(10, current)], momentAt(5));
    expect(step).to.have.property("reason").that.includes("undelete the blob");
  });

  it("touches no blob that has no versions: what was there would be lost", () => {
    const step = restoreStep([version(10, { ...current, id: "" })], momentAt(5));
    expect(step).to.have.property("reason").that.includes("no versions");
  });

  /** A blob with versions, and what each of its moments showed: the model that the plan is held against. */
  class Blob {
    readonly versions: Version[] = [];
    readonly contents = new Map<string, string>();

    put(at: number, content: string, more: Partial<Version> = {}) {
      this.delete();
      this.versions.push(version(at, { ...current, bytes: content.length, ...more }));
      this.contents.set(idAt(at), content);
    }

    delete() {
      for (const one of this.versions) one.current = false;
    }

    get shown(): string | undefined {
      const now = this.versions.find((one) => one.current);
      return now && !now.gone ? this.contents.get(now.id) : undefined;
    }

    restore(to: number, at: number) {
      const step = restoreStep(this.versions, momentAt(to));
      const etag = this.versions.find((one) => one.current)?.etag;
      if (step.do === "copy" || step.do === "hide") expect(step.over).to.equal(etag);
      if (step.do === "hide") this.put(at, "", tombstone);
      if (step.do === "copy") {
        this.put(at, this.contents.get(step.from.id) ?? "", { restoredFrom: originOf(step.from) });
      }
      return step.do;
    }
  }

  const change = fc.oneof(
    fc.record({ do: fc.constant("put" as const), content: fc.string({ maxLength: 2 }) }),
    fc.record({ do: fc.constant("hide" as const), content: fc.constant("") }),
    fc.record({ do: fc.constant("restore" as const), content: fc.constant("") }),
  );

  it("brings any history to what it was at any of its moments, and then finds nothing to do", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), fc.nat({ max: 100 }), (changes, where) => {
        const blob = new Blob();
        const shown = [blob.shown];
        for (const [index, { do: what, content }] of changes.entries()) {
          const at = 10 * (index + 1);
          if (what === "put") blob.put(at, content);
          if (what === "hide") blob.put(at, "", tombstone);
          if (what === "restore") blob.restore(where % at, at);
          shown.push(blob.shown);
        }
        const index = where % shown.length;
        blob.restore(10 * index + 5, 1000);
        expect(blob.shown).to.equal(shown[index]);
        expect(blob.restore(10 * index + 5, 2000)).to.equal("nothing");
      }),
    );
  });
});
