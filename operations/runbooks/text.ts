import { renderRunbooks } from "../runbook/markdown.ts";
import { declareRunbook } from "./declare.ts";
import { drillRunbook } from "./drill.ts";
import { failbackRunbook } from "./failback.ts";
import { undeclareRunbook } from "./undeclare.ts";

const PREFACE = `# Runbook

What \`npm run dr\` does on the worst day, step by step, and what people do in its stead where a step fails. This page is
printed by \`npm run dr -- runbook > docs/runbook.md\`, from the very steps that the commands take, and a test holds it to
them. Keep it where neither cloud is needed to read it.

- **Is it a disaster?** \`npm run dr -- status\` shows both sites, what would be lost now, and what is amiss.
- **Would it go through?** \`npm run dr -- preflight\` looks at all that a declaration needs from this very machine, with
  AWS not asked. Run it each night in CI ([ci/](ci/)).
- **Declare**: \`npm run dr -- declare site --why "AWS is gone" --by "you"\`; \`database\` or \`content\` where only that is
  lost. It asks before it moves anybody; \`--dry-run\` shows what would be done.
- **It was broken off?** Run the same command again, from any machine: it goes on where things stand. What was killed
  keeps others away for a minute. Its journal is in the standby's control container, folder \`operations/\`.
- **Afterwards**: commit \`Pulumi.dr.yaml\`, for its word holds for whoever runs \`pulumi up\` next.

Where a key stands without a workload below, and the stack file lists several, it is
\`multicloud-dr:workloads.<workload>.<key>\`.`;

/** All runbooks as one page. */
export function runbookText(): string {
  const runbooks = [declareRunbook("site"), drillRunbook, failbackRunbook(), undeclareRunbook(false)];
  return renderRunbooks(runbooks, PREFACE);
}
