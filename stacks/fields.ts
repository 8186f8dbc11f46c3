import { z } from "zod";
import { parseCidr } from "../components/cidr.ts";
import { SECRET_REPLICATIONS } from "../components/replication/secret-plan.ts";
import { DISASTERS, HANDING_BACK } from "../components/standby/disaster.ts";
import { WEB_TIERS } from "../components/standby/network-rules.ts";
import { STRATEGIES } from "../components/standby/standby-plan.ts";
import { FAILOVER_MODES } from "../components/traffic/check-plan.ts";
import { choice, type Field, flag, oneNumberOf, oneOf, text, whole } from "./field.ts";
import { AWS_REGIONS, AZURE_REGIONS_WITH_ZONES } from "./regions.ts";
import { VPN_FIELDS } from "./vpn-fields.ts";

export type { Field } from "./field.ts";

export const ROLES = ["prod", "dr", "link", "traffic"] as const;
export type Role = (typeof ROLES)[number];

const STACK_NAME = text(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, "the name of a stack of this project", "prod");

const DNS_NAME = text(
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/,
  "a DNS name in lower case",
  "shop.example.com",
);

/** An https address without a query. */
const WEBSITE = "https://[a-z0-9][a-z0-9.-]{0,252}(:\\d{1,5})?(/[A-Za-z0-9._~/-]{0,200})?";

/** The name of a repository, as ECR takes it ("CreateRepository") and ACR too: of two characters at least. */
const REPOSITORY = "(?=[a-z0-9._/-]{2})(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*";

/** Every key that this project reads, without its namespace; provider keys carry theirs. */
export const FIELDS = {
  role: choice(ROLES, "which of the four stacks this is"),
  workload: text(
    // The clouds keep these beginnings for themselves (S3's bucket naming rules, load balancers and security groups of AWS, Azure's reserved resource names).
    /^(?!.*--)(?!xn-|sthree-|amzn-s3-demo-|internal-|sg-|login|microsoft|windows)[a-z][a-z0-9-]{1,14}[a-z0-9]$/,
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
  alertEmail: text(
    /^$|^[^\s@,;<>"]{1,64}@[a-z0-9.-]{3,190}$/i,
    "one mail address that alarms go to, or nothing",
    "ops@example.com",
  ),

  primaryCidr: range("10.16.0.0/16"),
  standbyCidr: range("10.32.0.0/16"),
  domain: { ...DNS_NAME, expected: "the DNS zone of the workload, a name in lower case", example: "example.com" },
  appName: { ...DNS_NAME, example: "app.example.com" },
  contentName: { ...DNS_NAME, example: "content.example.com" },
  healthPath: text(/^\/[A-Za-z0-9/._~-]{0,127}$/, "a path that begins with a slash, without a query", "/healthz"),
  serversMin: whole(1, 1000, "fewest servers that carry the load", 3),
  serversMax: whole(1, 1000, "most servers", 12),
  databaseName: text(
    // RDS: "must begin with a letter"; both refuse MySQL's own words, of which these are databases already.
    /^(?!(mysql|sys|innodb|information_schema|performance_schema)$)[a-z][a-z0-9_]{0,63}$/,
    "a database's name of 1 to 64 lowercase letters, digits and underscores that MySQL does not use itself",
    "app",
  ),
  // The ranges that both RDS (gp3) and MySQL Flexible Server take.
  databaseStorageGib: whole(20, 14_000, "the database's storage in GiB", 100),
  // A week: whoever deletes on a Friday before a holiday is noticed after it. Both clouds end at 35.
  databaseBackupDays: whole(7, 35, "days for which the database can be restored to any moment", 14),
  // A dump must outlast the week-end in which nobody sees that the next ones failed.
  dailyDumps: whole(3, 365, "days for which a dump of the database is kept", 14),
  weeklyDumps: whole(7, 3650, "days for which the first dump of a week is kept", 35),
  monthlyDumps: whole(31, 36_500, "days for which the first dump of a month is kept", 400),
  // The steps of CloudWatch Logs that Log Analytics takes too (30 to 730).
  logRetentionDays: oneNumberOf([30, 60, 90, 120, 180, 365, 400, 545], "days for which logs are kept", 90),

  zones: whole(2, 6, "how many availability zones", 3),
  natGateways: choice(["zone", "one"], "how many NAT gateways, one per zone or one for all"),
  zoneId: text(
    /^(create|Z[A-Z0-9]{8,31})$/,
    "the id of a Route 53 hosted zone that stands, or the word create",
    "create",
  ),
  serverImage: text(
    /^(ami-[0-9a-f]{8,17}|resolve:ssm:\/?[A-Za-z0-9_./:-]{1,500})$/,
    "the id of an AMI, or resolve:ssm: and the name of a parameter that holds one",
    "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
  ),
  serverType: text(/^[a-z][a-z0-9-]*\d[a-z0-9-]*\.([a-z0-9-]+)$/, "an EC2 instance type", "m7i.large"),
  databaseClass: text(/^db\.[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "an RDS instance class", "db.m7g.xlarge"),
  // The standby must be able to hold it: MySQL Flexible Server ends at 16 TiB.
  databasePasswordGeneration: whole(
    1,
    1_000_000,
    "the number of the primary database's password; another number makes another password",
    1,
  ),
  databaseMaxStorageGib: whole(22, 16_384, "the storage in GiB up to which the database may grow by itself", 1000),
  objectLockMode: choice(["governance", "compliance", "none"], "who may shorten the lock on an object's version"),
  objectLockDays: whole(0, 36_500, "days for which a version of an object cannot be deleted", 30),
  vaultLockMode: choice(["governance", "compliance"], "who may take the lock off the vault of backups"),
  vaultLockDays: whole(1, 36_500, "days for which a backup cannot be deleted", 35),

  strategy: choice(STRATEGIES, "how much of the standby stands while nothing happens"),
  declareDisaster: choice(DISASTERS, "the declared disaster"),
  declareWhy: text(/^[^\p{C}]{0,200}$/u, "why the disaster is declared, up to 200 characters", "AWS region down"),
  declareBy: text(/^[^\p{C}]{0,100}$/u, "who declares it, up to 100 characters", "on-call"),
  databaseGivenUp: text(
    /^$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(:[a-z_]\w*)?:[1-9]\d*$/,
    "nothing, or the one transaction that the controller's lastError names",
    "3e11fa47-71ca-11e1-9e33-c80aa9429562:23",
  ),
  handBack: choice(HANDING_BACK, "how far the standby hands back to the primary"),
  growDatabase: flag("whether a database that stands reduced is made full-size while a disaster is declared", false),
  lastDrill: text(
    /^$|^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
    "nothing, or the day of the last drill that went well, which `npm run dr -- drill` writes",
    "2026-11-30",
  ),
  drill: flag("whether this is a drill, that is everything but telling the world", false),
  warmServers: whole(1, 1000, "servers that a warm standby keeps running", 1),
  standbyImage: text(
    /^(replicated|\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.Compute\/galleries\/[^/\s]+\/images\/[^/\s]+(\/versions\/[^/\s]+)?|[A-Za-z0-9_.-]+(:[A-Za-z0-9_.-]+){3})$/,
    "the id of a Compute Gallery image (version), publisher:offer:sku:version, or the word replicated",
    "Canonical:ubuntu-24_04-lts:server:latest",
  ),
  standbyServerSize: text(
    /^Standard_[A-Z][A-Za-z0-9_-]{1,40}$/,
    "the size of an Azure virtual machine",
    "Standard_D2s_v5",
  ),
  otherServerSizes: text(
    /^$|^Standard_[A-Z][A-Za-z0-9_-]{1,40}( Standard_[A-Z][A-Za-z0-9_-]{1,40})*$/,
    "sizes of Azure virtual machines with a space between them, or nothing",
    "Standard_D2as_v5 Standard_D2ds_v5",
  ),
  standbyDatabaseSize: databaseSize("Standard_D4ads_v5"),
  standbyDatabaseReducedSize: databaseSize("Standard_D2ads_v5"),
  databasePassword: {
    ...text(
      // What Azure wants of an administrator's password (3 of 4 kinds), without what RDS, a URL or a shell trips over.
      /^$|^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9_.~-]{16,128}$/,
      "nothing (then one is generated), or 16 to 128 of A-Z a-z 0-9 _ . ~ - with a capital, a small letter and a digit",
      "",
    ),
    secret: true,
  },
  copyRetentionDays: whole(1, 365, "days for which a deleted copy stays restorable", 30),
  immutabilityDays: whole(1, 146_000, "days for which nobody can delete or change a copy's version", 30),
  lockImmutability: flag("whether nobody, the owners included, can shorten the copies' immutability any more", false),
  copyTier: choice(["Cool", "Cold", "Hot"], "the access tier of the copies"),
  monthlyBudget: whole(
    1,
    1_000_000,
    "what the standby may cost in a month before somebody is told, in the billing currency",
    200,
  ),

  prodStack: STACK_NAME,
  drStack: { ...STACK_NAME, example: "dr" },
  webIdentityIssuer: text(
    /^(enable|https:\/\/\S{1,500})$/,
    "the https URL of the AWS account's issuer of web identities, or the word enable",
    "enable",
  ),
  webTier: choice(WEB_TIERS, "what serves at the standby"),
  containerImage: text(
    new RegExp(`^$|^${REPOSITORY}(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}|@sha256:[0-9a-f]{64})$`),
    "nothing, or a listed repository's name with a tag or a digest",
    "shop/web:latest",
  ),
  containerRepositories: {
    schema: z
      .string()
      .regex(new RegExp(`^$|^${REPOSITORY}( ${REPOSITORY})*$`))
      .refine((value) => value.split(" ").every((name) => name.length <= 256))
      .transform((value) => (value === "" ? [] : value.split(" ")))
      .refine((names) => new Set(names).size === names.length),
    expected: "names of ECR repositories with a space between them, each once, or nothing",
    example: "shop/web shop/jobs",
  } satisfies Field<string[]>,
  replicationConcurrency: whole(2, 1000, "most object replicators at work at once", 20),
  databaseReplication: choice(["nightly", "live"], "how the standby's database follows: by dumps, or also live"),
  secretReplication: {
    // In a stack file a bare `off` may be read as false.
    schema: z.enum([...SECRET_REPLICATIONS, "false"]).transform((value) => (value === "false" ? "off" : value)),
    expected: "how the copies of secrets follow, as they change or at night: live, nightly, off",
    example: "live",
    values: SECRET_REPLICATIONS,
  } satisfies Field<(typeof SECRET_REPLICATIONS)[number]>,
  imageReplication: {
    // In a stack file a bare `on` may be read as true.
    schema: z
      .enum(["off", "on", "false", "true"])
      .transform((value) => (value === "on" || value === "true" ? "on" : "off")),
    expected: "whether new images of the primary's servers follow to the standby: off, on",
    example: "off",
    values: ["off", "on"],
  } satisfies Field<"off" | "on">,
  imageVersions: whole(1, 100, "versions of the servers' image that are kept at the standby", 3),
  imageMaxLagHours: whole(1, 720, "hours for which the newest image may wait to be at the standby", 24),
  dumpConcurrency: whole(1, 100, "parts of the database that are dumped at once", 8),
  dumpTime: text(/^([01]\d|2[0-3]):[0-5]\d$/, "the time in UTC at which the night's dump begins", "02:15"),
  serverSideCopy: flag("whether Azure may fetch objects from S3 itself, by signed URLs", false),
  ...VPN_FIELDS,
  ttlSeconds: whole(30, 60, "time to live of a switched record in seconds", 60),
  failoverMode: choice(FAILOVER_MODES, "who moves the app's users: whoever declares, or also its health"),
  otherMarkers: {
    // Two or none: of two markers in all, a lost one would leave nobody able to declare, or one alone.
    schema: z
      .string()
      .regex(new RegExp(`^$|^${WEBSITE} ${WEBSITE}$`))
      .transform((value) => (value === "" ? [] : value.split(" ")))
      .refine((addresses) => addresses.every((address) => URL.canParse(address))),
    expected: "nothing, or two https addresses of other owners' markers with a space between them",
    example: "https://marker.example.net/ https://marker.example.org/",
  } satisfies Field<string[]>,
  standbyShare: {
    schema: z
      .string()
      .regex(/^$|^\d{1,3}$/)
      .transform((value) => (value === "" ? undefined : Number(value)))
      .refine((share) => share === undefined || share <= 100),
    expected: "nothing, or the standby's share of the app's and the content's users, a whole number from 0 to 100",
    example: "10",
  } satisfies Field<number | undefined>,
  bypassEdge: flag("whether the standby's app is reached without its edge, at the load balancer itself", false),
  databaseHostName: text(
    // Of the names that nobody has on the internet: a private zone hides all that the public one of its name has.
    /^$|^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.){2,}internal$/,
    "nothing, or the name at which the app finds its database, of three parts or more, the last of them internal",
    "database.shop.internal",
  ),

  "aws:region": oneOf(AWS_REGIONS, "an AWS region", "eu-west-1"),
  "azure-native:location": oneOf(
    AZURE_REGIONS_WITH_ZONES,
    "an Azure region with availability zones, in its short form",
    "germanywestcentral",
  ),
} satisfies Record<string, Field<unknown>>;

export type Key = keyof typeof FIELDS;
export type Value<K extends Key> = (typeof FIELDS)[K] extends Field<infer T> ? T : never;

function range(example: string): Field<string> {
  const schema = z.string().refine((value) => {
    const cidr = parseCidr(value);
    return cidr !== undefined && cidr.prefix >= 16 && cidr.prefix <= 22;
  });
  return { schema, expected: "an IPv4 range from /16 to /22 that begins on its own boundary", example };
}

/** General purpose (D) and memory optimised (E) sizes; Azure's burstable ones cannot have a second zone. */
function databaseSize(example: string): Field<string> {
  return text(
    /^Standard_[DE]\d+[a-z]*_v\d$/,
    "the size of a MySQL Flexible Server, general purpose or memory optimised",
    example,
  );
}
