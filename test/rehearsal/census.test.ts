import { expect } from "chai";
import { takeCensus } from "../../rehearsal/census.ts";

const urn = (type: string, name: string) =>
  `urn:pulumi:dr::multicloud-dr::multicloud-dr:standby:Network$${type}::${name}`;

/** A stack's exported state with these resources. */
const deployment = (...resources: { type: string; name: string; custom?: boolean; external?: boolean }[]) => ({
  version: 3,
  deployment: {
    resources: resources.map(({ type, name, custom = true, external }) => ({
      urn: urn(type, name),
      type,
      custom,
      external,
    })),
  },
});

describe("the census of a stack", () => {
  it("knows what is real and what is only recorded, on every cloud", () => {
    const types = {
      "aws:s3/bucket:Bucket": true,
      "aws:sns/topic:Topic": false,
      "azure-native:storage:StorageAccount": true,
      "azure-native:sql:Server": false,
      "random:index/randomUuid:RandomUuid": true,
    };
    const resources = Object.keys(types).map((type) => ({ type, name: "a" }));
    expect(takeCensus("dr", deployment(...resources))).to.deep.equal(
      Object.entries(types).map(([type, actuated]) => ({ stack: "dr", name: "a", type, actuated })),
    );
  });

  it("counts no component, nothing of the engine's own, and nothing that is only looked up", () => {
    const counted = takeCensus(
      "dr",
      deployment(
        { type: "multicloud-dr:standby:Network", name: "network", custom: false },
        { type: "pulumi:providers:aws", name: "default" },
        { type: "pulumi:pulumi:StackReference", name: "prod" },
        { type: "aws:ec2/vpc:Vpc", name: "theirs", external: true },
        { type: "aws:ec2/vpc:Vpc", name: "ours" },
      ),
    );
    expect(counted.map(({ name }) => name)).to.deep.equal(["ours"]);
  });

  it("keeps a name that has the URN's own separator in it", () => {
    const [resource] = takeCensus("dr", deployment({ type: "aws:ec2/vpc:Vpc", name: "a::b" }));
    expect(resource?.name).to.equal("a::b");
  });

  it("is empty for a stack that has never been deployed", () => {
    expect(takeCensus("dr", { version: 3, deployment: {} })).to.deep.equal([]);
    expect(takeCensus("dr", { version: 3, deployment: undefined })).to.deep.equal([]);
  });
});
