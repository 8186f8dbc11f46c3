import { Readable } from "node:stream";
import { expect } from "chai";
import { fixedFooter } from "../../../lambdas/images/vhd-footer.ts";
import { ArmRefused } from "../../../rehearsal/azure/arm-refused.ts";
import { ComputeImages } from "../../../rehearsal/azure/compute-images.ts";
import { ResourceManager } from "../../../rehearsal/azure/resource-manager.ts";
import { rejection } from "../../support/rejection.ts";

const MIB = 2 ** 20;

describe("images and single servers of the local Azure", () => {
  let resources: ResourceManager;
  let images: ComputeImages;
  /** What is in the container, by name. */
  let blobs: Map<string, { content: Buffer; type: string }>;
  let definition: string;
  let account: string;

  beforeEach(() => {
    resources = new ResourceManager("0000", "1111");
    definition = resources.id("resourceGroups/shop/providers/Microsoft.Compute/galleries/shop/images/server");
    account = resources.id("resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/shopimages");
    resources.put(definition, {});
    blobs = new Map();
    const blob = async (
      method: string,
      _: string,
      __: string,
      name: string,
      { headers }: { headers?: object } = {},
    ) => {
      const found = blobs.get(name);
      const [from = 0, to = 0] = /bytes=(\d+)-(\d+)/.exec(JSON.stringify(headers))?.slice(1).map(Number) ?? [];
      const body = Readable.from(method === "GET" && found ? [found.content.subarray(from, to + 1)] : []);
      const told = { "x-ms-blob-type": found?.type, "content-length": String(found?.content.length) };
      return Object.assign(body, { statusCode: found ? 200 : 404, headers: told });
    };
    images = new ComputeImages(resources, { blob } as never);
  });

  function disk(app: string, bytes = 2 * MIB): Buffer {
    const content = Buffer.alloc(bytes + 512);
    content.write(`${JSON.stringify({ app, console: "shop login: " })}\0`);
    fixedFooter(bytes, Buffer.alloc(16), new Date(0)).copy(content, bytes);
    return content;
  }

  function version(name: string, content: Buffer, { type = "PageBlob", excludeFromLatest = false } = {}) {
    blobs.set("disk.vhd", { content, type });
    const uri = "https://127.0.0.1:1/shopimages/images/disk.vhd";
    const body = {
      properties: {
        publishingProfile: { excludeFromLatest },
        storageProfile: { osDiskImage: { source: { storageAccountId: account, uri } } },
      },
    };
    return images.answer({ method: "PUT", id: `${definition}/versions/${name}`, body });
  }

  it("make a version of a fixed disk, and servers start from the latest that is not left out of it", async () => {
    await version("2026.9.1", disk("1"));
    await version("2026.10.1", disk("2"));
    await version("2026.11.1", disk("3"), { excludeFromLatest: true });
    expect(images.diskOf(definition)).to.include({ app: "2" });
    expect(images.diskOf(`${definition}/versions/2026.9.1`)).to.include({ app: "1" });
    const body = { properties: { publishingProfile: { excludeFromLatest: false } } };
    await images.answer({ method: "PATCH", id: `${definition}/versions/2026.11.1`, body });
    expect(images.diskOf(definition)).to.include({ app: "3" });
  });

  const refused: Record<string, [what: () => Promise<unknown>, why: RegExp]> = {
    "a disk that is no whole MiB": [() => version("1.0.0", disk("1", MIB + 512)), /no whole MiB and a footer/],
    "a disk without a footer": [() => version("1.0.0", Buffer.alloc(MIB + 512)), /no footer of a fixed disk/],
    "a footer of another size": [
      () => version("1.0.0", Buffer.concat([Buffer.alloc(MIB), disk("1")])),
      /its footer tells another size/,
    ],
    "a blob of blocks": [() => version("1.0.0", disk("1"), { type: "BlockBlob" }), /it is no page blob/],
    "a name that is no version": [() => version("newest", disk("1")), /Major\.Minor\.Patch/],
  };
  for (const [what, [attempt, why]] of Object.entries(refused)) {
    it(`refuse ${what}`, async () => {
      const error = await rejection(attempt());
      expect(error).to.be.instanceOf(ArmRefused).with.property("status", 400);
      expect(error.message).to.match(why);
    });
  }

  it("show on its console how a server boots, and delete its address along with it", async () => {
    await version("1.0.0", disk("1"));
    const of = (path: string) => resources.id(`resourceGroups/checks/providers/${path}`);
    const [server, address] = [
      of("Microsoft.Compute/virtualMachines/one"),
      of("Microsoft.Network/networkInterfaces/one"),
    ];
    await images.answer({ method: "PUT", id: address, body: { properties: {} } });
    const networkInterfaces = [{ id: address, properties: { deleteOption: "Delete" } }];
    const storageProfile = { imageReference: { id: `${definition}/versions/1.0.0` } };
    const properties = { storageProfile, networkProfile: { networkInterfaces } };
    await images.answer({ method: "PUT", id: server, body: { properties } });
    const asked = { method: "POST", id: server, action: "retrieveBootDiagnosticsData", body: {} };
    const { body } = await images.answer(asked);
    const { serialConsoleLogBlobUri: secret } = body as { serialConsoleLogBlobUri: string };
    expect(images.consoleOf(secret)).to.equal("shop login: ");
    expect(images.consoleOf("another")).to.equal(undefined);
    await images.answer({ method: "DELETE", id: server, body: {} });
    expect([server, address].map((id) => resources.get(id))).to.deep.equal([undefined, undefined]);
  });
});
