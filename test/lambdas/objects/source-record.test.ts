import { expect } from "chai";
import fc from "fast-check";
import { fromMetadata, type SourceRecord, sameState, toMetadata } from "../../../lambdas/objects/source-record.ts";

const anyRecord: fc.Arbitrary<SourceRecord> = fc.record({
  etag: fc.stringMatching(/^[0-9a-f]{32}(-[1-9][0-9]{0,3})?$/),
  versionId: fc.oneof(fc.constant(""), fc.stringMatching(/^[A-Za-z0-9._]{32}$/)),
});

describe("the record of what a copy is of", () => {
  it("says which ETag and which version", () => {
    expect(toMetadata({ etag: "abc", versionId: "v1" })).to.deep.equal({ sourceetag: "abc", sourceversion: "v1" });
  });

  it("says so too when the bucket has no versions: Azure drops metadata without a value", () => {
    expect(toMetadata({ etag: "abc", versionId: "" })).to.deep.equal({ sourceetag: "abc", sourceversion: "none" });
  });

  it("survives being written on a blob and read again", () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(fromMetadata(toMetadata(record))).to.deep.equal(record);
      }),
    );
  });

  it("has names that Azure takes, C# identifiers in lower case, and values that a header takes", () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        for (const [name, value] of Object.entries(toMetadata(record))) {
          expect(name).to.match(/^[a-z_][a-z0-9_]*$/);
          expect(value).to.match(/^[\x21-\x7e]+$/);
        }
      }),
    );
  });

  it("is missing from a blob that somebody else wrote, whatever metadata that has", () => {
    expect(fromMetadata(undefined)).to.equal(undefined);
    expect(fromMetadata({})).to.equal(undefined);
    expect(fromMetadata({ author: "somebody" })).to.equal(undefined);
    expect(fromMetadata({ sourceetag: "abc" })).to.equal(undefined);
    expect(fromMetadata({ sourceversion: "v1" })).to.equal(undefined);
    expect(fromMetadata({ sourceetag: "", sourceversion: "v1" })).to.equal(undefined);
  });

  it("is found among other metadata", () => {
    const metadata = { author: "somebody", ...toMetadata({ etag: "abc", versionId: "v1" }) };
    expect(fromMetadata(metadata)).to.deep.equal({ etag: "abc", versionId: "v1" });
  });

  it("is of the same state just when ETag and version are the same", () => {
    const record = { etag: "abc", versionId: "v1" };
    expect(sameState(record, { ...record })).to.equal(true);
    expect(sameState(record, { ...record, etag: "def" })).to.equal(false);
    // The same bytes put twice have the same ETag, and the second may have other headers.
    expect(sameState(record, { ...record, versionId: "v2" })).to.equal(false);
  });
});
