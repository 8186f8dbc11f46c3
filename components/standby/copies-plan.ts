/** What the copies are of: the primary's content, dumps of its database, or images of its servers. */
export type CopyPurpose = "content" | "dumps" | "images";

/** How copies are kept that serve a purpose. */
export interface CopiesPlan {
  containerName: string;
  /** What the account is for, in its name. */
  word: string;
  /**
   * Whether whatever is written is immutable at once. Without it the writer sets each blob's own policy when the blob
   * is whole: a disk image is a page blob, written in many parts, and a policy prohibits each of them ("Version-level
   * WORM policies for immutable blob data").
   */
  immutableWhenWritten: boolean;
  /**
   * Whether a lock keeps the account. It keeps role assignments too ("Protect your Azure resources with a lock"), so
   * there is none where a declared disaster takes the writer's right away.
   */
  deleteLock: boolean;
}

const PLANS: Record<CopyPurpose, CopiesPlan> = {
  content: { containerName: "content", word: "copies", immutableWhenWritten: true, deleteLock: false },
  dumps: { containerName: "dumps", word: "dumps", immutableWhenWritten: true, deleteLock: false },
  images: { containerName: "images", word: "images", immutableWhenWritten: false, deleteLock: true },
};

export function copiesPlan(purpose: CopyPurpose): CopiesPlan {
  return PLANS[purpose];
}
