import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { functionAppPackage, NODE_VERSION } from "../../../components/standby/function-app-package.ts";

type Asset = { text: Promise<string> } | { path: Promise<string> };

/** The files of a package, by name. */
async function filesOf(archive: pulumi.asset.AssetArchive): Promise<Record<string, string>> {
  const read = async (asset: Asset) => ("text" in asset ? asset.text : readFile(await asset.path, "utf8"));
  const files = Object.entries((await archive.assets) as unknown as Record<string, Asset>);
  return Object.fromEntries(await Promise.all(files.map(async ([name, asset]) => [name, await read(asset)])));
}

describe("the package of a function app", () => {
  let files: Record<string, string>;

  before(async () => {
    files = await filesOf(functionAppPackage("standby/handler.ts").archive);
  });

  it("has the bundle, and beside it what Azure Functions looks for", () => {
    expect(files).to.have.all.keys("index.js", "host.json", "package.json");
    expect(JSON.parse(files["package.json"] ?? "")).to.include({ main: "index.js" });
    expect(JSON.parse(files["host.json"] ?? "")).to.include({ version: "2.0" });
  });

  it("has a name that tells its contents: the same for the same, another for another", () => {
    const { fileName } = functionAppPackage("standby/handler.ts");
    expect(fileName).to.match(/^[0-9a-f]{64}\.zip$/);
    expect(functionAppPackage("standby/handler.ts").fileName).to.equal(fileName);
    expect(functionAppPackage("objects/handler.ts").fileName).to.not.equal(fileName);
  });

  it("leaves to whoever runs it what is theirs", () => {
    expect(files["index.js"]).to.contain('require("@azure/functions-core")');
  });

  it("is for a Node that Flex Consumption has", () => {
    expect(NODE_VERSION).to.equal("22");
  });

  describe("unpacked in a folder without packages", () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "function-app-"));
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    });
    after(() => rm(folder, { recursive: true }));

    it("registers its functions with whoever runs it", async () => {
      // The module that the worker of Azure Functions gives: it takes what is registered.
      const worker = `
        const { Module } = require("node:module");
        const load = Module._load;
        const core = {
          setProgrammingModel() {},
          registerHook: () => ({ dispose() {} }),
          registerFunction: ({ name }) => console.log("registered", name),
        };
        Module._load = (name, ...rest) => (name === "@azure/functions-core" ? core : load(name, ...rest));
        require("./index.js");
      `;
      const env = {
        CONTROL_BLOB_ENDPOINT: "https://shopcontrol.blob.core.windows.net/",
        CONTROL_CONTAINER: "control",
        DUMPS_CONTAINER: "https://dumps.example/dumps",
        READY_CONTAINER: "https://shopmarker.blob.core.windows.net/$web",
        AZURE_CLIENT_ID: "00000000-1111-4222-8333-444455556666",
      };
      const { stdout } = await promisify(execFile)(process.execPath, ["-e", worker], { cwd: folder, env });
      expect(stdout).to.contain("registered standby-controller\n");
    });
  });
});
