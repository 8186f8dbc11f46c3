/** What a version of a secret holds. */
export interface SecretValue {
  value: string;
  contentType?: string;
  enabled: boolean;
  tags?: Readonly<Record<string, string>>;
}

/** A version of a secret. */
export interface SecretVersion extends SecretValue {
  id: string;
  /** In seconds since 1970, and no finer, as Azure has it. */
  created: number;
  updated: number;
}

/** A secret under the name by which it was first written. */
export interface StoredSecret {
  name: string;
  /** Newest last. */
  versions: SecretVersion[];
  deleted: boolean;
}

/** The secrets of one vault, by names that have no case; what is deleted is kept. */
export class VaultSecrets {
  readonly #secrets = new Map<string, StoredSecret>();

  /** Also one that is deleted. */
  get(name: string): StoredSecret | undefined {
    return this.#secrets.get(name.toLowerCase());
  }

  /** Those that are not deleted, by their names. */
  list(): StoredSecret[] {
    return [...this.#secrets.values()]
      .filter(({ deleted }) => !deleted)
      .sort((one, other) => (one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1));
  }

  /** Gives a secret another version, which is its newest. */
  add(name: string, value: SecretValue): StoredSecret {
    const secret = this.get(name) ?? { name, versions: [], deleted: false };
    const created = now();
    secret.versions.push({ ...value, id: crypto.randomUUID().replaceAll("-", ""), created, updated: created });
    this.#secrets.set(name.toLowerCase(), secret);
    return secret;
  }
}

/** Changes what may be changed of a version: never its value. */
export function changeVersion(version: SecretVersion, change: Partial<Omit<SecretValue, "value">>): void {
  Object.assign(version, change, { updated: now() });
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
