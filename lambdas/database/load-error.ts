/** A dump could not be loaded. The former copy is as it was. */
export class LoadError extends Error {
  /** Whether the dump itself is at fault, so that trying again is of no use. */
  readonly permanent: boolean;

  constructor(message: string, { permanent, cause }: { permanent: boolean; cause?: unknown }) {
    super(message, { cause });
    this.permanent = permanent;
  }
}
