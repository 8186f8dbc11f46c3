/** How long, and how firmly, each version of an object is kept from deletion. */
export interface ObjectLock {
  /**
   * `governance`: whoever holds `s3:BypassGovernanceRetention` may lift it. `compliance`: nobody may, the account's
   * root and AWS included, before its days are over. `none`: there is no lock.
   */
  mode: "governance" | "compliance" | "none";
  /** Days from when the version was written, 1 to 36500; ignored with mode `none`. @example 30 */
  days: number;
}

/** The retention that S3 gives to every new version of a bucket; undefined for none. */
export function defaultLock({ mode, days }: ObjectLock) {
  switch (mode) {
    case "none":
      return undefined;
    case "governance":
      return { mode: "GOVERNANCE", days } as const;
    case "compliance":
      return { mode: "COMPLIANCE", days } as const;
  }
}
