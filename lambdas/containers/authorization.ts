/** What is done with a repository. */
export interface Scope {
  repository: string;
  /** Whether it is written; otherwise it is read only. */
  write: boolean;
  /** Another repository that content is taken from at once. */
  from?: string;
}

/** How one registry is told who asks. */
export interface Authorization {
  /** The value of the header `authorization`; undefined where nobody is asked. */
  header(scope: Scope): Promise<string | undefined>;
  /** Forgets what was kept, since the registry no longer takes it. */
  forget(): void;
}

/** A registry that asks nobody who he is. */
export const ANYBODY: Authorization = { header: async () => undefined, forget: () => {} };
