import * as pulumi from "@pulumi/pulumi";
import { FIELDS, type Field, type Key, ROLES, type Role, type Value } from "./fields.ts";
import { nearest, type Problem, renderProblems } from "./problems.ts";
import { type Conflict, clashesBetween, conflictsIn, type Values } from "./relations.ts";
import { NAMESPACE, WORKLOADS, type WorkloadConfig, workloadConfigs } from "./workloads.ts";

export type { Role } from "./fields.ts";

const COMMON = ["role", "workload", "environment", "owner", "protectData"] as const satisfies Key[];

/** What both sites must agree on, or look alike in. */
const SITE = [
  ...["primaryCidr", "standbyCidr", "domain", "appName", "contentName", "healthPath", "serversMin", "serversMax"],
  ...["databaseName", "databaseStorageGib", "databaseBackupDays", "logRetentionDays", "alertEmail"],
] as const satisfies Key[];

/** For how long dumps are kept, on both sides. */
const DUMPS = ["dailyDumps", "weeklyDumps", "monthlyDumps"] as const satisfies Key[];

/** Which keys a stack of each role reads. */
const KEYS = {
  prod: [
    ...COMMON,
    ...SITE,
    "zones",
    "natGateways",
    "zoneId",
    "serverImage",
    "serverType",
    "databaseClass",
    "databaseMaxStorageGib",
    "databasePasswordGeneration",
    "databaseHostName",
    "objectLockMode",
    "objectLockDays",
    "vaultLockMode",
    "vaultLockDays",
    "aws:region",
  ],
  dr: [
    ...COMMON,
    ...SITE,
    ...DUMPS,
    "strategy",
    "vpn",
    "declareDisaster",
    "declareWhy",
    "declareBy",
    "databaseGivenUp",
    "handBack",
    "growDatabase",
    "drill",
    "lastDrill",
    "warmServers",
    "standbyImage",
    "imageReplication",
    "standbyServerSize",
    "otherServerSizes",
    "standbyDatabaseSize",
    "standbyDatabaseReducedSize",
    "databasePassword",
    "copyRetentionDays",
    "immutabilityDays",
    "lockImmutability",
    "copyTier",
    "containerRepositories",
    "webTier",
    "containerImage",
    "monthlyBudget",
    "azure-native:location",
  ],
  link: [
    ...COMMON,
    "prodStack",
    "drStack",
    "primaryCidr",
    "standbyCidr",
    "vpn",
    "awsGateway",
    "primaryAsn",
    "standbyAsn",
    "vpnCrypto",
    "vpnKeyGenerations",
    "vpnKeys",
    "logRetentionDays",
    "webIdentityIssuer",
    "replicationConcurrency",
    "serverSideCopy",
    "containerRepositories",
    ...DUMPS,
    "objectLockMode",
    "databaseReplication",
    "secretReplication",
    "imageReplication",
    "imageVersions",
    "imageMaxLagHours",
    "dumpConcurrency",
    "dumpTime",
    "aws:region",
    "azure-native:location",
  ],
  traffic: [
    ...COMMON,
    "prodStack",
    "drStack",
    "ttlSeconds",
    "failoverMode",
    "otherMarkers",
    "standbyShare",
    "bypassEdge",
    "databaseHostName",
    "aws:region",
  ],
} as const satisfies Record<Role, readonly Key[]>;

/** The validated settings of one workload in a stack of role `R`, by key. */
export type Settings<R extends Role> = { role: R } & { [K in Exclude<(typeof KEYS)[R][number], "role">]: Value<K> };

/** The settings of a stack: of each workload, and whether the stack file lists them or names only one. */
export type StackSettings = { [R in Role]: { role: R; listed: boolean; workloads: Settings<R>[] } }[Role];

/**
 * Reads and checks the whole configuration of a stack.
 *
 * @param config every configuration value by its full key, as the engine hands it to a program
 * @param stack name of the stack, for the advice in messages
 * @throws pulumi.RunError that lists every problem at once, with key, what was expected, and the mend
 */
export function parseSettings(config: Record<string, string>, stack: string): StackSettings {
  // Without a role, the stack's name tells which keys it probably wants.
  const role = ROLES.find((one) => one === config[fullKey("role")]) ?? ROLES.find((one) => one === stack);
  const { configs, problems } = workloadConfigs(config);
  const workloads = configs.map((workload) => {
    const { values, problems: own } = parseWorkload(workload, role);
    problems.push(...own);
    return values;
  });
  for (const { index, conflict } of clashesBetween(workloads)) {
    const workload = configs[index];
    if (workload) problems.push(problemOf(conflict, { ...workload, placeOf: workload.placeOfOwn }));
  }
  problems.push(...unknownKeys(config), ...wrongPlaces(role, config, stack));

  // What stands at the top and is wrong is so for every workload.
  const distinct = [...new Map(problems.map((problem) => [`${problem.key} ${problem.expected}`, problem])).values()];
  if (distinct.length > 0) throw new pulumi.RunError(renderProblems(stack, distinct));
  return { role, listed: WORKLOADS in config, workloads } as StackSettings;
}

/** The settings of the stack that is running now. */
export function loadSettings(): StackSettings {
  return parseSettings(pulumi.runtime.allConfig(), pulumi.getStack());
}

function parseWorkload(workload: WorkloadConfig, role: Role | undefined) {
  const { config, placeOf } = workload;
  const keys: readonly Key[] = role ? KEYS[role] : COMMON;
  const read: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const key of keys) {
    const { schema, expected, secret }: Field<unknown> = FIELDS[key];
    const full = fullKey(key);
    const result = schema.safeParse(config[full]);
    if (result.success) read[key] = result.data;
    else
      problems.push({
        key: placeOf(full),
        expected,
        found: config[full],
        secret,
        example: mendFor(key, workload, role),
      });
  }
  const values = read as Values;
  const conflicts = conflictsIn(values).map((conflict) => problemOf(conflict, workload));
  return { values, problems: [...problems, ...conflicts, ...unknownOwn(workload)] };
}

function problemOf(
  { key, ...conflict }: Conflict,
  { config, placeOf }: Pick<WorkloadConfig, "config" | "placeOf">,
): Problem {
  const full = fullKey(key);
  return { key: placeOf(full), found: config[full], ...conflict };
}

/** A good value for a key, as near to what stands there as may be; undefined where the mend is to take it away. */
function mendFor(key: Key, { config, placeOf }: WorkloadConfig, role: Role | undefined): string | undefined {
  const { example, values = [] }: Field<unknown> = FIELDS[key];
  const full = fullKey(key);
  // A workload of a list has its name as a part of the path.
  if (key === "workload" && placeOf(full) !== full) return undefined;
  if (key === "role" && role) return role;
  const zone = config[fullKey("domain")];
  if (zone && (key === "appName" || key === "contentName")) return `${key.replace("Name", "")}.${zone}`;
  // A slip of the pen is mended to what was meant: "Content" must not become "none".
  return nearest(config[full] ?? "", values) ?? example;
}

function fullKey(key: string): string {
  return key.includes(":") ? key : `${NAMESPACE}${key}`;
}

const KNOWN = Object.keys(FIELDS);

/** Keys of the stack file that nobody reads. */
function unknownKeys(config: Record<string, string>): Problem[] {
  const { [WORKLOADS]: _, ...rest } = config;
  return unknownIn(rest, (key) => key);
}

/** Keys of a single workload that nobody reads. */
function unknownOwn({ config, placeOf }: WorkloadConfig): Problem[] {
  const own = Object.entries(config).filter(([key]) => placeOf(key) !== key);
  return unknownIn(Object.fromEntries(own), placeOf);
}

function unknownIn(config: Record<string, string>, placeOf: (key: string) => string): Problem[] {
  return Object.entries(config)
    .filter(([key]) => key.startsWith(NAMESPACE) && !KNOWN.includes(key.slice(NAMESPACE.length)))
    .map(([key, found]) => {
      const meant = nearest(key.slice(NAMESPACE.length), KNOWN);
      const expected = `a key of this project${meant ? `; did you mean ${fullKey(meant)}?` : ""}`;
      // Inside of a workload the key that was meant is reached by a path, which is told by the place.
      const set = meant && placeOf(key) === key ? { meant: fullKey(meant) } : {};
      return { key: placeOf(key), expected, found, ...set };
    });
}

/** What is right in itself, and stands in the wrong stack. */
function wrongPlaces(role: Role | undefined, config: Record<string, string>, stack: string): Problem[] {
  const problems: Problem[] = [];
  const named = ROLES.find((one) => one === stack);
  if (role && named && role !== named) {
    const expected = `${named}, the role of the stack of that name; another role would replace all that it holds`;
    problems.push({ key: fullKey("role"), expected, found: role, example: named });
  }
  const declared = config[fullKey("declareDisaster")];
  if (role && role !== "dr" && declared && declared !== "none") {
    const expected = "no declaration here: only a stack of role dr reads it, and nothing would happen";
    problems.push({ key: fullKey("declareDisaster"), expected, found: declared });
  }
  return problems;
}
