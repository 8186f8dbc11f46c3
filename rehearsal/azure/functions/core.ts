/**
 * What the Functions runtime offers to `@azure/functions` under the name `@azure/functions-core`, as far as
 * timers need it (azure-functions-nodejs-worker, the module's types).
 */

/** A trigger, input or output of a function, as it was registered. */
export interface Binding {
  type: string;
  direction: string;
  schedule?: string;
  runOnStartup?: boolean;
}

export interface FunctionMetadata {
  name: string;
  bindings: Record<string, Binding>;
}

type Callback = (...args: unknown[]) => unknown;

/** How the library turns what the host knows of an invocation into arguments, and the handler's value into an answer. */
interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: Callback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<unknown>;
}

interface ProgrammingModel {
  name: string;
  version: string;
  getInvocationModel(context: object): InvocationModel;
}

/** A function whose trigger is a timer. */
export interface TimerFunction {
  name: string;
  /** NCRONTAB, with seconds. */
  schedule: string;
  runOnStartup: boolean;
}

/** When a timer was last due, and will be next. */
export interface Occurrence {
  last: Date;
  next: Date;
}

/** The functions that an app registers, and running them. */
export class FunctionsCore {
  readonly #functions = new Map<string, { metadata: FunctionMetadata; binding: string; callback: Callback }>();
  #model: ProgrammingModel | undefined;

  /** The module that the app sees. */
  readonly api = {
    version: "1.0.0",
    hostVersion: "4.1000.0",
    setProgrammingModel: (model: ProgrammingModel) => {
      this.#model = model;
    },
    getProgrammingModel: () => this.#model,
    registerFunction: (metadata: FunctionMetadata, callback: Callback) => this.#register(metadata, callback),
    log: (level: string, _category: string, message: string) => this.#log(level, message),
  };

  /** Every function that was registered. */
  timers(): TimerFunction[] {
    return [...this.#functions.values()].map(({ metadata, binding }) => {
      const { schedule = "", runOnStartup = false } = metadata.bindings[binding] ?? {};
      return { name: metadata.name, schedule, runOnStartup };
    });
  }

  /** Runs a function once, and writes down how it ended. */
  async invoke(name: string, why: string, { last, next }: Occurrence): Promise<void> {
    const found = this.#functions.get(name);
    if (!found || !this.#model) throw new Error(`there is no function ${name}`);
    const { metadata, binding, callback } = found;
    const invocationId = crypto.randomUUID();
    const timer = {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: { Last: last.toISOString(), LastUpdated: last.toISOString(), Next: next.toISOString() },
      IsPastDue: false,
    };
    const model = this.#model.getInvocationModel({
      invocationId,
      metadata,
      request: {
        invocationId,
        inputData: [{ name: binding, data: { json: JSON.stringify(timer) } }],
        triggerMetadata: {},
      },
      log: (level: string, _category: string, message: string) => this.#log(level, message),
    });
    const started = performance.now();
    const ended = (how: string) =>
      `Executed 'Functions.${name}' (${how}, Id=${invocationId}, Duration=${Math.round(performance.now() - started)}ms)`;
    this.#log("information", `Executing 'Functions.${name}' (Reason='${why}', Id=${invocationId})`);
    try {
      const { context, inputs } = await model.getArguments();
      await model.getResponse(context, await model.invokeFunction(context, inputs, callback));
      this.#log("information", ended("Succeeded"));
    } catch (error) {
      this.#log("error", `${ended("Failed")} ${(error as Error).stack ?? error}`);
    }
  }

  #register(metadata: FunctionMetadata, callback: Callback): { dispose(): void } {
    const [binding, { type }] = Object.entries(metadata.bindings).find(([, { direction }]) => direction === "in") ?? [
      "",
      { type: "nothing" },
    ];
    if (type !== "timerTrigger") {
      throw new Error(`the local Functions host has timers only; ${metadata.name} is triggered by ${type}`);
    }
    if (this.#functions.has(metadata.name)) throw new Error(`there are two functions named ${metadata.name}`);
    this.#functions.set(metadata.name, { metadata, binding, callback });
    return { dispose: () => void this.#functions.delete(metadata.name) };
  }

  #log(level: string, message: string): void {
    console.log(`${new Date().toISOString()} ${level}: ${message}`);
  }
}
