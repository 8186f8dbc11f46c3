import { nextStep, type Reality, type SeenData, type Step } from "../../lambdas/standby/next-step.ts";
import type { PlanDocument } from "../../lambdas/standby/plan-document.ts";

/** What becomes of a state of Azure's by itself. */
const SETTLED: Record<string, string> = { Starting: "Ready", Stopping: "Stopped", Updating: "Ready" };

/** The standby as the controller finds it: what was asked of Azure is under way at the next look, and done after it. */
export class MockStandby {
  reality: Reality;
  /** Whether users have written what counts since the copy that serves was loaded. */
  written = false;

  constructor(reality: Reality) {
    this.reality = reality;
  }

  /**
   * One run of the controller, and a while. Returns what it did.
   *
   * @param cut where a load does not come to its end: before its copy takes its place, or after that
   * @throws Error when a load takes the place of what counts, and nobody allowed that
   */
  step(plan: PlanDocument, cut?: "before" | "after"): string | undefined {
    const step = nextStep(plan, this.reality);
    const { state = "Ready" } = this.reality.server ?? {};
    if (step.kind === "start") this.#become("Starting");
    else if (step.kind === "stop") this.#become("Stopping");
    else this.#become(SETTLED[state] ?? state);
    if (step.kind === "load" && cut !== "before" && !this.reality.data?.begun?.swapping) this.#exchange(step.dump);
    const data = this.#dataAfter(step, plan, cut);
    if (data) this.reality = { ...this.reality, data };
    const serves = this.reality.data?.loaded !== undefined || this.reality.data?.begun?.swapping;
    if (state === "Ready" && serves && plan.database?.target === "promoted" && plan.database.own) this.written = true;
    if (["none", "wait", "wait-for-dump", "blocked"].includes(step.kind)) return undefined;
    return step.kind === "load" ? `load ${step.dump}` : step.kind;
  }

  /** Runs until nothing is done any longer, which must be soon. */
  run(plan: PlanDocument): string[] {
    return Array.from({ length: 16 }, () => this.step(plan)).filter((kind) => kind !== undefined);
  }

  /** Somebody starts or stops the server by hand, or Azure does after 30 days. */
  meddle(): void {
    const { state } = this.reality.server ?? {};
    if (state === "Ready") this.#become("Stopping");
    else if (state === "Stopped") this.#become("Starting");
  }

  /** A new copy takes the place of what was there. */
  #exchange(dump: string): void {
    const { request } = this.reality;
    const allowed = request?.discard && request.dump === dump;
    if (this.written && !allowed) throw new Error(`${dump} was loaded over what counts`);
    this.written = false;
  }

  #become(state: string): void {
    this.reality = { ...this.reality, server: { state, replicationRole: "None" } };
  }

  #dataAfter(step: Step, { database }: PlanDocument, cut: "before" | "after" | undefined): SeenData | undefined {
    const { replication, tenure, unpromoted, begun, ...rest } = this.reality.data ?? {};
    const { request } = this.reality;
    switch (step.kind) {
      case "load": {
        const former = begun?.dump === step.dump ? begun : undefined;
        if (cut === "before" && !former?.swapping) {
          return { ...this.reality.data, begun: { dump: step.dump, swapping: false } };
        }
        const asked = request?.dump === step.dump ? { restored: request.requestedAt } : {};
        const noted = { ...asked, ...serving(database, former?.swapping ? { tenure, unpromoted } : {}) };
        if (cut) return { ...rest, ...noted, begun: { dump: step.dump, swapping: true } };
        const { accounts: _, ...kept } = rest;
        return { ...kept, ...noted, loaded: step.dump };
      }
      case "leave":
        return { ...rest, ...(tenure && { tenure }), ...(unpromoted && { unpromoted }), ...(begun && { begun }) };
      case "follow":
        return { ...this.reality.data, replication: { state: "following" } };
      case "accounts":
        return { ...this.reality.data, accounts: step.dump };
      case "promote":
        return { ...rest, ...(begun && { begun }), tenure: step.tenure };
      default:
        return undefined;
    }
  }
}

/** Whose what is written to a copy is while it is still to be promoted. @param noted what is noted of it until then */
function serving(
  database: PlanDocument["database"],
  { tenure, unpromoted }: Pick<SeenData, "tenure" | "unpromoted">,
): Pick<SeenData, "tenure" | "unpromoted"> {
  const { target, own } = database ?? {};
  if (target === "promoted" && tenure !== "own") return { tenure: own ? "own" : "lent", unpromoted: true };
  return { ...(tenure && { tenure }), ...(unpromoted && { unpromoted }) };
}
