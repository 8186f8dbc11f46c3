import { expect } from "chai";
import fc from "fast-check";
import { Permanent } from "../../../lambdas/objects/failure.ts";
import { decide } from "../../../lambdas/secrets/decision.ts";
import { copyNameOf } from "../../../lambdas/secrets/names.ts";
import { Copies, replicate, type SecretSource, type SecretTarget } from "../../../lambdas/secrets/replicate.ts";
import { type Copy, type CopyValue, REPLICATE_TAG, type SourceSecret } from "../../../lambdas/secrets/secret-state.ts";
import { rejection } from "../../support/rejection.ts";

/** Both sides in memory; each call of theirs ends when the scheduler says so. */
class Sides implements SecretSource, SecretTarget {
  secret: (SourceSecret & { value: string }) | undefined;
  copy: (Copy & { value: string }) | undefined;
  sets = 0;
  readonly #turn: () => Promise<void>;

  constructor(turn: () => Promise<void> = async () => {}) {
    this.#turn = turn;
  }

  async find() {
    await this.#turn();
    return this.secret && { ...this.secret };
  }
  async read({ version }: SourceSecret): Promise<CopyValue> {
    await this.#turn();
    return { value: `value of ${version}`, contentType: "text/plain" };
  }
  async list() {
    await this.#turn();
    return this.copy ? [{ ...this.copy }] : [];
  }
  async set(name: string, { value }: CopyValue, tags: Record<string, string>) {
    await this.#turn();
    this.sets += 1;
    this.copy = { name, enabled: true, tags, value };
    await this.#turn();
  }
  async change(_name: string, enabled: boolean, tags?: Record<string, string>) {
    await this.#turn();
    if (this.copy) this.copy = { ...this.copy, enabled, ...(tags && { tags }) };
    await this.#turn();
  }
}

const secret = (version: string | undefined, more: Partial<SourceSecret> = {}) => ({
  ...{ name: "api", id: "AbCdEf", version, deleted: false, tags: { [REPLICATE_TAG]: "shop" } },
  value: `value of ${version}`,
  ...more,
});
const run = (sides: Sides) => replicate(sides, new Copies(sides), "api", "shop");

describe("the replication of a secret", () => {
  it("copies, and does nothing the second time", async () => {
    const sides = new Sides();
    sides.secret = secret("v1");
    expect(await run(sides)).to.deep.equal({ outcome: "copied", version: "v1" });
    expect(sides.copy).to.include({ value: "value of v1", enabled: true });
    expect(await run(sides)).to.deep.equal({ outcome: "unchanged", version: "v1" });
    expect(sides.sets).to.equal(1);
  });

  it("disables the copy of what is deleted, keeps its value, and lets it be read again when that is taken back", async () => {
    const sides = new Sides();
    sides.secret = secret("v1");
    await run(sides);
    sides.secret = secret("v1", { deleted: true });
    expect(await run(sides)).to.include({ outcome: "disabled" });
    expect(sides.copy).to.include({ value: "value of v1", enabled: false });
    sides.secret = secret("v1");
    expect(await run(sides)).to.include({ outcome: "changed" });
    expect(sides.copy).to.include({ value: "value of v1", enabled: true });
    expect(sides.sets).to.equal(1);
  });

  it("leaves what somebody else wrote, and says so", async () => {
    const sides = new Sides();
    sides.secret = secret("v1");
    sides.copy = { name: "api", enabled: true, tags: {}, value: "by hand" };
    const refused = await rejection(run(sides));
    expect(refused).to.be.instanceOf(Permanent);
    expect(refused.message).to.match(/^the newest version of api in the vault was not written by the replicator/);
    expect(sides.copy.value).to.equal("by hand");
  });

  it("gives up where the source changes with every look, and leaves that to the next event", async () => {
    const sides = new Sides();
    let version = 0;
    sides.find = async () => secret(`v${++version}`);
    expect((await rejection(run(sides))).message).to.equal("api changed at the primary each time that it was copied");
  });

  it("ends with the source's last state, however events, changes and several replicators cross", async () => {
    const states = fc.constantFrom<(SourceSecret & { value: string }) | undefined>(
      ...["v1", "v2", "v3"].map((version) => secret(version)),
      secret("v1", { deleted: true }),
      secret("v2", { tags: {} }),
      secret("v3", { tags: { [REPLICATE_TAG]: "shop", Owner: "team" } }),
      secret(undefined),
      undefined,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(states, { minLength: 1, maxLength: 5 }), fc.scheduler(), async (changes, scheduler) => {
        const sides = new Sides(() => scheduler.schedule(Promise.resolve()));
        const events = changes.map(async (state) => {
          await scheduler.schedule(Promise.resolve());
          sides.secret = state;
          // What fails comes again by its queue.
          for (let again = true; again; ) {
            again = await run(sides).then(
              () => false,
              () => true,
            );
          }
        });
        await scheduler.waitFor(Promise.all(events));
        expect(decide(sides.secret, sides.copy, "shop").action).to.equal("keep");
        if (sides.copy?.enabled) {
          expect(sides.copy.value, "and tags never tell of another value").to.equal(
            `value of ${sides.copy.tags["source-version"]}`,
          );
        }
        expect(sides.copy?.name ?? "api").to.equal(copyNameOf("api"));
      }),
      { numRuns: 300 },
    );
  });
});
