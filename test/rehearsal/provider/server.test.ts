import { expect } from "chai";
import type { Actuator } from "../../../rehearsal/provider/actuator.ts";
import { UNKNOWN } from "../../../rehearsal/provider/codec.ts";
import { LocalProvider } from "../../../rehearsal/provider/provider.ts";
import { serveProvider } from "../../../rehearsal/provider/server.ts";
import { ProviderClient } from "../../support/provider-client.ts";
import { rejection } from "../../support/rejection.ts";

const urn = (name: string, token = "aws:test/shelf:Shelf") => `urn:pulumi:dr::shop::my:Component$${token}::${name}`;

/** A cloud that remembers which region it was told what in. */
interface Cloud {
  region: string;
  made: string[];
}

const shelf: Actuator<Cloud> = {
  autoname: { property: "name", make: (logicalName, hex) => `${logicalName}-${hex.slice(0, 6)}` },
  replaceOn: ["wood"],
  check: (inputs) => (inputs.width === 0 ? [{ property: "width", reason: "no shelf is 0 wide" }] : []),
  async create(inputs, { region, made }) {
    if (inputs.wood === "teak") throw new Error("QuotaExceeded: there is no more teak");
    made.push(`${inputs.name} in ${region}`);
    return { id: String(inputs.name), properties: { region } };
  },
  read: async ({ id }, { made }) => (made.some((each) => each.startsWith(`${id} `)) ? { width: 7 } : undefined),
  update: async () => ({ updated: true }),
  async delete({ id }, { made }) {
    made.splice(0, made.length, ...made.filter((each) => !each.startsWith(`${id} `)));
  },
};

describe("a local provider on the wire", () => {
  const made: string[] = [];
  const end = new AbortController();
  let server: Awaited<ReturnType<typeof serveProvider>>;
  let client: ProviderClient;
  const clients: ProviderClient[] = [];

  async function connect(region?: string): Promise<ProviderClient> {
    const connected = new ProviderClient(server.port);
    clients.push(connected);
    if (region !== undefined) await connected.configure({ region });
    return connected;
  }

  before(async () => {
    const connectCloud = ({ region = "" }: Record<string, string>) =>
      new LocalProvider({
        registry: new Map([["aws:test/shelf:Shelf", shelf]]),
        cloud: { region, made },
        invokes: { "aws:index/getRegion:getRegion": async () => ({ region }) },
        identify: (_token, name) => ({ id: `id-of-${name}`, arn: `arn:aws:test:::${name}` }),
      });
    server = await serveProvider("aws", connectCloud, end.signal);
    client = await connect("eu-west-1");
  });

  after(() => {
    for (const each of clients) each.close();
    server.close();
  });

  beforeEach(() => {
    made.length = 0;
  });

  it("keeps connections with different configurations apart", async () => {
    const other = await connect("us-east-1");
    const regions = [client, other, client].map((each) => each.invoke("aws:index/getRegion:getRegion", {}));
    expect(await Promise.all(regions)).to.deep.equal(
      ["eu-west-1", "us-east-1", "eu-west-1"].map((region) => ({ region })),
    );
    await other.create(urn("a"), { name: "a" });
    await client.create(urn("b"), { name: "b" });
    expect(made).to.deep.equal(["a in us-east-1", "b in eu-west-1"]);
  });

  it("answers nobody who has not configured it", async () => {
    const early = await connect();
    expect((await rejection(early.create(urn("a"), {}))).message).to.match(/before it configured it/);
  });

  it("takes a resource through its life, its type and name out of the URN", async () => {
    const { inputs, failures } = await client.check(urn("oak"), {}, { width: 1, label: "a" });
    expect(failures).to.deep.equal([]);
    expect(inputs.name).to.match(/^oak-[0-9a-f]{6}$/);
    const { id, properties } = await client.create(urn("oak"), inputs);
    expect(properties).to.deep.equal({ ...inputs, region: "eu-west-1" });

    const next = { name: inputs.name, width: 2 };
    const kept = await client.check(urn("oak"), inputs, { width: 2 }, "another seed");
    expect(kept.inputs, "the name stays").to.deep.equal(next);
    const updated = await client.update(urn("oak"), id, { properties, inputs }, next);
    expect(updated).to.deep.equal({ ...next, region: "eu-west-1", updated: true });

    const read = await client.read(urn("oak"), id, updated, next);
    expect(read).to.deep.equal({ id, properties: { ...updated, width: 7 }, inputs: { ...next, width: 7 } });
    await client.delete(urn("oak"), id, updated);
    expect((await client.read(urn("oak"), id, updated, next)).id, "no id is how the engine knows it is gone").to.equal(
      "",
    );
  });

  it("makes up the same name for the same seed only, and never the same for two resources", async () => {
    const nameOf = async (name: string, seed: string) => (await client.check(urn(name), {}, {}, seed)).inputs.name;
    expect(await nameOf("a", "one")).to.equal(await nameOf("a", "one"));
    expect(await nameOf("a", "one")).to.not.equal(await nameOf("a", "two"));
    const [a, b] = [await nameOf("a", "one"), await nameOf("b", "one")].map((name) => String(name).slice(2));
    expect(a).to.not.equal(b);
  });

  it("hands on refusals with the property that they are about", async () => {
    const { failures } = await client.check(urn("a"), {}, { width: 0 });
    expect(failures).to.deep.equal([["width", "no shelf is 0 wide"]]);
  });

  it("says what changed and what of that makes a new resource, or that nothing did", async () => {
    const former = { name: "mine", width: 1, wood: "oak", label: "x" };
    expect(await client.diff(urn("a"), former, { ...former, wood: "elm", label: "y" }, ["label"])).to.deep.equal({
      changes: true,
      diffs: ["wood"],
      replaces: ["wood"],
      deleteBeforeReplace: true,
    });
    expect((await client.diff(urn("a"), former, former)).changes).to.equal(false);
  });

  it("hands on an actuator's error with its own words", async () => {
    const { message } = await rejection(client.create(urn("a"), { name: "a", wood: "teak" }));
    expect(message).to.include("QuotaExceeded: there is no more teak");
  });

  it("creates nothing in a preview, and makes no output up", async () => {
    const inputs = { name: "a", width: UNKNOWN };
    expect(await client.create(urn("a"), inputs, true)).to.deep.equal({ id: "", properties: inputs });
    expect(made).to.deep.equal([]);
  });

  it("updates nothing in a preview, keeps outputs and forgets inputs that are no longer given", async () => {
    const inputs = { name: "a", width: 1, label: "x" };
    const was = { properties: { ...inputs, region: "eu-west-1" }, inputs };
    const updated = await client.update(urn("a"), "a", was, { name: "a", width: 2 }, true);
    expect(updated).to.deep.equal({ name: "a", width: 2, region: "eu-west-1" });
  });

  it("records a type that nobody actuates", async () => {
    const recorded = urn("way-out", "aws:ec2/internetGateway:InternetGateway");
    const { id, properties } = await client.create(recorded, { name: "way-out" });
    expect(id).to.equal("id-of-way-out");
    expect(properties.arn).to.equal("arn:aws:test:::way-out");
  });

  it("lets no call wait any longer once the run is over, and says why it is", async () => {
    const over = new AbortController();
    const endless: Actuator<null> = { ...(shelf as unknown as Actuator<null>), create: () => new Promise(() => {}) };
    const dead = await serveProvider(
      "aws",
      () =>
        new LocalProvider({
          registry: new Map([["aws:test/shelf:Shelf", endless]]),
          cloud: null,
          invokes: {},
          identify: (_token, name) => ({ id: name, arn: name }),
        }),
      over.signal,
    );
    const caller = new ProviderClient(dead.port);
    try {
      await caller.configure({});
      const waiting = rejection(caller.create(urn("a"), { name: "a" }));
      over.abort(new Error("the local AWS died"));
      expect((await waiting).message).to.include("the local AWS died");
      expect((await rejection(caller.create(urn("a"), {}))).message).to.include("the local AWS died");
    } finally {
      caller.close();
      dead.close();
    }
  });
});
