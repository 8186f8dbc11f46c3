import { expect } from "chai";
import type { Actuator, CheckContext } from "../../../rehearsal/provider/actuator.ts";
import { type Properties, UNKNOWN } from "../../../rehearsal/provider/codec.ts";
import { LocalProvider } from "../../../rehearsal/provider/provider.ts";
import { rejection } from "../../support/rejection.ts";

const SHELF = "test:index:Shelf";
const STONE = "test:index:Stone";
const RECORDED = "aws:ec2/internetGateway:InternetGateway";

/** A cloud of shelves: each has a name and a width, the cloud tells its area, and somebody may saw at it. */
type Cloud = Map<string, Properties>;

const checked: { inputs: Properties; context: CheckContext<Cloud> }[] = [];

const shelf: Actuator<Cloud> = {
  autoname: { property: "name", make: (logicalName, hex) => `${logicalName}-${hex.slice(0, 4)}` },
  replaceOn: ["name", "wood"],
  check(inputs, context) {
    checked.push({ inputs, context });
    return inputs.width === 0 ? [{ property: "width", reason: "no shelf is 0 wide" }] : [];
  },
  async create(inputs, cloud) {
    const id = `shelf/${inputs.name}`;
    cloud.set(id, inputs);
    return { id, properties: { area: Number(inputs.width) * 2 } };
  },
  read: async ({ id }, cloud) => cloud.get(id),
  async update({ id }, inputs, cloud) {
    cloud.set(id, inputs);
    return { area: Number(inputs.width) * 2 };
  },
  async delete({ id }, cloud) {
    cloud.delete(id);
  },
};

/** Nothing about a stone can change in place, and no two of them stand side by side. */
const stone: Actuator<Cloud> = {
  deleteBeforeReplace: true,
  create: async () => ({ id: "stone", properties: {} }),
  read: async () => undefined,
  delete: async () => {},
};

describe("a local provider", () => {
  let cloud: Cloud;
  let provider: LocalProvider;

  beforeEach(() => {
    cloud = new Map();
    checked.length = 0;
    provider = new LocalProvider({
      registry: new Map([
        [SHELF, shelf],
        [STONE, stone],
      ]),
      cloud,
      invokes: { "test:index:double": async ({ n }) => ({ n: Number(n) * 2 }) },
      identify: (_token, name) => ({ id: `id-of-${name}`, arn: `arn:aws:test:::${name}` }),
    });
  });

  const check = (inputs: Properties, former?: Properties, urn = "urn") =>
    provider.check({ urn, token: SHELF, name: "oak", former, inputs, seed: "beef".repeat(16) });
  const diff = (former: Properties, inputs: Properties, ignored: string[] = [], token = SHELF) =>
    provider.diff({ token, name: "oak", former, inputs, ignored });

  describe("checking", () => {
    it("makes a name up where none is given, and keeps it from then on", async () => {
      expect((await check({ width: 1 })).inputs).to.deep.equal({ width: 1, name: "oak-beef" });
      const former = { width: 1, name: "oak-0123" };
      expect((await check({ width: 2 }, former)).inputs).to.deep.equal({ width: 2, name: "oak-0123" });
    });

    it("leaves a name that is given, and one that will be", async () => {
      expect((await check({ name: "mine" })).inputs).to.deep.equal({ name: "mine" });
      expect((await check({ name: UNKNOWN }, { name: "old" })).inputs).to.deep.equal({ name: UNKNOWN });
    });

    it("hands on what the cloud would refuse", async () => {
      expect((await check({ width: 0 })).refusals).to.deep.equal([{ property: "width", reason: "no shelf is 0 wide" }]);
    });

    it("keeps from the rules whatever has an unknown value in it, but says that it is given", async () => {
      const inputs = { name: "a", width: UNKNOWN, labels: [{ text: UNKNOWN }], wood: "oak" };
      expect((await check(inputs)).inputs, "the engine gets them back").to.deep.equal(inputs);
      expect(checked[0]?.inputs).to.deep.equal({ name: "a", wood: "oak" });
      expect([...(checked[0]?.context.unknown ?? [])]).to.deep.equal(["width", "labels"]);
    });

    it("remembers the old self of what is replaced, which the engine checks again as if it were new", async () => {
      const former = { name: "a" };
      await check({ name: "a", wood: "elm" }, former, "replaced");
      await check({ name: "a", wood: "elm" }, undefined, "replaced");
      await check({ name: "a", wood: "elm" }, undefined, "another");
      expect(checked.map(({ context }) => context.former)).to.deep.equal([former, former, undefined]);
    });

    it("takes a type that is only recorded as it is", async () => {
      const inputs = { anything: UNKNOWN };
      const result = await provider.check({
        urn: "u",
        token: RECORDED,
        name: "n",
        former: undefined,
        inputs,
        seed: "",
      });
      expect(result).to.deep.equal({ inputs, refusals: [] });
    });
  });

  describe("comparing", () => {
    const before = { name: "a", width: 1, wood: "oak" };

    it("finds nothing where nothing changed, whatever the order", () => {
      expect(diff(before, { wood: "oak", width: 1, name: "a" }).changed).to.deep.equal([]);
      expect(diff({ tags: { a: 1, b: [1] } }, { tags: { b: [1], a: 1 } }).changed).to.deep.equal([]);
    });

    it("finds what is new, changed or gone, and which of that makes a new resource", () => {
      const { changed, replaced } = diff(before, { name: "a", wood: "elm", depth: 3 });
      expect(changed).to.have.members(["width", "wood", "depth"]);
      expect(replaced).to.deep.equal(["wood"]);
    });

    it("takes no note of changes that are to be ignored", () => {
      expect(diff(before, { ...before, wood: "elm", width: 9 }, ["wood"])).to.deep.include({
        changed: ["width"],
        replaced: [],
      });
    });

    it("replaces what cannot change in place at all, and what is only recorded never", () => {
      expect(diff({ a: 1 }, { a: 2 }, [], STONE)).to.deep.equal({
        changed: ["a"],
        replaced: ["a"],
        deleteBeforeReplace: true,
      });
      expect(diff({ a: 1 }, { a: 2 }, [], RECORDED).replaced).to.deep.equal([]);
    });

    it("lets the old one go first when both would carry a name that somebody chose", () => {
      expect(diff(before, { ...before, wood: "elm" }).deleteBeforeReplace).to.equal(true);
    });

    it("makes the new one first when its name is another, or was made up and is made up anew", () => {
      expect(diff(before, { ...before, name: "b" }).deleteBeforeReplace).to.equal(false);
      const madeUp = { ...before, name: "oak-beef" };
      expect(diff(madeUp, { ...madeUp, wood: "elm" }).deleteBeforeReplace).to.equal(false);
      const chosen = { ...before, name: "oak-best" };
      expect(diff(chosen, { ...chosen, wood: "elm" }).deleteBeforeReplace, "not of the made-up form").to.equal(true);
    });
  });

  describe("acting on a type of the registry", () => {
    const inputs = { name: "a", width: 3, wood: "oak" };

    it("creates it, and says its inputs and what was computed", async () => {
      const state = await provider.create(SHELF, inputs);
      expect(state).to.deep.equal({ id: "shelf/a", properties: { ...inputs, area: 6 } });
      expect(cloud.get("shelf/a")).to.deep.equal(inputs);
    });

    it("updates it, keeps what was computed, and forgets an input that is no longer given", async () => {
      const { id, properties } = await provider.create(SHELF, inputs);
      const state = { id, properties: { ...properties, serial: 42 } };
      const updated = await provider.update(SHELF, state, inputs, { name: "a", width: 5 });
      expect(updated).to.deep.equal({ name: "a", width: 5, area: 10, serial: 42 });
    });

    it("reads what has drifted into the inputs, but nothing that was never an input", async () => {
      const state = await provider.create(SHELF, inputs);
      cloud.set("shelf/a", { ...inputs, width: 2, dust: "much" });
      expect(await provider.read(SHELF, state, inputs)).to.deep.equal({
        properties: { ...state.properties, width: 2, dust: "much" },
        inputs: { ...inputs, width: 2 },
      });
    });

    it("says of one that is gone that it is gone", async () => {
      const state = await provider.create(SHELF, inputs);
      await provider.delete(SHELF, state);
      expect(cloud.size).to.equal(0);
      expect(await provider.read(SHELF, state, inputs)).to.equal(undefined);
    });
  });

  describe("recording a type that the registry does not have", () => {
    it("creates it with ids of the real form, under a name of its own where none is given", async () => {
      const state = await provider.create(RECORDED, { name: "way-out", vpcId: "vpc-1" });
      expect(state.id).to.equal("id-of-way-out");
      expect(state.properties).to.include({ vpcId: "vpc-1", arn: "arn:aws:test:::way-out" });
      const ids = await Promise.all([1, 2].map(async () => (await provider.create(RECORDED, {})).id));
      expect(ids[0])
        .to.match(/^id-of-InternetGateway-[0-9a-f]{8}$/)
        .and.not.equal(ids[1]);
    });

    it("updates it: outputs that follow from inputs follow them, and the others stay", async () => {
      const former = { vpcId: "vpc-1", tags: { a: "1" } };
      const state = await provider.create(RECORDED, former);
      const updated = await provider.update(RECORDED, state, former, { tags: { b: "2" } });
      expect(updated).to.include({ arn: state.properties.arn }).and.not.have.property("vpcId");
      expect(updated.tagsAll).to.deep.equal({ b: "2" });
    });

    it("finds no drift, and has nothing to delete", async () => {
      const state = await provider.create(RECORDED, { vpcId: "vpc-1" });
      const read = await provider.read(RECORDED, state, { vpcId: "vpc-1" });
      expect(read).to.deep.equal({ properties: state.properties, inputs: { vpcId: "vpc-1" } });
      await provider.delete(RECORDED, state);
    });
  });

  it("answers its functions, and says which there are when it is asked for another", async () => {
    expect(await provider.invoke("test:index:double", { n: 4 })).to.deep.equal({ n: 8 });
    const { message } = await rejection(provider.invoke("test:index:halve", { n: 4 }));
    expect(message).to.match(/no function test:index:halve; it has test:index:double/);
  });
});
