import { nextStep, type Reality, type SeenData, type Step } from "../../lambdas/standby/next-step.ts";
import type { PlanDocument } from "../../lambdas/standby/plan-document.ts";

/** What becomes of a state of Azure's by itself. */
const SETTLED: Record<string, string> = { Starting: "Ready", Stopping: "Stopped", Updating: "Ready" };

/** The standby as the controller finds it: what was asked of Azure is under way at the next look, and done after it. */
export class MockStandby {
  reality: Reality;

  constructor(reality: Reality) {
    this.reality = reality;
  }

  /** One run of the controller, and a while. Returns what it did. @param cut whether a load does not come to its end */
  step(plan: PlanDocument, cut = false): string | undefined {
    const step = nextStep(plan, this.reality);
    const { state = "Ready" } = this.reality.server ?? {};
    if (step.kind === "start") this.#become("Starting");
    else if (step.kind === "stop") this.#become("Stopping");
    else this.#become(SETTLED[state] ?? state);
    const data = this.#dataAfter(step, cut);
    if (data) this.reality = { ...this.reality, data };
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

  #become(state: string): void {
    this.reality = { ...this.reality, server: { state, replicationRole: "None" } };
  }

  #dataAfter(step: Step, cut: boolean): SeenData | undefined {
    const { replication, tenure, begun, ...rest } = this.reality.data ?? {};
    const { request } = this.reality;
    switch (step.kind) {
      case "load": {
        const asked = request?.dump === step.dump ? { restored: request.requestedAt } : {};
        if (!cut) return { ...rest, loaded: step.dump, ...asked };
        return { ...this.reality.data, begun: begun ?? { dump: step.dump, swapping: false } };
      }
      case "leave":
        return { ...rest, ...(tenure && { tenure }), ...(begun && { begun }) };
      case "follow":
        return { ...this.reality.data, replication: { state: "following" } };
      case "promote":
        return { ...rest, ...(begun && { begun }), tenure: step.tenure };
      default:
        return undefined;
    }
  }
}
