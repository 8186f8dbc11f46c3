import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { type MockInputs, outputsOf } from "./mock-outputs.ts";

/** A resource as the engine was asked for it. */
export interface Registered {
  type: string;
  /** Logical name. */
  name: string;
  /** Whether a provider makes it; false for components. */
  custom: boolean;
  /** Secrets are opened; `secrets` says which they were. */
  inputs: MockInputs;
  /** Inputs that are secret, or have a secret in them. */
  secrets: string[];
  /** Logical name of the parent. */
  parent: string | undefined;
  protect: boolean;
  retainOnDelete: boolean;
  /** Inputs of which a change makes a new one, besides those of which the cloud says so. */
  replaceOnChanges: string[];
  /** Whether the old one goes before the new one comes. */
  deleteBeforeReplace: boolean;
  /** Logical names of all that has to stand before it: what it names in dependsOn, and whose outputs it takes. */
  dependencies: string[];
  /** Logical names of the resources that each input takes its value from. */
  takenFrom: Record<string, string[]>;
}

/** What lies outside the program: other stacks, and the functions of providers. */
export interface Surroundings {
  /** Outputs of other stacks by full name; the read of another one fails. */
  stacks?: Record<string, { outputs: MockInputs; secretOutputNames?: string[] }>;
  /** Answers of provider functions by token; the call of another one fails. */
  functions?: Record<string, MockInputs>;
  /** Whether nothing is to be made. @default false */
  preview?: boolean;
}

/** All that a program registered. */
export class Registrations {
  readonly all: readonly Registered[];
  /** Full names of the stacks that were read. */
  readonly stacksRead: readonly string[];

  constructor(all: Registered[], stacksRead: string[]) {
    this.all = all;
    this.stacksRead = stacksRead;
  }

  /** Logical names of everything that a provider makes, in alphabetical order. */
  get names(): string[] {
    return this.customs.map(({ name }) => name).sort();
  }

  /** Everything that a provider makes; not the components. */
  get customs(): Registered[] {
    return this.all.filter(({ custom }) => custom);
  }

  ofType(type: string): Registered[] {
    return this.all.filter((resource) => resource.type === type);
  }

  /** The one resource of a name. @throws Error that lists what there is */
  named(name: string): Registered {
    const found = this.customs.filter((resource) => resource.name === name);
    if (found.length === 1 && found[0]) return found[0];
    throw new Error(`expected one resource named ${name}, found ${found.length}; there are ${this.names.join(", ")}`);
  }
}

/** The monitor's methods that say what a program wants; the mocks only tell a part of it. */
interface MockMonitor {
  registerResource(request: RegisterResourceRequest, callback: (error: unknown, response: unknown) => void): void;
}

/**
 * Runs a program against mocks until everything is registered.
 *
 * @returns what it registered, and what it returned
 * @throws whatever the engine would have stopped with, also when it happened inside an output
 */
export async function deploy<T>(
  program: () => T | Promise<T>,
  { stacks = {}, functions = {}, preview = false }: Surroundings = {},
): Promise<{ resources: Registrations; result: T }> {
  const registered: Registered[] = [];
  const stacksRead: string[] = [];

  const mocks: pulumi.runtime.Mocks = {
    newResource({ type, name, inputs, id, custom }) {
      if (!custom) return { id: undefined, state: inputs };
      if (type !== "pulumi:pulumi:StackReference") return outputsOf(type, name, inputs);
      const stack = stacks[id ?? ""];
      if (!stack) throw new Error(`unexpected read of stack ${id}; there are ${Object.keys(stacks).join(", ")}`);
      stacksRead.push(String(id));
      return { id, state: { name: id, secretOutputNames: [], ...stack } };
    },
    call({ token }) {
      const answer = functions[token];
      if (!answer)
        throw new Error(`unexpected call of ${token}; expected ${Object.keys(functions).join(", ") || "none"}`);
      return answer;
    },
  };
  await pulumi.runtime.setMocks(mocks, "multicloud-dr", "test", preview, "organization");

  const monitor = pulumi.runtime.getMonitor() as unknown as MockMonitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    registered.push(readRequest(request));
    register(request, callback);
  };

  const result = await failingLoudly(async () => {
    const returned = await program();
    await pulumi.runtime.disconnect();
    return returned;
  });
  return { resources: new Registrations(registered, stacksRead), result };
}

/** The value of an input or output, with all that is nested in it. */
export function settled<T>(input: T): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(input).apply((value) => resolve(value as pulumi.Unwrap<T>));
  });
}

/**
 * Pulumi lets an error inside an output go unhandled, on which its host stops the program. Here it is what
 * the deployment fails with.
 */
async function failingLoudly<T>(run: () => Promise<T>): Promise<T> {
  const errors: unknown[] = [];
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error) => errors.push(error));
  try {
    const result = await run();
    // Node reports unhandled rejections once the promises are done, before the next turn of the event loop.
    await new Promise(setImmediate);
    if (errors.length > 0) throw errors[0];
    return result;
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
}

function readRequest(request: RegisterResourceRequest): Registered {
  const inputs = pulumi.runtime.deserializeProperties(request.getObject() as never) as MockInputs;
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([key, value]) => [key, pulumi.runtime.unwrapRpcSecret(value)]),
    ),
    secrets: Object.keys(inputs).filter((key) => pulumi.runtime.isRpcSecret(inputs[key])),
    parent: nameIn(request.getParent()),
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    replaceOnChanges: request.getReplaceonchangesList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    dependencies: request.getDependenciesList().map((urn) => String(nameIn(urn))),
    takenFrom: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([input, sources]) => [
        input,
        sources.getUrnsList().map((urn) => String(nameIn(urn))),
      ]),
    ),
  };
}

/** The logical name in a URN; undefined when there is no URN. */
function nameIn(urn: string): string | undefined {
  return urn === "" ? undefined : urn.split("::").at(-1);
}
