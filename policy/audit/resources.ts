/** What a value is that the engine does not know yet. */
export const UNKNOWN = Symbol("unknown");

/** A resource as the engine registered it: what the audit goes by, and not by what somebody meant. */
export interface AuditResource {
  /** Stack that has it. @example "prod" */
  stack: string;
  urn: string;
  /** @example "aws:s3/bucket:Bucket" */
  type: string;
  /** Logical name. @example "shop-content-bucket" */
  name: string;
  /** Types of the components that it is in, from the outside in. @example ["multicloud-dr:primary:ContentBucket"] */
  within: readonly string[];
  /** Inputs and outputs; what is not known yet is {@link UNKNOWN}. */
  props: Readonly<Record<string, unknown>>;
  /** Whether the engine refuses to delete it. */
  protect: boolean;
}

/** The part of the engine's own state that the audit reads. */
interface StateEntry {
  urn: string;
  type: string;
  custom?: boolean;
  external?: boolean;
  delete?: boolean;
  protect?: boolean;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/**
 * Reads what `pulumi stack export` writes.
 *
 * @param stack whose it is
 * @throws Error when it is something else
 */
export function readExport(stack: string, exported: unknown): AuditResource[] {
  const entries = (exported as { deployment?: { resources?: StateEntry[] } } | null)?.deployment?.resources;
  if (!Array.isArray(entries)) {
    throw new Error(
      `expected the state of stack ${stack} as \`pulumi stack export --stack ${stack}\` writes it, with deployment.resources, found none`,
    );
  }
  return entries
    .filter(({ external, delete: pending }) => !external && !pending)
    .map(({ urn, type, id, protect = false, inputs = {}, outputs = {} }) => {
      const props = known({ ...(id !== undefined && { id }), ...inputs, ...outputs }) as Record<string, unknown>;
      return { stack, urn, type, ...partsOf(urn), props, protect };
    });
}

/** A resource as a policy sees it. */
export interface SeenResource {
  urn: string;
  type: string;
  name: string;
  props: Record<string, unknown>;
  opts?: { protect?: boolean };
}

/** Reads what a policy is given; before a deployment, much of it is not known. @param stack by its role */
export function readSeen(stack: string, seen: readonly SeenResource[]): AuditResource[] {
  return seen.map(({ urn, type, props, opts }) => ({
    stack,
    urn,
    type,
    ...partsOf(urn),
    props: known(props) as Record<string, unknown>,
    protect: opts?.protect ?? false,
  }));
}

/** Keys by which the engine's state marks a secret, and a value that is not known. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * A value with everything in it that is not known made {@link UNKNOWN}. A policy's properties throw when somebody reads
 * such a one; a secret of a state is none that the audit could open.
 */
export function known(value: unknown): unknown {
  if (value === UNKNOWN_TEXT) return UNKNOWN;
  if (Array.isArray(value)) return Array.from(value, (_, index) => guarded(() => value[index]));
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value) return UNKNOWN;
  return Object.fromEntries(
    Object.keys(value).map((key) => [key, guarded(() => (value as Record<string, unknown>)[key])]),
  );
}

function guarded(read: () => unknown): unknown {
  try {
    return known(read());
  } catch {
    // The one error that reading a property can meet: its value is not known before the deployment.
    return UNKNOWN;
  }
}

/** @example "urn:pulumi:prod::multicloud-dr::multicloud-dr:primary:ContentBucket$aws:s3/bucket:Bucket::shop-content-bucket" */
function partsOf(urn: string): { name: string; within: string[] } {
  const [, , types = "", ...name] = urn.split("::");
  return { name: name.join("::"), within: types.split("$").slice(0, -1) };
}

/** A property by its path; undefined when there is none, {@link UNKNOWN} when it is not known. */
export function at(resource: AuditResource, ...path: (string | number)[]): unknown {
  let value: unknown = resource.props;
  for (const key of path) {
    if (value === UNKNOWN) return UNKNOWN;
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

/** A text by its path; undefined also when it is not known. */
export function textAt(resource: AuditResource, ...path: (string | number)[]): string | undefined {
  const value = at(resource, ...path);
  return typeof value === "string" ? value : undefined;
}

/** A list by its path, empty when there is none that is known. */
export function listAt(resource: AuditResource, ...path: (string | number)[]): unknown[] {
  const value = at(resource, ...path);
  return Array.isArray(value) ? value : [];
}

/** A number by its path; an engine may hand one over as text. */
export function numberAt(resource: AuditResource, ...path: (string | number)[]): number | undefined {
  const value = at(resource, ...path);
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && !Number.isNaN(number) ? number : undefined;
}
