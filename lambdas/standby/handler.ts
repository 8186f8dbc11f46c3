import { app } from "@azure/functions";
import { ManagedIdentityCredential } from "@azure/identity";
import { ContainerClient } from "@azure/storage-blob";
import { requireEnvironment } from "../shared/environment.ts";
import { log } from "../shared/log.ts";
import { control } from "./controller.ts";
import { DatabaseServers } from "./database-servers.ts";

const environment = requireEnvironment("CONTROL_BLOB_ENDPOINT", "CONTROL_CONTAINER", "AZURE_CLIENT_ID");
const credential = new ManagedIdentityCredential({ clientId: environment.AZURE_CLIENT_ID });
const container = new ContainerClient(
  new URL(environment.CONTROL_CONTAINER, environment.CONTROL_BLOB_ENDPOINT).href,
  credential,
);
const servers = new DatabaseServers(credential, process.env.RESOURCE_MANAGER_ENDPOINT);

app.timer("standby-controller", {
  schedule: "0 * * * * *",
  // A changed setting restarts the app. With the plan's digest among the settings, a new plan so finds the
  // controller awake at once; runs besides that do no harm.
  runOnStartup: true,
  handler: async () => {
    const state = await control(container, servers);
    log.info(state ? { status: state.status, detail: state.detail } : { status: "busy", detail: "another run acts" });
  },
});
