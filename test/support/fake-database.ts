import { setTimeout as delay } from "node:timers/promises";
import type { Login } from "../../lambdas/database/connection.ts";
import type { LoadProof } from "../../lambdas/database/ledger.ts";
import type { Promoted } from "../../lambdas/database/promote.ts";
import type { AccountsWork, DatabaseWork, LoadWork, PromoteWork } from "../../lambdas/standby/database-work.ts";
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
