import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { cidr, overlap, parseCidr } from "../components/cidr.ts";
import { DISASTERS } from "../components/standby/disaster.ts";
import { nearest, type Problem, renderProblems } from "./problems.ts";

/** One key of the configuration: how to read it, and what to tell somebody who got it wrong. */
interface Field<T> {
  schema: z.ZodType<T, string>;
  expected: string;
  example: string;
  /** The only values there are, where they can be counted. */
  values?: readonly string[];
}

const text = (pattern: RegExp, expected: string, example: string): Field<string> => ({
  schema: z.string().regex(pattern),
  expected,
  example,
});

const choice = <T extends string>(values: readonly [T, ...T[]], expected: string): Field<T> => ({
  schema: z.enum(values) as unknown as z.ZodType<T, string>,
  expected: `${expected}: ${values.join(", ")}`,
  example: values[0],
  values,
});

const whole = (min: number, max: number, expected: string, example: number): Field<number> => ({
  schema: z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((n) => n >= min && n <= max),
  expected: `${expected}, a whole number from ${min} to ${max}`,
  example: String(example),
});

const flag = (expected: string, example: boolean): Field<boolean> => ({
  schema: z.enum(["true", "false"]).transform((value) => value === "true") as unknown as z.ZodType<boolean, string>,
  expected: `${expected}, true or false`,
  example: String(example),
});

const range = (example: string): Field<string> => ({
  schema: z.string().refine((value) => {
    const cidr = parseCidr(value);
    return cidr !== undefined && cidr.prefix >= 16 && cidr.prefix <= 22;
  }),
  expected: "an IPv4 range from /16 to /22 that begins on its own boundary",
  example,
});

const ROLES = ["prod", "dr", "link", "traffic"] as const;
export type Role = (typeof ROLES)[number];

const STACK_NAME = text(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, "the name of a stack of this project", "prod");

/** Every key that this project reads, without its namespace; provider keys carry theirs. */
const FIELDS = {
  role: choice(ROLES, "which of the four stacks this is"),
  workload: text(
    // The clouds keep these beginnings for themselves (S3's bucket naming rules, Azure's reserved resource names).
    /^(?!.*--)(?!xn-|sthree-|amzn-s3-demo-|login|microsoft|windows)[a-z][a-z0-9-]{1,14}[a-z0-9]$/,
    "3 to 16 lowercase letters, digits and single hyphens, beginning with a letter and no word that a cloud reserves",
    "shop",
  ),
  environment: text(/^[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}$/, "the Environment tag, 1 to 64 characters", "production"),
  owner: text(
    // What IAM, the strictest of the taggable services, takes as a tag's value.
    /^(?! )[\p{L}\p{N} _.:/=+@-]{1,128}(?<! )$/u,
    "the Owner tag, a team or its mailbox, 1 to 128 letters, digits, spaces and _.:/=+-@",
    "platform-team",
  ),
  protectData: flag("whether what holds data refuses to be deleted", true),
  primaryCidr: range("10.16.0.0/16"),
  standbyCidr: range("10.32.0.0/16"),
  zones: whole(2, 6, "how many availability zones", 3),
  declareDisaster: choice(DISASTERS, "the declared disaster"),
  copyRetentionDays: whole(1, 365, "days for which a deleted copy stays restorable", 30),
  prodStack: STACK_NAME,
  drStack: { ...STACK_NAME, example: "dr" },
  webIdentityIssuer: text(
    /^(enable|https:\/\/\S{1,500})$/,
    "the https URL of the AWS account's issuer of web identities, or the word enable",
    "enable",
  ),
  replicationConcurrency: whole(2, 1000, "most object replicators at work at once", 20),
  domain: text(
    /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
    "a DNS name in lower case",
    "shop.example.com",
  ),
  contentName: text(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "one DNS label in lower case", "content"),
  ttlSeconds: whole(30, 60, "time to live of a switched record in seconds", 60),
  "aws:region": text(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region", "eu-west-1"),
  "azure-native:location": text(/^[a-z]+[a-z0-9]*$/, "an Azure region in its short form", "germanywestcentral"),
} satisfies Record<string, Field<unknown>>;

type Key = keyof typeof FIELDS;

const COMMON = ["role", "workload", "environment", "owner", "protectData"] as const satisfies Key[];
const RANGES = ["primaryCidr", "standbyCidr"] as const satisfies Key[];

/** Which keys a stack of each role reads. */
const KEYS = {
  prod: [...COMMON, ...RANGES, "zones", "aws:region"],
  dr: [...COMMON, ...RANGES, "declareDisaster", "copyRetentionDays", "azure-native:location"],
  link: [
    ...COMMON,
    "prodStack",
    "drStack",
    "webIdentityIssuer",
    "replicationConcurrency",
    "aws:region",
    "azure-native:location",
  ],
  traffic: [...COMMON, "prodStack", "drStack", "domain", "contentName", "ttlSeconds", "aws:region"],
} as const satisfies Record<Role, readonly Key[]>;

type Value<K extends Key> = (typeof FIELDS)[K] extends Field<infer T> ? T : never;

/** The validated settings of a stack of role `R`, by key. */
export type Settings<R extends Role> = { role: R } & { [K in Exclude<(typeof KEYS)[R][number], "role">]: Value<K> };

/** The settings of a stack whose role is told by its `role`. */
export type AnySettings = { [R in Role]: Settings<R> }[Role];

const NAMESPACE = "multicloud-dr:";

/**
 * Reads and checks the whole configuration of a stack.
 *
 * @param config every configuration value by its full key, as the engine hands it to a program
 * @param stack name of the stack, for the advice in messages
 * @throws pulumi.RunError that lists every problem at once, with key, what was expected, and the mend
 */
export function parseSettings(config: Record<string, string>, stack: string): AnySettings {
  // Without a role, the stack's name tells which keys it probably wants.
  const role = ROLES.find((one) => one === config[fullKey("role")]) ?? ROLES.find((one) => one === stack);
  const keys: readonly Key[] = role ? KEYS[role] : COMMON;
  const values: Partial<Record<Key, unknown>> = {};
  const problems: Problem[] = [];

  for (const key of keys) {
    const { schema, expected, example, values: choices }: Field<unknown> = FIELDS[key];
    const full = fullKey(key);
    const found = config[full];
    const result = schema.safeParse(found);
    if (result.success) values[key] = result.data;
    // A slip of the pen is mended to what was meant: "Content" must not become "none".
    else
      problems.push({
        key: full,
        expected,
        found,
        example: (key === "role" ? role : nearest(found ?? "", choices ?? [])) ?? example,
      });
  }
  problems.push(...unknownKeys(config), ...overlaps(values), ...wrongPlaces(role, config, stack));

  if (problems.length > 0) throw new pulumi.RunError(renderProblems(stack, problems));
  return values as AnySettings;
}

/** The settings of the stack that is running now. */
export function loadSettings(): AnySettings {
  return parseSettings(pulumi.runtime.allConfig(), pulumi.getStack());
}

function fullKey(key: string): string {
  return key.includes(":") ? key : `${NAMESPACE}${key}`;
}

function unknownKeys(config: Record<string, string>): Problem[] {
  const known = Object.keys(FIELDS);
  return Object.keys(config)
    .filter((key) => key.startsWith(NAMESPACE) && !known.includes(key.slice(NAMESPACE.length)))
    .map((key) => {
      const meant = nearest(key.slice(NAMESPACE.length), known);
      const expected = `a key of this project${meant ? `; did you mean ${fullKey(meant)}?` : ""}`;
      return { key, expected, found: config[key] };
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

function overlaps({ primaryCidr, standbyCidr }: Partial<Record<Key, unknown>>): Problem[] {
  const primary = parseCidr(String(primaryCidr));
  const standby = parseCidr(String(standbyCidr));
  if (!primary || !standby || !overlap(primary, standby)) return [];
  const expected = `a range that shares no address with ${NAMESPACE}primaryCidr (${primaryCidr}): a VPN joins both (change both in Pulumi.yaml, for all stacks alike)`;
  // No range that a site may have overlaps both.
  const example = ["10.32.0.0/16", "10.16.0.0/16"].find((range) => !overlap(primary, cidr(range)));
  return [{ key: `${NAMESPACE}standbyCidr`, expected, found: String(standbyCidr), example }];
}
