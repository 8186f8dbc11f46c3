import type { Command } from "./command.ts";
import { audit } from "./commands/audit.ts";
import { costs } from "./commands/costs.ts";
import { declare } from "./commands/declare.ts";
import { drill } from "./commands/drill.ts";
import { dumpDatabase } from "./commands/dump-database.ts";
import { failback } from "./commands/failback.ts";
import { preflight } from "./commands/preflight.ts";
import { reconcile } from "./commands/reconcile.ts";
import { redrive } from "./commands/redrive.ts";
import { restoreContent } from "./commands/restore-content.ts";
import { restoreDatabase } from "./commands/restore-database.ts";
import { runbook } from "./commands/runbook.ts";
import { secrets } from "./commands/secrets.ts";
import { smoke } from "./commands/smoke.ts";
import { status } from "./commands/status.ts";
import { undeclare } from "./commands/undeclare.ts";
import { dispatch } from "./dispatch.ts";

const COMMANDS: readonly Command[] = [
  status,
  preflight,
  declare,
  drill,
  failback,
  undeclare,
  smoke,
  runbook,
  reconcile,
  redrive,
  restoreContent,
  restoreDatabase,
  dumpDatabase,
  secrets,
  costs,
  audit,
];

// A reader that goes away (`npm run dr -- costs | head`) is no failure.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

process.exitCode = await dispatch(COMMANDS, process.argv.slice(2));
