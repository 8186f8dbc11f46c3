import { STANDBY_COPIES } from "../../lambdas/database/layout.ts";
import { READY_FILES } from "../../lambdas/standby/ready-file.ts";
import { READ_BLOBS } from "./public-reading.ts";

const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";

/** A folder in somebody else's container that the controller may change; it may read all of the container. */
export interface OwnFolder {
  dataActions: string[];
  /** Keeps what is changed to the folder. */
  condition: string;
}

/**
 * The files that say what is ready ("Permissions for calling data operations"). The markers lie beside them, and whoever
 * could write these could declare a disaster.
 */
export const READY_FOLDER = ownFolder(READY_FILES, ["write", "delete"]);

/** The copies of the standby's own database. The primary's dumps lie beside them, and nobody here may touch one. */
export const COPIES_FOLDER = ownFolder(STANDBY_COPIES, ["write", "add/action"]);

/** "Actions and attributes for Azure role assignment conditions for Azure Blob Storage", Blob path. */
function ownFolder(prefix: string, changes: string[]): OwnFolder {
  const actions = changes.map((change) => `${BLOBS}/${change}`);
  const others = actions.map((action) => `!(ActionMatches{'${action}'})`).join(" AND ");
  return {
    dataActions: [READ_BLOBS, ...actions],
    condition: `((${others}) OR @Resource[${BLOBS}:path] StringStartsWith '${prefix}')`,
  };
}
