import { deflateRawSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { Permanent } from "../../../lambdas/objects/failure.ts";
import {
  fromBlobMetadata,
  fromObjectMetadata,
  toBlobMetadata,
  toObjectMetadata,
} from "../../../lambdas/objects/metadata.ts";
import type { SourceRecord } from "../../../lambdas/objects/store.ts";

const record: SourceRecord = {
  etag: "9e107d9d372bb6826bd81d3542a419d6-2",
  version: "v1",
  bytes: 42,
  modified: new Date("2026-11-21T16:30:49Z"),
  checksum: { algorithm: "crc64nvme", value: "ae8b14860a799888" },
};
const written = {
  dr_etag: "9e107d9d372bb6826bd81d3542a419d6-2",
  dr_version: "v1",
  dr_bytes: "42",
  dr_modified: "2026-11-21T16:30:49Z",
  dr_checksum: "crc64nvme:ae8b14860a799888",
};
const nothing = { metadata: {}, headers: {}, tags: {} };

/** Names that JavaScript has a meaning for are names too. */
const anyName = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom("__proto__", "constructor", "toString", "dr_etag", "dr_gone", "dr_name_a", "Author", "author", "a-b"),
);
const anyText = fc.string({ unit: "binary", maxLength: 12 });
const anyTable = fc.array(fc.tuple(anyName, anyText), { maxLength: 5 }).map((pairs) => Object.fromEntries(pairs));
const anyHex = (digits: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: digits, maxLength: digits });
const anyRecord: fc.Arbitrary<SourceRecord> = fc
  .record({
    etag: fc.string({ minLength: 1 }),
    version: fc.string(),
    bytes: fc.maxSafeNat(),
    modified: fc.nat({ max: 4e9 }).map((seconds) => new Date(seconds * 1000)),
    checksum: fc.option(
      fc.oneof(
        fc.record({ algorithm: fc.constant("crc64nvme" as const), value: anyHex(16) }),
        fc.record({ algorithm: fc.constant("crc32" as const), value: anyHex(8) }),
        fc.record({ algorithm: fc.constant("md5" as const), value: anyHex(32) }),
      ),
      { nil: undefined },
    ),
  })
  .map(({ checksum, ...rest }) => (checksum ? { ...rest, checksum } : rest));

describe("the metadata of a blob", () => {
  it("holds metadata, tags, headers without a place, and what it is a copy of", () => {
    const metadata = { author: "Ada", "cache-id": "ü" };
    const tags = { team: "web shop", public: "" };
    const headers = { contentType: "text/css", expires: "Sat, 21 Nov 2026 17:00:00 GMT", redirect: "/übersicht" };
    expect(toBlobMetadata({ metadata, tags, headers, record })).to.deep.equal({
      author: "Ada",
      cache__2did: "=?UTF-8?B?w7w=?=",
      dr_tags: "team=web+shop&public=",
      dr_expires: "Sat, 21 Nov 2026 17:00:00 GMT",
      dr_redirect: "=?UTF-8?B?L8O8YmVyc2ljaHQ=?=",
      ...written,
    });
  });

  it("holds nothing but the record of a plain copy, and only what the record has", () => {
    const { etag, bytes, modified } = record;
    expect(toBlobMetadata({ ...nothing, record: { etag, version: "", bytes, modified } })).to.deep.equal({
      dr_etag: etag,
      dr_bytes: "42",
      dr_modified: "2026-11-21T16:30:49Z",
    });
  });

  it("says of a tombstone that it is one, with a record and without", () => {
    expect(toBlobMetadata({ ...nothing, record, gone: true })).to.deep.equal({ ...written, dr_gone: "yes" });
    expect(toBlobMetadata({ ...nothing, gone: true })).to.deep.equal({ dr_gone: "yes" });
    expect(fromBlobMetadata({ dr_gone: "yes" })).to.deep.equal({ ...nothing, record: undefined, gone: true });
  });

  it("cuts a time to the second, which is all that S3 tells", () => {
    const modified = new Date("2026-11-21T16:30:49.999Z");
    expect(toBlobMetadata({ ...nothing, record: { ...record, modified } })).to.deep.equal(written);
  });

  it("comes back as it was, whatever users have written", () => {
    const anyHeaders = fc.record({ expires: anyText, redirect: anyText }, { requiredKeys: [] });
    fc.assert(
      fc.property(anyTable, anyTable, anyHeaders, anyRecord, fc.boolean(), (metadata, tags, headers, record, gone) => {
        const state = { metadata, tags, headers, record, gone };
        expect(fromBlobMetadata(toBlobMetadata(state))).to.deep.equal(state);
      }),
      { numRuns: 500 },
    );
  });

  it("is one that Azure and a header take", () => {
    fc.assert(
      fc.property(anyTable, anyTable, anyRecord, (metadata, tags, record) => {
        for (const [name, value] of Object.entries(toBlobMetadata({ metadata, tags, headers: {}, record }))) {
          expect(name).to.match(/^[a-z_][a-z0-9_]*$/);
          expect(value).to.match(/^[!-~]([ -~]*[!-~])?$/);
        }
      }),
    );
  });

  it("is read in whatever case the names are: Azure compares without it", () => {
    const { etag, version } = fromBlobMetadata({ ...written, DR_ETAG: "abc" }).record ?? record;
    expect({ etag, version }).to.deep.equal({ etag: "abc", version: "v1" });
    expect(fromBlobMetadata({ Author: "Ada" }).metadata).to.deep.equal({ author: "Ada" });
  });

  it("keeps what is the replicator's, and its operators', from the users'", () => {
    expect(fromBlobMetadata({ ...written, dr_restored: "2026", author: "Ada" }).metadata).to.deep.equal({
      author: "Ada",
    });
  });

  it("may be 8 KiB in all, and says how much it is when it is more", () => {
    const metadata = { author: "x".repeat(8192 - "author".length) };
    expect(toBlobMetadata({ ...nothing, metadata })).to.deep.equal(metadata);
    expect(() => toBlobMetadata({ ...nothing, metadata, tags: { a: "b" } })).to.throw(
      Permanent,
      "expected at most 8192 bytes of metadata, which is what Azure holds, found 8202, 3 of them tags; shorten the metadata or the tags of the object",
    );
  });

  it("takes all the tags of an object: long ones are compressed", () => {
    const tags = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [`größe ${i}`.padEnd(128, "日"), "本".repeat(256)]),
    );
    const all = toBlobMetadata({ ...nothing, tags });
    expect(all.dr_tags).to.match(/^deflate:/);
    expect(all.dr_tags?.length).to.be.below(400);
    expect(fromBlobMetadata(all).tags).to.deep.equal(tags);
  });
});

describe("metadata that somebody made by hand", () => {
  const unsound: [what: string, change: Record<string, string | undefined>][] = [
    ["no ETag", { dr_etag: undefined }],
    ["an empty ETag", { dr_etag: "" }],
    ["no size", { dr_bytes: undefined }],
    ["a size that is none", { dr_bytes: "-1" }],
    ["a size that is no whole number", { dr_bytes: "1e3" }],
    ["a size that no number holds", { dr_bytes: "9007199254740993" }],
    ["no time", { dr_modified: undefined }],
    ["a time that is none", { dr_modified: "yesterday" }],
    ["a day that is none", { dr_modified: "2026-02-30T00:00:00Z" }],
    ["a time of another form", { dr_modified: "2026-11-21" }],
    ["a checksum that is none", { dr_checksum: "crc64nvme" }],
    ["a checksum of an unknown kind", { dr_checksum: "sha1:00" }],
  ];
  for (const [what, change] of unsound) {
    it(`is no record when it has ${what}`, () => {
      const all = Object.entries({ ...written, ...change }).filter(
        (pair): pair is [string, string] => pair[1] !== undefined,
      );
      expect(fromBlobMetadata(Object.fromEntries(all)).record).to.equal(undefined);
      expect(fromObjectMetadata(Object.fromEntries(all)).record).to.equal(undefined);
    });
  }

  const compressed = (text: string) => `deflate:${deflateRawSync(text).toString("base64")}`;
  for (const [what, tags] of [
    ["nothing", "deflate:"],
    ["no base64", "deflate:!"],
    ["nothing compressed", "deflate:AAAA"],
    ["no JSON", compressed("team")],
    ["null", compressed("null")],
  ] as const) {
    it(`has no tags when what is said to be compressed is ${what}`, () => {
      expect(fromBlobMetadata({ dr_tags: tags }).tags).to.deep.equal({});
    });
  }

  it("is read all the same", () => {
    const anyOwn = fc.constantFrom(
      ...Object.keys(written),
      "dr_tags",
      "dr_gone",
      "dr_expires",
      "dr_name_",
      "__2d",
      "__",
    );
    const anyValue = fc.oneof(anyText, fc.constantFrom(...Object.values(written), "deflate:", "=?UTF-8?B?/w==?="));
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(anyOwn, anyName), anyValue), (all) => {
        fromBlobMetadata(all);
        fromObjectMetadata(all);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("the metadata of an object", () => {
  it("holds the users' own as it is, and what it is a copy of", () => {
    const metadata = { author: "Ada", "cache-id": "ü", _a__2d: "b", dr_tags: "mine" };
    expect(toObjectMetadata({ metadata, record })).to.deep.equal({
      author: "Ada",
      "cache-id": "=?UTF-8?B?w7w=?=",
      _a__2d: "b",
      dr_tags: "mine",
      ...written,
    });
  });

  it("has names that S3 cannot hold in another form", () => {
    const metadata = { Author: "Ada", größe: "1", dr_etag: "2", dr_name_a: "3" };
    expect(toObjectMetadata({ metadata })).to.deep.equal({
      dr_name___41uthor: "Ada",
      dr_name_gr__c3__b6__c3__9fe: "1",
      dr_name___64r_etag: "2",
      dr_name___64r_name_a: "3",
    });
  });

  it("comes back as it was, whatever users have written", () => {
    fc.assert(
      fc.property(anyTable, anyRecord, (metadata, record) => {
        expect(fromObjectMetadata(toObjectMetadata({ metadata, record }))).to.deep.equal({
          metadata,
          record,
          gone: false,
        });
      }),
      { numRuns: 500 },
    );
  });

  it("is read as users of S3 wrote it, with names of theirs that look like ours", () => {
    const metadata = { a__2d: "1", dr_gone: "yes", dr_name_a: "2", "x.y": "3" };
    expect(fromObjectMetadata(metadata)).to.deep.equal({ metadata, record: undefined, gone: false });
  });

  it("goes to a blob and back to an object and is what users of S3 wrote", () => {
    const anyS3Name = fc.string({ unit: fc.constantFrom(..."abcdr_-.~19"), minLength: 1, maxLength: 12 });
    const anyS3Value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/).filter((value) => !value.startsWith("=?"));
    fc.assert(
      fc.property(fc.dictionary(anyS3Name, anyS3Value, { noNullPrototype: true }), (found) => {
        const { metadata } = fromObjectMetadata(found);
        const copy = fromBlobMetadata(toBlobMetadata({ ...nothing, metadata, record }));
        expect(toObjectMetadata({ metadata: copy.metadata })).to.deep.equal(found);
      }),
      { numRuns: 500 },
    );
  });

  it("may be 2 KiB in all, and says how much it is when it is more", () => {
    const metadata = { author: "x".repeat(2048) };
    expect(() => toObjectMetadata({ metadata })).to.throw(
      Permanent,
      "expected at most 2048 bytes of metadata, which is what S3 holds, found 2054; shorten the metadata or the tags of the object",
    );
  });
});
