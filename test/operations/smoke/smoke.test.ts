import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { smoke } from "../../../operations/smoke/smoke.ts";
import { issueForHosts } from "../../../rehearsal/local/host-certificate.ts";
import { Endpoint } from "../../rehearsal/dns/endpoint.ts";
import { awsAt, inEnvironment } from "../../support/environment.ts";
import { useLocalAzure } from "../../support/local-azure.ts";
import { rejection } from "../../support/rejection.ts";
import { type OperatorsStandby, operatorsStandby } from "../operators-standby.ts";
import { drOutputs, prodOutputs } from "../sites-outputs.ts";

const { signal } = new AbortController();

describe("asking a site all that it must answer", () => {
  const azure = useLocalAzure();
  let folder: string;
  let endpoint: Endpoint;
  let s3: Endpoint;
  /** What the bucket has, as S3 lists it. */
  let listed: string;
  let standby: OperatorsStandby;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "smoke-"));
    const names = ["app.example.com", "content.example.com", "marker.example"];
    endpoint = await new Endpoint(await issueForHosts(azure.certificate, names)).open();
    const edges = ["shop-app.azurefd.net", "shop-content.azurefd.net", "shop-1.elb.amazonaws.com", "d1.cloudfront.net"];
    const hosts = [...edges, "marker.example"].map((host) => [`${host}:443`, `127.0.0.1:${endpoint.port}`]);
    writeFileSync(join(folder, "addresses.json"), JSON.stringify(Object.fromEntries(hosts)));
    s3 = await new Endpoint().open();
    s3.act = (_, response) => {
      response.setHeader("content-type", "application/xml");
      response.end(`<ListBucketResult>${listed}</ListBucketResult>`);
    };
  });

  inEnvironment(() => ({
    ...azure.local.operatorEnvironment(),
    HOST_ADDRESSES: join(folder, "addresses.json"),
    ...awsAt(`http://127.0.0.1:${s3.port}/`),
  }));

  beforeEach(async () => {
    standby = await operatorsStandby(azure);
    endpoint.asked.splice(0);
    endpoint.act = ({ url = "" }, outgoing) => outgoing.writeHead(url.startsWith("/declared/") ? 404 : 200).end("well");
    listed = "<Contents><Key>a.txt</Key><Size>1</Size></Contents>";
  });

  after(async () => {
    await Promise.all([s3, endpoint].map((each) => each[Symbol.asyncDispose]()));
    rmSync(folder, { recursive: true });
  });

  const upload = (name: string, text: string) => standby.copies.getBlockBlobClient(name).upload(text, text.length);

  /** What came of each question, in short. */
  async function asked(site: "primary" | "standby") {
    const outputs = site === "standby" ? drOutputs({ values: standby.values }) : bucketOutputs();
    return (await smoke(site, outputs, signal)).map(({ id, ok, problem }) => [id, ok, problem]);
  }

  const bucketOutputs = () => prodOutputs({ region: "eu-west-1", contentBucketName: "shop-content" });
  const contentAsked = () => endpoint.asked.find(({ headers }) => headers.host === "content.example.com")?.url;

  it("is well at the standby when its app, its markers and a copy of the content answer", async () => {
    await upload("a folder/", "");
    await upload("b c.txt", "content");
    expect(await asked("standby")).to.deep.equal([
      ["app", true, undefined],
      ["marker-database", true, undefined],
      ["marker-content", true, undefined],
      ["marker-site", true, undefined],
      ["content", true, undefined],
    ]);
    expect(contentAsked(), "the first copy that has something in it").to.equal("/b%20c.txt");
  });

  it("is well at the primary when its app and an object of the content answer", async () => {
    listed =
      "<Contents><Key>empty/</Key><Size>0</Size></Contents><Contents><Key>b/c.txt</Key><Size>7</Size></Contents>";
    expect(await asked("primary")).to.deep.equal([
      ["app", true, undefined],
      ["content", true, undefined],
    ]);
    expect(contentAsked()).to.equal("/b/c.txt");
  });

  it("is not well where there is nothing of the content that could be asked for, and the rest is asked all the same", async () => {
    await upload("empty", "");
    const found = await asked("standby");
    expect(found.filter(([, ok]) => !ok)).to.deep.equal([
      ["content", false, `expected content that can be asked for, found nothing in ${standby.copies.url}`],
    ]);
    expect(found).to.have.length(5);
    listed = "";
    expect(await asked("primary")).to.deep.equal([
      ["app", true, undefined],
      ["content", false, "expected content that can be asked for, found nothing in shop-content"],
    ]);
  });

  it("is not well where the edge serves nothing of it", async () => {
    await upload("a.txt", "content");
    endpoint.act = ({ url = "" }, outgoing) => outgoing.writeHead(url.startsWith("/declared/") ? 404 : 200).end();
    expect((await asked("standby")).at(-1)).to.deep.equal([
      "content",
      false,
      "expected something, found an empty answer",
    ]);
  });

  it("ends with whoever asked", async () => {
    const interrupted = AbortSignal.abort(new Error("interrupted"));
    const outputs = drOutputs({ values: standby.values });
    expect((await rejection(smoke("standby", outputs, interrupted))).message).to.equal("interrupted");
  });
});
