import { setTimeout as delay } from "node:timers/promises";
import type { Login } from "../../lambdas/database/connection.ts";
import { once } from "../../lambdas/database/dump-portion.ts";
import { dumpNames, STANDBY_COPY } from "../../lambdas/database/layout.ts";
import type { LoadProof } from "../../lambdas/database/ledger.ts";
import type { Manifest } from "../../lambdas/database/manifest.ts";
import type { Promoted } from "../../lambdas/database/promote.ts";
import type { DumpStore } from "../../lambdas/database/store.ts";
import type {
  AccountsWork,
  CopyWork,
  DatabaseWork,
  LoadWork,
  PromoteWork,
} from "../../lambdas/standby/database-work.ts";
import type { SeenData } from "../../lambdas/standby/next-step.ts";

/** The inside of a server, as the controller works with it; a test says how that goes. */
export class FakeDatabase implements DatabaseWork {
  data: SeenData = {};
  /** What was done, in turn. */
  readonly done: string[] = [];
  /** How long each of a load's chunks takes, in milliseconds. */
  slowness = 0;
  /** Is thrown by each load, while it is set. */
  failure: Error | undefined;
  /** Phase in which loads are: they go on from there. */
  phase: "rows" | "swap" = "rows";
  /** Whom the last work was done as. */
  login: Login | undefined;
  /** What comes of a promotion. */
  promoted: Promoted = { gtid: "u:1-5", unapplied: "", events: [] };
  /** What was written since it was copied. */
  writes: string[] = [];
  /** How a copy is made. */
  copies: (work: CopyWork) => Promise<Manifest> = async ({ dump, store }) => layCopy(store, dump);
  #chunks = 0;

  async look(login: Login): Promise<{ data: SeenData; proof?: LoadProof }> {
    this.login = login;
    const { loaded, loadedAt } = this.data;
    if (loaded === undefined || loadedAt === undefined) return { data: this.data };
    return { data: this.data, proof: proofOf(loaded, loadedAt) };
  }

  async load(_login: Login, { manifest, request, tenure, signal, progress }: LoadWork): Promise<void> {
    const { dump, chunks } = manifest;
    this.done.push(`load ${dump}`);
    if (this.data.begun?.dump !== dump) this.#chunks = 0;
    this.data = { ...this.data, begun: { dump, swapping: this.phase === "swap" } };
    for (; this.#chunks < chunks.length; this.#chunks++) {
      progress({ phase: this.phase, done: this.#chunks, of: chunks.length });
      await delay(this.slowness, undefined, { signal });
      if (this.failure) throw this.failure;
    }
    const loadedAt = new Date().toISOString();
    this.data = {
      ...{ loaded: dump, loadedAt },
      ...(request !== undefined && { restored: request }),
      ...(tenure && { tenure, unpromoted: true }),
    };
  }

  async follow(_login: Login, { host }: Login): Promise<void> {
    this.done.push(`follow ${host}`);
    if (this.data.replication?.state !== "broken") this.#replicate("following");
  }

  async accounts(_login: Login, { manifest }: AccountsWork): Promise<void> {
    this.done.push(`accounts ${manifest.dump}`);
    if (this.failure) throw this.failure;
    this.data = { ...this.data, accounts: manifest.dump };
  }

  async leave(): Promise<void> {
    this.done.push("leave");
    this.#replicate(undefined);
  }

  async promote(_login: Login, { source, tenure, givenUp }: PromoteWork): Promise<Promoted> {
    const lost = givenUp ? `, ${givenUp} given up` : "";
    this.done.push(`promote ${tenure}${source ? `, ${source.host} locked out` : ""}${lost}`);
    this.#replicate(undefined);
    const { unpromoted: _, ...rest } = this.data;
    this.data = { ...rest, tenure };
    return this.promoted;
  }

  async pause(_login: Login, dump: string): Promise<void> {
    this.done.push("pause");
    this.writes = [];
    const { open: _, ...rest } = this.data;
    this.data = { ...rest, paused: dump };
  }

  async copy(_login: Login, work: CopyWork): Promise<Manifest> {
    this.done.push("copy");
    return this.copies(work);
  }

  async forgetCopy(): Promise<void> {
    const { paused: _, ...rest } = this.data;
    this.data = rest;
  }

  async written(): Promise<string[]> {
    return this.writes;
  }

  async resume(): Promise<void> {
    this.done.push("resume");
    await this.forgetCopy();
  }

  async release(_login: Login, released: string): Promise<void> {
    this.done.push("release");
    const { paused: _, tenure: __, ...rest } = this.data;
    this.data = { ...rest, released };
  }

  #replicate(state: "following" | undefined): void {
    const { replication: _, ...rest } = this.data;
    this.data = { ...rest, ...(state && { replication: { state, lagSeconds: 1 } }) };
  }
}

function proofOf(dump: string, loadedAt: string): LoadProof {
  return {
    ...{ dump, kind: "daily", gtid: "u:1-5", schemas: ["shop"], accounts: [], rows: 3, bytes: 30, chunks: 2 },
    ...{ differences: [], beganAt: loadedAt, loadedAt },
  };
}

/** Lays a copy of a server without rows, all of it. */
async function layCopy(store: DumpStore, dump: string): Promise<Manifest> {
  const { signal } = new AbortController();
  const names = dumpNames(STANDBY_COPY, dump);
  const size = await store.write(names.definitions, once("definitions"), signal);
  const manifest: Manifest = {
    version: 1,
    ...{ dump, kind: STANDBY_COPY, startedAt: "2026-11-22T10:00:00Z", sealedAt: "2026-11-22T10:05:00Z" },
    frozen: { gtid: "s:1-9", server: "s", version: "8.4.7" },
    definitions: { size, sha256: "0".repeat(64) },
    ...{ schemas: ["shop"], rows: 0, bytes: 0, size: 0, chunks: [], obstacles: [] },
    own: { log: { file: "binlog.000001", position: 4 }, ofPrimary: "u:1-5" },
  };
  await store.write(names.manifest, once(JSON.stringify(manifest)), signal);
  return manifest;
}
