import { accountCopies } from "./blob-account.ts";
import { bucketCopies } from "./bucket.ts";
import type { Estate } from "./estate.ts";
import type { Copy, Fault } from "./model.ts";
import { databaseCopies } from "./primary-database.ts";
import { standbyDatabaseCopies } from "./standby-database.ts";
import { vaultCopies } from "./vault.ts";

/** Every copy of the workloads' data that the resources show, and what is wrong with each whoever there is. */
export function findCopies(estate: Estate): { copies: Copy[]; faults: Fault[] } {
  const found = [bucketCopies(estate), databaseCopies(estate), vaultCopies(estate), accountCopies(estate)];
  const copies = [...found.flatMap(({ copies }) => copies), ...standbyDatabaseCopies(estate)];
  return {
    // Two stacks may use one name.
    copies: copies.map((copy) => ({ ...copy, name: `${copy.stack}/${copy.name}` })),
    faults: found.flatMap(({ faults }) => faults),
  };
}
