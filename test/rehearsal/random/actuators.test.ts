import { expect } from "chai";
import fc from "fast-check";
import { UNKNOWN } from "../../../rehearsal/provider/codec.ts";
import { LocalProvider } from "../../../rehearsal/provider/provider.ts";
import { RANDOM_ACTUATORS } from "../../../rehearsal/random/actuators.ts";

const STRING = "random:index/randomString:RandomString";
const PASSWORD = "random:index/randomPassword:RandomPassword";
const UUID = "random:index/randomUuid:RandomUuid";

const provider = new LocalProvider({
  registry: RANDOM_ACTUATORS,
  cloud: null,
  invokes: {},
  identify: (_token, name) => ({ id: name, arn: name }),
});

const refusals = async (inputs: Record<string, unknown>) =>
  (await provider.check({ urn: "u", token: STRING, name: "a", former: undefined, inputs, seed: "" })).refusals;

describe("the local random provider", () => {
  it("draws strings of the length, the kinds and the least counts that were asked for", async () => {
    const kinds = { lower: /[a-z]/g, upper: /[A-Z]/g, numeric: /[0-9]/g, special: /[^a-zA-Z0-9]/g };
    const use = fc.option(fc.boolean(), { nil: undefined });
    const least = fc.nat({ max: 5 });
    const inputs = fc.record({
      length: fc.integer({ min: 20, max: 60 }),
      ...{ lower: use, upper: use, numeric: use, special: use },
      ...{ minLower: least, minUpper: least, minNumeric: least, minSpecial: least },
    });
    await fc.assert(
      fc.asyncProperty(inputs, async (asked) => {
        const given: Record<string, unknown> = asked;
        const used = Object.entries(kinds).filter(([kind]) => given[kind] !== false);
        fc.pre(used.length > 0);
        expect(await refusals(given)).to.deep.equal([]);
        const result = String((await provider.create(STRING, given)).properties.result);
        expect(result).to.have.length(asked.length);
        for (const [kind, pattern] of Object.entries(kinds)) {
          const count = [...result.matchAll(pattern)].length;
          if (given[kind] === false) expect(count, kind).to.equal(0);
          else expect(count, kind).to.be.at.least(Number(given[`min${kind.charAt(0).toUpperCase()}${kind.slice(1)}`]));
        }
      }),
    );
  });

  it("draws special characters from those that are named, and from its own where none are", async () => {
    const only = { length: 30, lower: false, upper: false, numeric: false };
    const resultOf = async (more: object) => (await provider.create(STRING, { ...only, ...more })).properties.result;
    expect(await resultOf({ overrideSpecial: "_" })).to.equal("_".repeat(30));
    expect(await resultOf({ overrideSpecial: "" })).to.match(/^[^a-zA-Z0-9]{30}$/);
  });

  it("does not leave the required characters where they were drawn", async () => {
    const drawn = Array.from({ length: 20 }, () => provider.create(STRING, { length: 40, minNumeric: 20 }));
    const fronts = (await Promise.all(drawn)).map(({ properties }) => String(properties.result).slice(0, 20));
    expect(fronts.every((front) => /^\d+$/.test(front))).to.equal(false);
  });

  it("never draws the same again, nor keeps a password as an id", async () => {
    const strings = await Promise.all(Array.from({ length: 50 }, () => provider.create(STRING, { length: 16 })));
    expect(new Set(strings.map(({ properties }) => properties.result)).size).to.equal(50);
    const password = await provider.create(PASSWORD, { length: 16 });
    expect(password.id).to.equal("none");
    expect(password.properties.result).to.have.length(16);
  });

  it("draws UUIDs of the form that Azure takes", async () => {
    const { id, properties } = await provider.create(UUID, {});
    expect(properties.result).to.equal(id);
    expect(id).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("keeps what it drew: a refresh finds the same, and any change draws anew", async () => {
    const inputs = { length: 8, keepers: { zone: "a" } };
    const state = await provider.create(STRING, inputs);
    expect(await provider.read(STRING, state, inputs)).to.deep.equal({ properties: state.properties, inputs });
    const next = { ...inputs, keepers: { zone: "b" } };
    const { replaced } = provider.diff({ token: STRING, name: "a", former: inputs, inputs: next, ignored: [] });
    expect(replaced).to.deep.equal(["keepers"]);
  });

  for (const [what, inputs, property] of [
    ["no length", {}, "length"],
    ["a length of 0", { length: 0 }, "length"],
    ["a length below the sum of the least counts", { length: 5, minLower: 3, minNumeric: 3 }, "length"],
    ["no kind of character", { length: 5, lower: false, upper: false, numeric: false, special: false }, "lower"],
  ] as const) {
    it(`refuses ${what}`, async () => {
      expect((await refusals(inputs)).map((refusal) => refusal.property)).to.deep.equal([property]);
    });
  }

  it("does not refuse a length that is not known yet", async () => {
    expect(await refusals({ length: UNKNOWN })).to.deep.equal([]);
  });
});
