import type { DumpStore } from "../../lambdas/database/store.ts";
import { azureOperator } from "../azure-operator.ts";
import { type Outputs, textIn } from "../outputs.ts";
import type { Control } from "./control.ts";

/** The standby's dumps, by the operator's own credentials. @param dr outputs of stack dr */
export async function openDumps(dr: Outputs): Promise<DumpStore> {
  const [{ BlobClient }, { BlobDumpStore }, credential] = await Promise.all([
    import("../../lambdas/objects/blob-client.ts"),
    import("../../lambdas/database/blob-dump-store.ts"),
    azureOperator(),
  ]);
  const url = new URL(textIn(dr, "dumpsContainerName"), textIn(dr, "dumpsBlobEndpoint"));
  return new BlobDumpStore(url.href, new BlobClient(url.href, credential));
}

/** Where the controller is told what to do, and says how it stands. @param dr outputs of stack dr */
export async function openControl(dr: Outputs): Promise<Control> {
  const [{ ContainerClient }, { Control }, credential] = await Promise.all([
    import("@azure/storage-blob"),
    import("./control.ts"),
    azureOperator(),
  ]);
  return new Control(new ContainerClient(textIn(dr, "controlEndpoint"), credential));
}
