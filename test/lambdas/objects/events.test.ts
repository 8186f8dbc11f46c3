import { expect } from "chai";
import fc from "fast-check";
import { readHints } from "../../../lambdas/objects/events.ts";

/** An S3 event message about keys, as S3 writes it: the key as in a form. */
function message(...keys: string[]): string {
  const Records = keys.map((key) => ({
    eventVersion: "2.1",
    eventSource: "aws:s3",
    eventName: "ObjectCreated:Put",
    s3: {
      s3SchemaVersion: "1.0",
      bucket: { name: "shop-content", arn: "arn:aws:s3:::shop-content" },
      object: { key: new URLSearchParams({ key }).toString().slice("key=".length), size: 1, sequencer: "00" },
    },
  }));
  return JSON.stringify({ Records });
}

describe("an S3 event message", () => {
  it("hints at the key of every record, in their order", () => {
    expect(readHints(message("index.html", "media/a.bin"))).to.deep.equal([
      { bucket: "shop-content", key: "index.html" },
      { bucket: "shop-content", key: "media/a.bin" },
    ]);
  });

  it("writes a key as a form does, from which it is read back", () => {
    const encoded = message("a b+c/ü%20&=.txt");
    expect(encoded).to.contain('"a+b%2Bc%2F%C3%BC%2520%26%3D.txt"');
    expect(readHints(encoded)).to.deep.equal([{ bucket: "shop-content", key: "a b+c/ü%20&=.txt" }]);
  });

  it("gives every key back as it was", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { maxLength: 5 }), (keys) => {
        expect(readHints(message(...keys)).map(({ key }) => key)).to.deep.equal(keys);
      }),
    );
  });

  it("hints at a removed key too: only a look tells what is there now", () => {
    const removed = message("index.html").replace("ObjectCreated:Put", "ObjectRemoved:DeleteMarkerCreated");
    expect(readHints(removed)).to.deep.equal([{ bucket: "shop-content", key: "index.html" }]);
  });

  it("hints at nothing when it is the test that S3 sends at the set-up", () => {
    const test = { Service: "Amazon S3", Event: "s3:TestEvent", Time: "2026-11-21T10:00:00Z", Bucket: "shop-content" };
    expect(readHints(JSON.stringify(test))).to.be.empty;
  });

  const none: Record<string, string> = {
    "no JSON": "hello",
    "an empty text": "",
    "JSON of something else": "[]",
    "another event": '{"Event":"s3:OtherEvent"}',
    "records without a key": '{"Records":[{"s3":{"bucket":{"name":"shop-content"}}}]}',
    "a key without a character": '{"Records":[{"s3":{"bucket":{"name":"a"},"object":{"key":""}}}]}',
    "a key that is no text": '{"Records":[{"s3":{"bucket":{"name":"a"},"object":{"key":1}}}]}',
  };
  for (const [what, body] of Object.entries(none)) {
    it(`is not ${what}, and the error shows what was found`, () => {
      expect(() => readHints(body)).to.throw(`expected an S3 event message, found ${body}`);
    });
  }

  it("is quoted in an error by its beginning only", () => {
    expect(() => readHints("x".repeat(10_000)))
      .to.throw()
      .with.property("message")
      .that.has.length.lessThan(300);
  });

  it("with a key that is wrongly encoded is refused, and the error shows the key", () => {
    const body = message("KEY").replace("KEY", "100%");
    expect(() => readHints(body)).to.throw('expected a key encoded as in a form, found "100%"');
  });
});
