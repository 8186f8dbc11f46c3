import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { bundleFile, bundleFunction } from "../../components/function-bundle.ts";
import { rejection } from "../support/rejection.ts";

/** The files of a bundle, by name. */
async function filesOf(archive: pulumi.asset.AssetArchive): Promise<Record<string, string>> {
  const assets = Object.entries(await archive.assets) as [string, pulumi.asset.FileAsset][];
  const read = async (asset: pulumi.asset.FileAsset) => readFile(await asset.path, "utf8");
  return Object.fromEntries(await Promise.all(assets.map(async ([name, asset]) => [name, await read(asset)])));
}

describe("the bundle of a function", () => {
  let code: string;

  before(async () => {
    const { "index.js": only, ...others } = await filesOf(bundleFunction("objects/handler.ts"));
    expect(others).to.deep.equal({});
    code = String(only);
  });

  it("is the same bytes for the same sources, so that an up without changes changes nothing", async () => {
    expect((await filesOf(bundleFunction("objects/handler.ts")))["index.js"]).to.equal(code);
  });

  it("tells nothing of the folder in which it was made", () => {
    expect(code).to.not.contain(process.cwd());
  });

  it("is small enough for a quick start: under 3 MiB", () => {
    expect(Buffer.byteLength(code)).to.be.lessThan(3 * 1024 * 1024);
  });

  describe("run in a folder without packages", () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "bundle-"));
      await writeFile(join(folder, "index.js"), code);
    });
    after(() => rm(folder, { recursive: true }));

    const run = (script: string, env: Record<string, string>) =>
      promisify(execFile)(process.execPath, ["-e", script], { cwd: folder, env });

    it("exports the handler", async () => {
      const env = {
        SOURCE_BUCKET: "shop-content",
        COPY_BLOB_ENDPOINT: "https://shopcopies.blob.core.windows.net/",
        COPY_CONTAINER: "content",
        AZURE_TENANT_ID: "99999999-8888-4777-8666-555544443333",
        AZURE_CLIENT_ID: "00000000-1111-4222-8333-444455556666",
        MARKER_URL: "https://shopmarker.z1.web.core.windows.net/declared/content.json",
        QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/shop-objects-queue",
        PARKED_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/shop-objects-parked",
        DEAD_LETTER_QUEUE_URL: "https://sqs.eu-west-1.amazonaws.com/111122223333/shop-objects-dead-letters",
        SERVER_SIDE_COPY: "false",
        AWS_REGION: "eu-west-1",
      };
      const { stdout } = await run("console.log(typeof require('./index.js').handler)", env);
      expect(stdout).to.equal("function\n");
    });

    it("refuses to start without its environment, and names all that is missing", async () => {
      const { message } = await rejection(run("require('./index.js')", { SOURCE_BUCKET: "shop-content" }));
      expect(message).to.contain(
        "expected the environment variables COPY_BLOB_ENDPOINT, COPY_CONTAINER, AZURE_TENANT_ID, AZURE_CLIENT_ID",
      );
    });
  });

  it("is a file whose name tells its bytes", async () => {
    const bytes = await readFile(bundleFile("objects/handler.ts"));
    expect(basename(bundleFile("objects/handler.ts"))).to.equal(
      `${createHash("sha256").update(bytes).digest("hex")}.js`,
    );
  });

  it("leaves out what is provided where it runs", async () => {
    const provided = ["@azure/identity"];
    const slim = await readFile(bundleFile("objects/handler.ts", { provided }), "utf8");
    expect(slim).to.match(/require\("@azure\/identity"\)/);
    expect(slim.length).to.be.lessThan(code.length);
    expect(code).to.not.match(/require\("@azure\/identity"\)/);
  });

  it("speaks the language of the Node that it is for", async () => {
    const old = await readFile(bundleFile("objects/handler.ts", { node: "node16.9" }), "utf8");
    expect(old).to.not.equal(code);
  });

  it("cannot be made of a module that is not there", () => {
    expect(() => bundleFunction("objects/none.ts")).to.throw('Could not resolve "');
  });
});
