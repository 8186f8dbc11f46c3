import type { Resource } from "./resource.ts";

/** What a rule has to say of a resource. */
export interface Finding {
  /** `wrong` is what the policy's level decides on; `unknown` is only ever told. */
  kind: "wrong" | "unknown";
  /** The resource, where it is about one. */
  urn?: string | undefined;
  /** What was found, and what to write. Without a full stop. */
  message: string;
}

/** @param message what was found, and what to write @example "has no lock; write objectLockMode" */
export function wrong({ urn, name }: Pick<Resource, "urn" | "name">, message: string): Finding {
  return { kind: "wrong", urn, message: `${name} ${message}` };
}

/** @param what a property, or whatever it is that the rule goes by @example "storageEncrypted" */
export function unknown({ urn, name }: Pick<Resource, "urn" | "name">, what: string): Finding {
  return { kind: "unknown", urn, message: `${name}: ${what}` };
}
