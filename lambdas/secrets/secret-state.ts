/** The tag by whose value, the workload's name, a secret of the primary is let across; nothing crosses without it. */
export const REPLICATE_TAG = "multicloud-dr:replicate";

/** A secret of the primary as it is now, but for its value. */
export interface SourceSecret {
  name: string;
  /** The six letters at the end of its ARN, which tell it from a later one of the same name. */
  id: string;
  /** Id of the version that is current; absent before it has a value. What a version holds never changes. */
  version?: string;
  tags: Readonly<Record<string, string>>;
  /** Marked for deletion: it can't be read any more. */
  deleted: boolean;
}

/** The newest version of a copy, but for its value. */
export interface Copy {
  /** Its name in the vault. */
  name: string;
  enabled: boolean;
  tags: Readonly<Record<string, string>>;
}

/** The value of a secret as a vault holds it. */
export interface CopyValue {
  value: string;
  contentType: string;
}
