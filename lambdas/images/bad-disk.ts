/** A disk's file that cannot be read as what it should be: no other try mends it, only another export does. */
export class BadDiskError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    // Step Functions knows an error of a function's by its name.
    this.name = "BadDiskError";
  }
}
