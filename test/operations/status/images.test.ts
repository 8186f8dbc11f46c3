import { expect } from "chai";
import { imagesOf, readAt } from "../../../operations/status/images.ts";
import { useBlobStore } from "../../support/blob-store.ts";
import { rejection } from "../../support/rejection.ts";

describe("the image that the standby has", () => {
  const store = useBlobStore();
  const { signal } = new AbortController();

  it("is told by the document beside the disks", async () => {
    const container = await store.container();
    const newest = {
      image: "ami-1",
      created: "2026-11-30T09:15:00.000Z",
      version: "2026.1130.91500",
      promotedAt: "2026-11-30T11:00:00.000Z",
    };
    const text = JSON.stringify(newest);
    await container.getBlockBlobClient("newest.json").upload(text, text.length);
    expect(await readAt(container, signal)).to.deep.equal(newest);
  });

  it("is none as long as none has followed", async () => {
    expect(await readAt(await store.container(), signal)).to.equal(null);
  });

  it("can't be told by something else, which is named", async () => {
    const container = await store.container();
    await container.getBlockBlobClient("newest.json").upload("{}", 2);
    expect((await rejection(readAt(container, signal))).message).to.match(/expected the newest image in newest\.json/);
  });

  it("is not asked for where images do not follow", async () => {
    const dr = { stack: "dr" as const, workload: "shop", listed: false, values: {} };
    expect(await imagesOf(dr, "/nowhere", { aws: 1, azure: 1 }, signal)).to.equal(undefined);
  });
});
