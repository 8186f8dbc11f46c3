import { app } from "@azure/functions";
import { ManagedIdentityCredential } from "@azure/identity";
import { ContainerClient } from "@azure/storage-blob";
import { BlobDumpStore } from "../database/blob-dump-store.ts";
import { BlobClient } from "../objects/blob-client.ts";
import { requireEnvironment } from "../shared/environment.ts";
import { CompleteDumps } from "./complete-dumps.ts";
import { control, LIMITS } from "./controller.ts";
import { DatabaseServers } from "./database-servers.ts";
import { databaseWork } from "./database-work.ts";
import { reportOf } from "./report.ts";
import { LEFT_LEASE_MILLISECONDS } from "./state-lease.ts";
import { VaultSecrets } from "./vault-secrets.ts";

const environment = requireEnvironment(
  "CONTROL_BLOB_ENDPOINT",
  "CONTROL_CONTAINER",
  "DUMPS_CONTAINER",
  "READY_CONTAINER",
  "AZURE_CLIENT_ID",
);
const credential = new ManagedIdentityCredential({ clientId: environment.AZURE_CLIENT_ID });
const dumps = environment.DUMPS_CONTAINER;
const standby = {
  container: new ContainerClient(
    new URL(environment.CONTROL_CONTAINER, environment.CONTROL_BLOB_ENDPOINT).href,
    credential,
  ),
  website: new ContainerClient(environment.READY_CONTAINER, credential),
  servers: new DatabaseServers(credential),
  secrets: new VaultSecrets(credential),
  dumps: new CompleteDumps(new BlobDumpStore(dumps, new BlobClient(dumps, credential))),
  // What is not applied by then the next run goes on with.
  database: databaseWork(LIMITS.work / 2),
};

/** The first run of a process waits for one that may have been killed when the app was started anew: it is for a new plan. */
let patience = LEFT_LEASE_MILLISECONDS;

app.timer("standby-controller", {
  schedule: "0 * * * * *",
  // A changed setting restarts the app. With the plan's digest among the settings, a new plan so finds the
  // controller awake at once; runs besides that do no harm.
  runOnStartup: true,
  // By the context: what else is written to the console is nobody's run ("Azure Functions Node.js developer guide",
  // Logging).
  handler: async (_timer, context) => {
    const tell = (line: string) => context.log(line);
    const limits = { patience };
    patience = 0;
    const state = await control({ ...standby, tell: (ended) => tell(reportOf(ended, new Date())) }, limits);
    if (!state) tell(reportOf(undefined, new Date()));
  },
});
