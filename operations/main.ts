import type { Command } from "./command.ts";
import { costs } from "./commands/costs.ts";
import { reconcile } from "./commands/reconcile.ts";
import { redrive } from "./commands/redrive.ts";
import { restoreContent } from "./commands/restore-content.ts";
import { dispatch } from "./dispatch.ts";

const COMMANDS: readonly Command[] = [costs, reconcile, redrive, restoreContent];

// A reader that goes away (`npm run dr -- costs | head`) is no failure.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

process.exitCode = await dispatch(COMMANDS, process.argv.slice(2));
