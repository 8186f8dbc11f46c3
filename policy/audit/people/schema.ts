import { z } from "zod";

const names = z.array(z.string()).default([]);
const stacks = z.array(z.string().min(1));
const document = z.union([z.string(), z.record(z.string(), z.unknown())]);

const awsGrant = z.strictObject({
  /** Account, by its name above. */
  account: z.string(),
  /** Who it is there; by default the role that bears the principal's name. */
  arn: z.string().startsWith("arn:").optional(),
  /** Identity provider by which they come here; needed where they sign in by several. */
  signsInBy: z.string().optional(),
  /** Names of AWS's own policies or of those under `policies`, or a policy in full. */
  policies: z.array(document).default([]),
  /** What the rights are cut to, written in the same way. */
  boundary: z.array(document).optional(),
});

const azureGrant = z.strictObject({
  /** A role of Azure's own or of those under `roles`, by name. */
  role: z.string(),
  /** A subscription by its name above, and what is in it; `/` for all. @example "standby/resourceGroups/shop-standby" */
  scope: z.string(),
});

const principal = z.strictObject({
  kind: z.enum(["human", "pipeline", "machine"]),
  description: z.string().optional(),
  /** Identity providers by which they sign in: whoever administers one can be them. */
  signsInBy: names,
  aws: z.array(awsGrant).default([]),
  azure: z.array(azureGrant).default([]),
  /** Roles in the directory, by name. @example ["Global Administrator"] */
  directoryRoles: names,
  /** Object id in the directory, where a stack gives them a role. */
  objectId: z.string().optional(),
  /** Subjects of tokens that it is known by, where a stack trusts one. @example ["repo:example/shop:environment:prod"] */
  subjects: names,
  /** Others whose credentials they hold, or whose role they can take on. */
  canBecome: names,
  /** Stacks that they run `pulumi up` on: whoever writes a state has them do it. */
  deploys: names,
  /** Who changes what a pipeline runs, and how many others have to agree first. */
  changedBy: z.strictObject({ people: names, approvals: z.int().min(0).default(0) }).prefault({}),
  /** Who can read its credentials, or do away with the approvals. */
  administeredBy: names,
});

const state = z.strictObject({
  /** Stacks whose state it is. */
  stacks,
  /** Where it is kept on Azure. @example "operations/resourceGroups/state" */
  scope: z.string().optional(),
  /** Where it is kept on AWS: the account, by its name above, and the bucket. */
  account: z.string().optional(),
  bucket: z.string().optional(),
  /** Whether former states are kept, and for some days nobody can delete them. */
  locked: z.boolean(),
  /** Who writes it besides those whom a right over the place lets. */
  writers: names,
});

const role = z.strictObject({
  actions: names,
  notActions: names,
  dataActions: names,
  notDataActions: names,
});

/** The people file: who there is, and what each can do on both clouds. docs/audit.md explains every key. */
export const peopleSchema = z.strictObject({
  version: z.literal(1),
  accounts: z.record(
    z.string(),
    z.strictObject({
      id: z
        .string()
        .regex(/^\d{12}$/, "expected the twelve digits of an account, in quotes")
        .optional(),
      /** Stacks that are deployed into it. */
      stacks,
      /** Who can sign in as the root user: holders of its mailbox and its second factor. */
      root: names,
      /** Service control policies that hold in it, of those under `policies`. */
      scps: names,
    }),
  ),
  /** The organization that the accounts are in: who can lift its policies, enter and close its accounts. */
  organization: z.strictObject({ administrators: names }).prefault({}),
  subscriptions: z.record(
    z.string(),
    z.strictObject({
      id: z.uuid().optional(),
      stacks,
      /** Which of the identity providers is its directory. */
      directory: z.string(),
    }),
  ),
  identityProviders: z.record(z.string(), z.strictObject({ administrators: names })).default({}),
  policies: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  roles: z.record(z.string(), role).default({}),
  states: z.record(z.string(), state).default({}),
  principals: z.record(z.string(), principal),
});

/** A people file that could be read. */
export type PeopleFile = z.infer<typeof peopleSchema>;
export type PrincipalEntry = z.infer<typeof principal>;
export type StateEntry = z.infer<typeof state>;
