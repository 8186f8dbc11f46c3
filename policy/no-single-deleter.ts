import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { assumedCopies, COPY_STACKS, type CopyStack, stackOf } from "./audit/assumed.ts";
import { type Audit, audit } from "./audit/audit.ts";
import { readPeople } from "./audit/people/read.ts";
import { type AuditResource, readExport, textAt } from "./audit/resources.ts";
import type { Finding } from "./kit/finding.ts";
import { policy } from "./kit/policy.ts";

/** What can be set of it; paths are taken from the project's folder. */
interface Config {
  /** Who can do what. @default "people.yaml" */
  people: string;
  /** Folder with exports of the other stacks; without it the worst is assumed of them. @example "exports" */
  exports?: string;
}

const PROJECT = fileURLToPath(new URL("..", import.meta.url));

/**
 * No person and no machine can destroy every copy of anything, alone. One stack does not see the copies of the others:
 * it takes them from exports, or assumes that they are kept as loosely as the settings allow. It knows neither the
 * machines of other stacks nor what their policies say; `npm run dr -- audit` sees all of it.
 *
 * Severity: critical. Reference: docs/audit.md; AWS Well-Architected, SEC03-BP02, Grant least privilege access.
 */
export const noSingleDeleter = policy<Config>(
  {
    name: "no-single-deleter",
    description: "Nobody alone can destroy every copy of the data.",
    enforcementLevel: "mandatory",
    severity: "critical",
    mend: "Close one of the ways that the message names, in the stacks or in people.yaml.",
    config: {
      schema: { people: { type: "string", default: "people.yaml" }, exports: { type: "string" } },
      defaults: { people: "people.yaml" },
    },
  },
  {
    stack: (resources, config) => {
      const stack = stackOf(resources.map(({ type }) => type));
      return stack === undefined ? [] : findingsOf(auditOf(stack, resources, config));
    },
  },
);

function findingsOf({ problems, unread }: Pick<Audit, "problems" | "unread">): Finding[] {
  return [
    ...unread.map(({ place, what, urn, pending }): Finding => {
      return { kind: pending ? "unknown" : "wrong", urn, message: `${place} could not be read: ${what}` };
    }),
    ...problems.map(({ subject, what, paths, mend, urn }): Finding => {
      return { kind: "wrong", urn, message: [`${subject} ${what}; ${mend}`, ...paths].join("\n  ") };
    }),
  ];
}

function auditOf(
  stack: CopyStack,
  resources: readonly AuditResource[],
  { people: file, exports }: Config,
): Pick<Audit, "problems" | "unread"> {
  const { people, unread } = readPeople(readFileSync(join(PROJECT, file), "utf8"), file);
  if (!people) return { problems: [], unread: unread.map((each) => ({ ...each, pending: false })) };
  const own = resources.map((each) => ({ ...each, stack }));
  const others = COPY_STACKS.filter((each) => each !== stack);
  const seen = exports === undefined ? [] : others.flatMap((each) => readExported(join(PROJECT, exports), each));
  const assumed = others.filter((each) => !seen.some((resource) => resource.stack === each));
  const workloads = new Set(own.flatMap((resource) => textAt(resource, "tags", "Workload") ?? []));
  const worst = assumed.flatMap((each) => [...workloads].flatMap((workload) => assumedCopies(each, workload)));
  return audit({ people, resources: [...own, ...seen, ...worst], unread, assumed: new Set(assumed) });
}

function readExported(folder: string, stack: CopyStack): AuditResource[] {
  return readExport(stack, JSON.parse(readFileSync(join(folder, `${stack}.json`), "utf8")));
}
