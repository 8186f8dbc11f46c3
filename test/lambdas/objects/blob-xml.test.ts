import { expect } from "chai";
import fc from "fast-check";
import { readBlobPage, readBlockList } from "../../../lambdas/objects/blob-xml.ts";

/** One blob of a listing, as the service writes it. */
function blob(name: string, { metadata = "<Metadata />", md5 = "" } = {}): string {
  return `<Blob>${name}<Properties><Creation-Time>Sat, 21 Nov 2026 09:00:00 GMT</Creation-Time>
    <Last-Modified>Sat, 21 Nov 2026 10:00:00 GMT</Last-Modified><Etag>0x8DC0</Etag><Content-Length>11</Content-Length>
    <Content-Type>text/plain</Content-Type><Content-Encoding /><Content-MD5>${md5}</Content-MD5>
    </Properties>${metadata}<OrMetadata /></Blob>`;
}

function page(blobs: string, next = "<NextMarker />"): string {
  const attributes = 'ServiceEndpoint="https://a.blob.core.windows.net/" ContainerName="content"';
  return `\ufeff<?xml version="1.0" encoding="utf-8"?><EnumerationResults ${attributes}><MaxResults>5000</MaxResults><Blobs>${blobs}</Blobs>${next}</EnumerationResults>`;
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const nameIn = (xml: string) => readBlobPage(page(blob(xml))).blobs[0]?.name;

describe("a page of a listing of blobs", () => {
  it("tells of each blob what a comparison needs", () => {
    const metadata = "<Metadata><Dr_Etag>abc</Dr_Etag><dr_bytes>11</dr_bytes></Metadata>";
    const { blobs, next } = readBlobPage(
      page(blob("<Name>a.txt</Name>", { metadata, md5: "sQqNsWTgdUEFt6mb5y4/5Q==" })),
    );
    expect(next).to.equal("");
    expect(blobs).to.deep.equal([
      {
        name: "a.txt",
        etag: "0x8DC0",
        bytes: 11,
        modified: new Date("2026-11-21T10:00:00Z"),
        metadata: { dr_etag: "abc", dr_bytes: "11" },
        md5: "b10a8db164e0754105b7a99be72e3fe5",
      },
    ]);
  });

  it("can be read whatever the standby's users name their metadata", () => {
    for (const name of ["constructor", "prototype", "__proto__", "hasOwnProperty"]) {
      const metadata = `<Metadata><${name}>x</${name}><dr_etag>abc</dr_etag></Metadata>`;
      const { blobs } = readBlobPage(page(blob("<Name>a</Name>", { metadata })));
      expect(blobs[0]?.metadata, name).to.include({ dr_etag: "abc" });
    }
  });

  it("may be empty, and may have one blob or several", () => {
    expect(readBlobPage(page("")).blobs).to.deep.equal([]);
    for (const count of [1, 2, 3]) {
      expect(readBlobPage(page(blob("<Name>a</Name>").repeat(count))).blobs).to.have.length(count);
    }
  });

  it("tells where to go on", () => {
    const next = "<NextMarker>2!92!MDAwMDE0&amp;/x</NextMarker>";
    expect(readBlobPage(page(blob("<Name>a</Name>"), next)).next).to.equal("2!92!MDAwMDE0&/x");
  });

  it("has a blob without an MD5, as those are that were written in parts", () => {
    expect(readBlobPage(page(blob("<Name>a</Name>"))).blobs[0]).to.not.have.property("md5");
  });

  it("keeps an ETag without the quotes that some servers put around it", () => {
    const quoted = blob("<Name>a</Name>").replace("0x8DC0", '"0x8DC0"');
    expect(readBlobPage(page(quoted)).blobs[0]?.etag).to.equal("0x8DC0");
  });

  const names: Record<string, [written: string, name: string]> = {
    "with entities": ["<Name>a &amp; b &lt;1&gt; &quot;c&quot; &apos;d&apos;</Name>", "a & b <1> \"c\" 'd'"],
    "with what looks like an entity": ["<Name>a&amp;amp;b &amp;#65; &amp;lt;</Name>", "a&amp;b &#65; &lt;"],
    "with characters as numbers": ["<Name>&#x1F642; &#252;</Name>", "🙂 ü"],
    "that is a number": ["<Name>007</Name>", "007"],
    "that is a large number": ["<Name>12345678901234567890</Name>", "12345678901234567890"],
    "that looks like hexadecimal or an exponent": ["<Name>0x10e5</Name>", "0x10e5"],
    "that is a word of programs": ["<Name>true</Name>", "true"],
    "with blanks around it": ["<Name>  a  </Name>", "  a  "],
    "of blanks only": ["<Name> </Name>", " "],
    "that is encoded, because XML cannot hold it": ['<Name Encoded="true">a%EF%BF%BEb%20c</Name>', "a\ufffeb c"],
    "with percent signs that stand for themselves": ['<Name Encoded="false">100%25</Name>', "100%25"],
    "that is a number and encoded": ['<Name Encoded="true">42</Name>', "42"],
    "with plus signs": ["<Name>a+b</Name>", "a+b"],
  };
  for (const [what, [written, name]] of Object.entries(names)) {
    it(`has names ${what}`, () => expect(nameIn(written)).to.equal(name));
  }

  it("gives every name and every value back as it was", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((any) => !/[\p{Cc}\ufffe\uffff]/u.test(any));
    const values = fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)) });
    fc.assert(
      fc.property(text, values, (name, value) => {
        const metadata = `<Metadata><key>${escaped(value)}</key></Metadata>`;
        const [found] = readBlobPage(page(blob(`<Name>${escaped(name)}</Name>`, { metadata }))).blobs;
        expect(found?.name).to.equal(name);
        expect(found?.metadata).to.deep.equal({ key: value });
      }),
    );
  });
});

describe("a list of blocks", () => {
  const list = (blocks: string) =>
    `<?xml version="1.0" encoding="utf-8"?><BlockList><CommittedBlocks /><UncommittedBlocks>${blocks}</UncommittedBlocks></BlockList>`;

  it("tells the blocks that are ready, with their sizes", () => {
    const one = "<Block><Name>MDAx</Name><Size>8388608</Size></Block>";
    const two = "<Block><Name>MDAy+/==</Name><Size>1</Size></Block>";
    expect(readBlockList(list(one + two))).to.deep.equal([
      { id: "MDAx", bytes: 8388608 },
      { id: "MDAy+/==", bytes: 1 },
    ]);
    expect(readBlockList(list(one))).to.have.length(1);
  });

  it("may have none, in whatever way that is written", () => {
    expect(readBlockList(list(""))).to.deep.equal([]);
    expect(readBlockList("<BlockList><UncommittedBlocks /></BlockList>")).to.deep.equal([]);
    expect(readBlockList("<BlockList />")).to.deep.equal([]);
  });

  it("leaves out those that are committed already", () => {
    const committed = "<CommittedBlocks><Block><Name>MDAx</Name><Size>1</Size></Block></CommittedBlocks>";
    expect(readBlockList(`<BlockList>${committed}<UncommittedBlocks /></BlockList>`)).to.deep.equal([]);
  });
});
