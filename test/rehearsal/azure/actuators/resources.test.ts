import { expect } from "chai";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { UNKNOWN } from "../../../../rehearsal/provider/codec.ts";
import { ACCOUNT, GROUP, IDENTITY, NETWORK, useLocalAzure } from "../../../support/local-azure.ts";
import { rejection } from "../../../support/rejection.ts";

describe("the local Azure's resource group", () => {
  const azure = useLocalAzure();

  it("is made, changed and removed, and a refresh sees what somebody changed by hand", async () => {
    const inputs = { resourceGroupName: "shop-standby", tags: { Purpose: "standby" } };
    const group = await azure.deploy(GROUP, inputs);
    expect(group.id).to.equal(azure.local.resources.id("resourceGroups/shop-standby"));
    expect(group.properties).to.include({
      name: "shop-standby",
      type: "Microsoft.Resources/resourceGroups",
      location: "westeurope",
    });
    expect(await group.refresh(), "no drift").to.deep.equal(inputs);

    const next = { resourceGroupName: "shop-standby", tags: { Purpose: "drill" } };
    await group.update(next);
    expect(await group.refresh()).to.deep.equal(next);
    const { resources } = azure.local;
    resources.put(group.id, { ...resources.get(group.id)?.properties, tags: { Purpose: "by hand" } });
    expect(await group.refresh()).to.deep.equal({ ...next, tags: { Purpose: "by hand" } });

    await group.delete();
    await group.delete();
    expect(await group.refresh()).to.equal(undefined);
  });

  it("has a name made up for it where none is given", async () => {
    expect(await azure.group()).to.match(/^a-test[0-9a-f]{8}$/);
  });

  it("is made anew for another name or region", async () => {
    const group = await azure.deploy(GROUP, { resourceGroupName: "first" });
    expect(group.replacedBy({ resourceGroupName: "second" })).to.deep.equal(["resourceGroupName"]);
    expect(group.replacedBy({ resourceGroupName: "first", location: "northeurope" })).to.deep.equal(["location"]);
    expect(group.replacedBy({ resourceGroupName: "first", tags: { a: "b" } })).to.deep.equal([]);
  });

  const names: [what: string, name: string, taken: boolean][] = [
    ["letters of every alphabet, digits and '_', '-', '.', '(' and ')'", "Läden_1-(eu).x", true],
    ["90 characters", "a".repeat(90), true],
    ["91 characters", "a".repeat(91), false],
    ["a period at the end", "shop.", false],
    ["a blank", "my shop", false],
    ["a slash", "shop/standby", false],
    ["nothing at all", "", false],
  ];
  for (const [what, resourceGroupName, taken] of names) {
    it(`${taken ? "takes" : "refuses"} a name of ${what}`, async () => {
      const refusals = await azure.refusals(GROUP, { resourceGroupName });
      if (taken) expect(refusals).to.equal("");
      else expect(refusals).to.match(/^resourceGroupName: .* is no valid name: .*\(Naming rules/);
    });
  }

  it("refuses a name that is taken, whatever its case, unless it is its own", async () => {
    await azure.deploy(GROUP, { resourceGroupName: "taken" });
    await azure.deploy(GROUP, { resourceGroupName: "mine" });
    const taken = /^resourceGroupName: .*exists already/;
    expect(await azure.refusals(GROUP, { resourceGroupName: "TAKEN" })).to.match(taken);
    expect(await azure.refusals(GROUP, { resourceGroupName: "taken" }, { resourceGroupName: "mine" })).to.match(taken);
    expect(await azure.refusals(GROUP, { resourceGroupName: "taken" }, { resourceGroupName: "taken" })).to.equal("");
  });

  it("refuses at its creation too what has come into its way since it was checked", async () => {
    const { provider } = azure;
    await provider.create(GROUP, { resourceGroupName: "race" });
    expect((await rejection(provider.create(GROUP, { resourceGroupName: "race" }))).message).to.match(/exists already/);
    const network = { resourceGroupName: "never-made", virtualNetworkName: "net" };
    expect((await rejection(provider.create(NETWORK, network))).message).to.match(/ParentResourceNotFound/);
  });
});

describe("what holds for every type of the local Azure", () => {
  const azure = useLocalAzure();

  describe("a region", () => {
    it("is the resource's own, else the provider's, else its group's", async () => {
      await azure.deploy(GROUP, { resourceGroupName: "in-sweden", location: "swedencentral" });
      const regionOf = async (defaultRegion: string | undefined, inputs: Properties) => {
        const resourceName = `id-${crypto.randomUUID()}`;
        const provider = azure.providerIn(defaultRegion);
        const made = await provider.create(IDENTITY, { resourceGroupName: "in-sweden", resourceName, ...inputs });
        return made.properties.location;
      };
      expect(await regionOf("westeurope", { location: "northeurope" })).to.equal("northeurope");
      expect(await regionOf("westeurope", {})).to.equal("westeurope");
      expect(await regionOf(undefined, {})).to.equal("swedencentral");
    });

    const checkGroup = async (inputs: Properties, defaultRegion?: string) => {
      const check = { urn: "u", token: GROUP, name: "a", former: undefined, inputs, seed: "0".repeat(64) };
      return (await azure.providerIn(defaultRegion).check(check)).refusals;
    };

    it("must be given where there is nothing to take it from, now or later", async () => {
      expect(await checkGroup({}))
        .to.have.length(1)
        .and.have.nested.property("[0].property", "location");
      expect(await checkGroup({ location: UNKNOWN }), "it is given, and not known yet").to.deep.equal([]);
      expect(await checkGroup({}, "westeurope")).to.deep.equal([]);
    });

    it("must be one of Azure's, by its short or its long name, also as the provider's default", async () => {
      const refused = /^location: ".*" is no region of the public cloud/;
      expect(await azure.refusals(GROUP, { location: "eu-central-1" })).to.match(refused);
      expect(await azure.refusals(GROUP, { location: "West Europe" })).to.equal("");
      expect(await checkGroup({}, "eu-central-1")).to.have.nested.property("[0].property", "location");
    });
  });

  describe("tags", () => {
    const tagged = (token: string, tags: Record<string, string>) => azure.refusals(token, { tags });
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, "x"]));

    it("may be as many and as long as Azure says", async () => {
      expect(await tagged(GROUP, many(50))).to.equal("");
      expect(await tagged(GROUP, { ["n".repeat(512)]: "v".repeat(256) })).to.equal("");
      expect(await tagged(GROUP, { "a b.c:d-ü": "<any> %& value?" })).to.equal("");
    });

    const refused: [what: string, tags: Record<string, string>, reason: RegExp][] = [
      ["more than 50", many(51), /^tags: 51 tags; at most 50/],
      ["a name of more than 512 characters", { ["n".repeat(513)]: "" }, /^tags\.n+: a name of 513 characters/],
      ["an empty name", { "": "x" }, /^tags\.: a name of 0 characters/],
      ["a value of more than 256 characters", { a: "v".repeat(257) }, /^tags\.a: a value of 257 characters/],
      ["names that differ in case only", { Owner: "a", owner: "b" }, /^tags\.owner: .*nothing but case/],
      ...["<", ">", "%", "&", "\\", "?", "/"].map((sign): [string, Record<string, string>, RegExp] => [
        `a name with ${sign}`,
        { [`a${sign}b`]: "" },
        /^tags\.a.b: .* has one of < > % & \\ \? \/ in it/,
      ]),
    ];
    for (const [what, tags, reason] of refused) {
      it(`are refused with ${what}`, async () => {
        expect(await tagged(GROUP, tags))
          .to.match(reason)
          .and.match(/Use tags to organize/);
      });
    }

    it("have shorter names on storage accounts", async () => {
      expect(await tagged(ACCOUNT, { ["n".repeat(129)]: "" })).to.match(/a name of 129 characters; expected 1 to 128/);
      expect(await tagged(NETWORK, { ["n".repeat(129)]: "" })).to.not.match(/characters/);
    });
  });
});
