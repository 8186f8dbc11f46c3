import type { ContainerClient } from "@azure/storage-blob";
import { BlobDumpStore } from "../../lambdas/database/blob-dump-store.ts";
import type { DumpStore } from "../../lambdas/database/store.ts";
import { BlobClient } from "../../lambdas/objects/blob-client.ts";
import { STATE_BLOB } from "../../lambdas/standby/state-document.ts";
import type { TestAzure } from "../support/local-azure.ts";

/** Storage Blob Data Contributor. */
const CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";

/** What operators find at a standby on the local Azure, where everything else is up to a test. */
export interface OperatorsStandby {
  /** Where the controller and operators speak with each other. */
  control: ContainerClient;
  copies: ContainerClient;
  dumps: DumpStore;
  /** The outputs of stack dr that say where all of it is. */
  values: Record<string, string>;
  /** Has the controller say how it stands, now. */
  say(more?: object): Promise<void>;
}

export async function operatorsStandby(azure: TestAzure): Promise<OperatorsStandby> {
  const place = async () => {
    const made = await azure.container();
    const name = String(made.account.properties.accountName);
    const principal = crypto.randomUUID();
    await azure.assign(principal, azure.builtInRole(CONTRIBUTOR), made.container.id);
    return { endpoint: azure.local.blobs.endpointOf(name), container: azure.containerAs(principal, name) };
  };
  const [control, copies, dumps] = await Promise.all([place(), place(), place()]);
  const { url, credential } = dumps.container;
  return {
    control: control.container,
    copies: copies.container,
    dumps: new BlobDumpStore(url, new BlobClient(url, credential as never)),
    values: {
      controlEndpoint: control.container.url,
      copiesBlobEndpoint: copies.endpoint,
      copiesContainerName: "content",
      dumpsBlobEndpoint: dumps.endpoint,
      dumpsContainerName: "content",
    },
    async say(more = {}) {
      const planned = { database: { target: "stopped", follows: "dumps", own: false } };
      const at = new Date().toISOString();
      const text = JSON.stringify({ version: 2, status: "settled", detail: "all is well", at, planned, ...more });
      await control.container.getBlockBlobClient(STATE_BLOB).upload(text, Buffer.byteLength(text));
    },
  };
}
