// A process that carries the disk in a file by the code of the function. The bench bundles it as the function is
// bundled, and measures it from its start to its end.
import { open } from "node:fs/promises";
import { carry } from "../../lambdas/images/carry.ts";
import { openDisk } from "../../lambdas/images/open-disk.ts";
import { PageBlob } from "../../lambdas/images/page-blob.ts";
import { BlobClient } from "../../lambdas/objects/blob-client.ts";
import type { OurTask } from "./contestants.ts";

const { file: path, container, blob, token } = JSON.parse(process.argv[2] ?? "") as OurTask;

async function carryFile(): Promise<void> {
  const file = await open(path);
  const { size } = await file.stat();
  const read = async (offset: number, length: number, room = Buffer.allocUnsafe(length)) => {
    await file.read(room, 0, length, offset);
    return room.subarray(0, length);
  };
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  await carry({
    disk: await openDisk({ name: path, bytes: size, read }),
    source: "bench",
    blob: new PageBlob(new BlobClient(container, credential), blob),
    notes: { read: async () => undefined, write: async () => {} },
    made: new Date(),
    deadline: Number.POSITIVE_INFINITY,
  });
}

carryFile();
