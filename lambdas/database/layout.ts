/** Schema of our own on every server; it is never part of a dump. */
export const CONTROL_SCHEMA = "multicloud_dr";

/**
 * The administrator of both sites' servers: a name that both clouds allow (Azure keeps `admin`, `root` and the like for
 * itself). No part of a dump, for each site has its own.
 */
export const ADMINISTRATOR = "dbadmin";

/** How long a dump is kept, by what it was at its time: the first of its month, of its week, or one more. */
export const DUMP_KINDS = ["monthly", "weekly", "daily"] as const;
export type DumpKind = (typeof DUMP_KINDS)[number];

/** What a copy of the standby's own data is, on its way back to the primary; never one of the primary's dumps. */
export const STANDBY_COPY = "standby";

/** All that a manifest may be of. */
export const COPY_KINDS = [...DUMP_KINDS, STANDBY_COPY] as const;
export type CopyKind = (typeof COPY_KINDS)[number];

/** Where all of such a copy is, also its manifest: the one place among the dumps that the controller may write to. */
export const STANDBY_COPIES = `${STANDBY_COPY}/`;

/** Where the manifests are; a dump without one does not exist. */
export const MANIFESTS = "manifests/";

/** What is needed only while a dump is made; the standby never gets it. */
export const WORK = "work/";

/** What is carried to the standby. */
export const CARRIED_PREFIXES: readonly string[] = [MANIFESTS, ...DUMP_KINDS.map((kind) => `${kind}/`)];

/** A dump's names in its store. */
export interface DumpNames {
  manifest: string;
  definitions: string;
  /** List of all portions, while the dump is made. */
  plan: string;
  chunk(number: number): string;
  /** What came of a portion, by its first chunk, while the dump is made. */
  records(number: number): string;
}

/** A dump that is being made. */
export interface DumpUnderway {
  dump: string;
  kind: CopyKind;
}

/** @param dump id of the dump @example dumpNames("daily", "20261121T021500Z") */
export function dumpNames(kind: CopyKind, dump: string): DumpNames {
  const isCopy = kind === STANDBY_COPY;
  return {
    manifest: isCopy ? `${STANDBY_COPIES}${MANIFESTS}${dump}.json` : `${MANIFESTS}${kind}/${dump}.json`,
    definitions: `${kind}/${dump}/definitions.json.zst`,
    plan: `${workOf(kind, dump)}plan.json`,
    chunk: (number) => `${kind}/${dump}/chunks/${padded(number)}.zst`,
    records: (number) => `${recordsOf(kind, dump)}${padded(number)}.json`,
  };
}

/** Where the records of a dump's chunks are. */
export function recordsOf(kind: CopyKind, dump: string): string {
  return `${workOf(kind, dump)}records/`;
}

/** Where is what a dump needs only while it is made. */
export function workOf(kind: CopyKind, dump: string): string {
  return `${kind === STANDBY_COPY ? STANDBY_COPIES : ""}${WORK}${dump}/`;
}

/** @returns the id of the dump that was begun at a moment @example "20261121T021500Z" */
export function dumpId(startedAt: Date): string {
  return startedAt.toISOString().replaceAll(/[-:]|\.\d+/g, "");
}

/** The moment at which a dump was begun. */
export function momentOf(dump: string): Date {
  return new Date(dump.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5"));
}

/** What a manifest's name tells; undefined when it is no manifest's. */
export function dumpOf(name: string): { kind: DumpKind; dump: string } | undefined {
  const [, kind, dump] = /^manifests\/(monthly|weekly|daily)\/(\d{8}T\d{6}Z)\.json$/.exec(name) ?? [];
  return kind && dump ? { kind: kind as DumpKind, dump } : undefined;
}

function padded(number: number): string {
  return String(number).padStart(6, "0");
}
