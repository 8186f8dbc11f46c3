import { expect } from "chai";
import { at, known, listAt, numberAt, readExport, textAt, UNKNOWN } from "../../../policy/audit/resources.ts";

const URN =
  "urn:pulumi:prod::multicloud-dr::multicloud-dr:primary:Site$multicloud-dr:primary:ContentBucket$aws:s3/bucket:Bucket::shop-content-bucket";

describe("the resources that the audit goes by", () => {
  it("are those of an exported state, with inputs and outputs, and without what is about to go", () => {
    const entry = {
      urn: URN,
      type: "aws:s3/bucket:Bucket",
      id: "b",
      inputs: { forceDestroy: false },
      outputs: { arn: "arn:x" },
      protect: true,
    };
    const [bucket, ...others] = readExport("prod", {
      deployment: { resources: [entry, { ...entry, delete: true }, { ...entry, external: true }] },
    });
    expect(others).to.be.empty;
    expect(bucket).to.deep.include({
      stack: "prod",
      name: "shop-content-bucket",
      protect: true,
      props: { id: "b", forceDestroy: false, arn: "arn:x" },
    });
    expect(bucket?.within).to.deep.equal(["multicloud-dr:primary:Site", "multicloud-dr:primary:ContentBucket"]);
  });

  it("are refused when they are something else", () => {
    for (const other of [null, {}, { deployment: {} }, "text"]) {
      expect(() => readExport("dr", other)).to.throw(
        "expected the state of stack dr as `pulumi stack export --stack dr` writes it",
      );
    }
  });

  it("tell what is unknown from what is not there", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "x" };
    const props = known({ a: "04da6b54-80e4-46f7-96ec-b56ff0331ba9", b: [{ c: secret }], d: 7, e: "8" }) as Record<
      string,
      unknown
    >;
    const resource = { stack: "s", urn: URN, type: "t", name: "n", within: [], props, protect: false };
    expect(at(resource, "a")).to.equal(UNKNOWN);
    expect(at(resource, "a", "deeper")).to.equal(UNKNOWN);
    expect(at(resource, "b", 0, "c")).to.equal(UNKNOWN);
    expect(at(resource, "z")).to.equal(undefined);
    expect(textAt(resource, "a")).to.equal(undefined);
    expect(listAt(resource, "b")).to.have.length(1);
    expect([numberAt(resource, "d"), numberAt(resource, "e"), numberAt(resource, "a")]).to.deep.equal([
      7,
      8,
      undefined,
    ]);
  });
});
