import { renderRunbooks } from "../runbook/markdown.ts";
import { declareRunbook } from "./declare.ts";
import { drillRunbook } from "./drill.ts";
import { failbackRunbook } from "./failback.ts";
import { undeclareRunbook } from "./undeclare.ts";

const PREFACE = `# Runbook

What \`npm run dr\` does on the worst day, step by step, and what people do in its stead where a step fails. This page is
printed by \`npm run dr -- runbook > docs/runbook.md\`, from the very steps that the commands take, and a test holds it to
them. Keep it where neither cloud is needed to read it.

Before you begin, and better long before, with the blanks filled in:

- the checkout: ________ , with \`npm ci\` done (the registry may be as dead as AWS), and Node 22.18 or newer
- signed in: \`az login\`; \`pulumi login "azblob://________?storage_account=________"\` (it reads \`AZURE_*\`, not \`ARM_*\`)
- the markers' website (\`pulumi stack output --stack dr markerEndpoint\`): ________
- the second zone's name servers (\`breakGlassNameServers\`): ________ , and the registrar's number: ________
- who may decide: ________ , and who is called: ________

What each word moves: \`site\` the app, the content and the database; \`content\` the content's name alone; \`database\` the
private name by which the primary's own servers find it. What was confirmed after the standby's copy was made is not
there: \`npm run dr -- status\` says how old that is, and \`npm run dr -- restore-database --list\` whether a newer dump is
worth its load. Reason and name of a declaration are published to the world.

- **Is it a disaster?** \`npm run dr -- status\` shows both sites, what would be lost now, and what is amiss.
- **Would it go through?** \`npm run dr -- preflight\` looks at all that a declaration needs from this very machine, with
  AWS not asked. Run it each night in CI ([ci/](ci/)).
- **Declare**: \`npm run dr -- declare site --why "AWS is gone" --by "you"\`; \`database\` or \`content\` where only that is
  lost. It asks before it moves anybody; \`--dry-run\` shows what would be done.
- **It was broken off?** Run the same command again, from any machine: it goes on where things stand. What was killed
  keeps others away for a minute. Its journal is in the standby's control container, folder \`operations/\`.
- **AWS comes back?** Run the same command again first of all, and keep the primary's load balancer closed until it is
  done: [why, and how](#6-have-the-weights-of-the-names-agree).
- **Afterwards**: commit \`Pulumi.dr.yaml\`, for its word holds for whoever runs \`pulumi up\` next.

Where the stack file lists several workloads, each \`pulumi config set\` below takes \`--path\`, and the key is
\`multicloud-dr:workloads.<workload>.<key>\`. Times are the most that a step may take, and what it typically takes where
that is known: measured in the [rehearsal](rehearsal.md#how-it-is-measured), or
[counted with there](rehearsal.md#what-azure-takes) for Azure. A whole declaration took one to four minutes so.`;

/** All runbooks as one page. */
export function runbookText(): string {
  const runbooks = [declareRunbook("site"), drillRunbook, failbackRunbook(), undeclareRunbook(false)];
  return renderRunbooks(runbooks, PREFACE);
}
