import type { Command } from "./command.ts";
import { costs } from "./commands/costs.ts";
import { dumpDatabase } from "./commands/dump-database.ts";
import { reconcile } from "./commands/reconcile.ts";
import { redrive } from "./commands/redrive.ts";
import { restoreContent } from "./commands/restore-content.ts";
import { restoreDatabase } from "./commands/restore-database.ts";
import { dispatch } from "./dispatch.ts";

const COMMANDS: readonly Command[] = [costs, dumpDatabase, reconcile, redrive, restoreContent, restoreDatabase];

// A reader that goes away (`npm run dr -- costs | head`) is no failure.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

process.exitCode = await dispatch(COMMANDS, process.argv.slice(2));
