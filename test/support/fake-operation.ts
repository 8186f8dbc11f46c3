import type { ContainerClient } from "@azure/storage-blob";
import type { StandbyPlan } from "../../components/standby/standby-plan.ts";
import type { SeenState } from "../../operations/database/control.ts";
import type { Operation } from "../../operations/operation.ts";
import type { Outputs } from "../../operations/outputs.ts";
import type { StepWatch } from "../../operations/runbook/runbook.ts";
import { type Deployed, drOutputs, prodOutputs } from "../operations/sites-outputs.ts";

/** The stacks of one workload, as a step sees them, without any cloud; it writes down what is done to them. */
export class FakeOperation {
  readonly by = "ann@desk";
  why = "RDS is down";
  readonly workload = "shop";
  readonly folder = "/nowhere";
  readonly facts: Record<string, unknown> = {};
  /** @example ["set dr handBack=move", "up dr"] */
  readonly done: string[] = [];
  readonly dr: Outputs;
  /** Where a test needs one. */
  container: ContainerClient | undefined;
  prod = prodOutputs({ region: "eu-west-1", contentBucketName: "shop-content" });
  /** What stack link says of itself. */
  link: Record<string, unknown> = {};
  /** What the next ups fail with; the others succeed. */
  failures: Error[] = [];
  /** Called at each up. */
  onUp: (stack: string) => void = () => {};
  /** What the controller says at each look, the last for ever. */
  states: SeenState[] = [];

  /** What previews find: of the program, and of the cloud. */
  changes: { program: Record<string, number>; cloud: Record<string, number> } = { program: {}, cloud: {} };

  constructor(deployed: Deployed = {}) {
    this.dr = drOutputs(deployed);
  }

  get plan(): StandbyPlan {
    return this.dr.values.plan as StandbyPlan;
  }

  get control() {
    return {
      state: async () => {
        const [state] = this.states.length > 1 ? this.states.splice(0, 1) : this.states;
        if (!state) throw new Error("the controller was not to be asked");
        return state;
      },
    };
  }

  async set(stack: string, values: Record<string, string>): Promise<void> {
    const told = Object.entries(values).map(([key, value]) => `${key}=${value}`);
    this.done.push(`set ${stack} ${told.join(" ")}`);
  }

  async up(stack: string): Promise<string> {
    this.done.push(`up ${stack}`);
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.onUp(stack);
    return "2 create";
  }

  async stack(name: string) {
    const { program, cloud } = this.changes;
    return {
      name,
      preview: async () => ({ changeSummary: program }),
      previewRefresh: async () => ({ changeSummary: cloud }),
    };
  }

  async read(stack: string): Promise<Outputs> {
    return stack === "link" ? { ...this.prod, stack, values: this.link } : this.prod;
  }

  /** As steps take it. */
  get real(): Operation {
    return this as unknown as Operation;
  }
}

/** A watch that keeps what is reported. @param onReport called at each report */
export function watching(onReport: (line: string) => void = () => {}) {
  const said: string[] = [];
  const interruption = new AbortController();
  const report = (line: string) => {
    said.push(line);
    onReport(line);
  };
  return { said, interruption, watch: { report, signal: interruption.signal } satisfies StepWatch };
}

/** What the controller says, of which only what matters is given. */
export function seenState(more: Partial<SeenState> = {}): SeenState {
  return { status: "settled", detail: "plan and reality agree", at: "14:00", setAside: [], ...more };
}
