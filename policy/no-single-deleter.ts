import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import { assumedCopies, COPY_STACKS, type CopyStack, stackOf } from "./audit/assumed.ts";
import { type Audit, audit } from "./audit/audit.ts";
import { readPeople } from "./audit/people/read.ts";
import { type AuditResource, readExport, readSeen, textAt } from "./audit/resources.ts";

/** What can be set of these policies; paths are taken from the project's folder. */
interface Config {
  /** Who can do what. @default "people.yaml" */
  people?: string;
  /** Folder with exports of the other stacks; without it the worst is assumed of them. @example "exports" */
  exports?: string;
}

const PROJECT = fileURLToPath(new URL("..", import.meta.url));

const SCHEMA = {
  properties: {
    people: { type: "string", default: "people.yaml" },
    exports: { type: "string" },
  },
} as const;

/**
 * No person and no machine can destroy every copy of anything, alone. One stack does not see the copies of the others:
 * it takes them from exports, or assumes that they are kept as loosely as the settings allow. It knows neither the
 * machines of other stacks nor what their policies say; `npm run dr -- audit` sees all of it.
 *
 * Severity: critical. Reference: docs/audit.md; AWS Well-Architected, SEC03-BP02, Grant least privilege access.
 */
export const noSingleDeleter: StackValidationPolicy = {
  name: "no-single-deleter",
  description: "Nobody alone can destroy every copy of the data.",
  enforcementLevel: "mandatory",
  configSchema: SCHEMA,
  validateStack: (args, reportViolation) => {
    const { problems, unread } = audited(args);
    for (const { place, what, urn, pending } of unread) {
      if (!pending) reportViolation(`${place} could not be read: ${what}.`, urn);
    }
    for (const { subject, what, paths, mend, urn } of problems) {
      reportViolation([`${subject} ${what}; ${mend}.`, ...paths].join("\n  "), urn);
    }
  },
};

/**
 * What the audit goes by is known. Before a first deployment much is not; it is then told, and not taken for good.
 *
 * Severity: low. Reference: docs/audit.md.
 */
export const auditKnown: StackValidationPolicy = {
  name: "no-single-deleter-known",
  description: "All that says who can destroy a copy is known.",
  enforcementLevel: "advisory",
  configSchema: SCHEMA,
  validateStack: (args, reportViolation) => {
    const pending = audited(args).unread.filter((each) => each.pending);
    if (pending.length === 0) return;
    const places = pending.slice(0, 3).map(({ place, what }) => `${place}: ${what}`);
    const more = pending.length > places.length ? ` and ${pending.length - places.length} more` : "";
    reportViolation(
      `Nothing is proved yet of ${places.join("; ")}${more}; deploy the stack, and run \`npm run dr -- audit\`.`,
    );
  },
};

const NOTHING: Pick<Audit, "problems" | "unread"> = { problems: [], unread: [] };

function audited(args: StackValidationArgs): Pick<Audit, "problems" | "unread"> {
  const stack = stackOf(args.resources.map(({ type }) => type));
  return stack === undefined ? NOTHING : auditOf(stack, args);
}

function auditOf(stack: CopyStack, { resources, getConfig }: StackValidationArgs): Pick<Audit, "problems" | "unread"> {
  const { people: file = "people.yaml", exports } = getConfig<Config>();
  const { people, unread } = readPeople(readFileSync(join(PROJECT, file), "utf8"), file);
  if (!people) return { problems: [], unread: unread.map((each) => ({ ...each, pending: false })) };
  const own = readSeen(stack, resources);
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
