import { expect } from "chai";
import fc from "fast-check";
import { parse } from "yaml";
import { cloudConfig, SITE_DOCUMENT_PATH, type SiteDocument } from "../../components/site-document.ts";

const DOCUMENT: SiteDocument = {
  workload: "shop",
  site: "primary",
  appName: "app.example.com",
  port: 8080,
  healthPath: "/healthz",
  database: {
    host: "shop.c0ffee.eu-west-1.rds.amazonaws.com",
    port: 3306,
    name: "app",
    secret: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!db-1a2b",
  },
  content: { kind: "s3", bucket: "shop-content-1a2b3c4", region: "eu-west-1" },
};

/** Text that YAML, JSON or a shell could trip over, and text at random. */
const oddText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "no", "~", "1e3", "a: b # c", "- x", "{}", "'", '"', "\\", "$HOME `x`", "#cloud-config", "|\n a"),
  fc.constantFrom("\u0000", "\u007f", "\u0085", "\u00a0", "\u2028", "\u2029", "\ufeff", "\ud800", "😀", "\r\n", "\t"),
);

const contents: fc.Arbitrary<SiteDocument["content"]> = fc.oneof(
  fc.record({ kind: fc.constant("s3" as const), bucket: oddText, region: oddText }),
  fc.record({ kind: fc.constant("blob" as const), endpoint: oddText, container: oddText }),
);

const documents: fc.Arbitrary<SiteDocument> = fc.record(
  {
    workload: oddText,
    site: fc.constantFrom("primary" as const, "standby" as const),
    appName: oddText,
    port: fc.integer({ min: 1, max: 65_535 }),
    healthPath: oddText,
    database: fc.record({ host: oddText, port: fc.integer({ min: 1, max: 65_535 }), name: oddText, secret: oddText }),
    content: contents,
    identityClientId: oddText,
  },
  { requiredKeys: ["workload", "site", "appName", "port", "healthPath", "content"] },
);

/** The files that a cloud-config writes, as a reader of YAML of that version sees them. */
function filesOf(
  text: string,
  version: "1.1" | "1.2" = "1.2",
): { path: string; permissions: string; content: string }[] {
  return parse(text, { version }).write_files;
}

describe("the cloud-config of a server", () => {
  it("begins with the line by which cloud-init knows it", () => {
    expect(cloudConfig(DOCUMENT)).to.match(/^#cloud-config\n/);
  });

  it("writes one file, the site document, for every user of the server to read", () => {
    const [file, ...others] = filesOf(cloudConfig(DOCUMENT));
    expect(others).to.be.empty;
    expect(file).to.include({ path: "/etc/multicloud-dr/site.json", permissions: "0644" });
    expect(file?.path).to.equal(SITE_DOCUMENT_PATH);
    expect(JSON.parse(String(file?.content))).to.deep.equal(DOCUMENT);
  });

  it("leaves out what the document does not have", () => {
    const { database, ...withoutDatabase } = DOCUMENT;
    expect(JSON.parse(String(filesOf(cloudConfig(withoutDatabase))[0]?.content))).to.not.have.property("database");
  });

  it("brings any text to the disk as it was, to readers of both versions of YAML", () => {
    fc.assert(
      fc.property(documents, fc.constantFrom("1.1" as const, "1.2" as const), (document, version) => {
        const [file] = filesOf(cloudConfig(document), version);
        expect(JSON.parse(String(file?.content))).to.deep.equal(document);
      }),
    );
  });

  it("is two lines of printable ASCII: the reader of cloud-init refuses or breaks some of the rest", () => {
    fc.assert(
      fc.property(documents, (document) => {
        expect(cloudConfig(document)).to.match(/^#cloud-config\n[ -~]+\n$/);
      }),
    );
  });
});
