import { isDeepStrictEqual } from "node:util";
import type { Actuator, Refusal, Registry, State } from "./actuator.ts";
import { hasUnknown, type Properties } from "./codec.ts";
import { recordedOutputs } from "./recorded.ts";

/** A function of the provider, such as `aws:index/getRegion:getRegion`. */
export type Invoke = (args: Properties) => Promise<Properties>;

export interface CheckArgs {
  urn: string;
  token: string;
  /** Logical name of the resource. */
  name: string;
  former: Properties | undefined;
  inputs: Properties;
  /** Hex digits for made-up names. */
  seed: string;
}

export interface DiffArgs {
  token: string;
  /** Logical name of the resource. */
  name: string;
  former: Properties;
  inputs: Properties;
  /** Inputs whose changes don't count. */
  ignored: string[];
}

export interface Diff {
  changed: string[];
  replaced: string[];
  deleteBeforeReplace: boolean;
}

/** One cloud's provider under one configuration: actuates what the registry has, records the rest. */
export class LocalProvider {
  readonly #registry: Registry<unknown>;
  readonly #cloud: unknown;
  readonly #invokes: Readonly<Record<string, Invoke>>;
  /** The inputs that each resource was checked against, by URN. */
  readonly #former = new Map<string, Properties>();
  readonly #identify: (token: string, name: string) => { id: string; arn: string };

  /**
   * @param registry actuators by type token
   * @param cloud what the actuators act on
   * @param invokes functions by token
   * @param identify id and ARN of the real form for a resource that is only recorded
   */
  constructor(args: {
    registry: Registry<never>;
    cloud: unknown;
    invokes: Readonly<Record<string, Invoke>>;
    identify(token: string, name: string): { id: string; arn: string };
  }) {
    this.#registry = args.registry as Registry<unknown>;
    this.#cloud = args.cloud;
    this.#invokes = args.invokes;
    this.#identify = args.identify;
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    const invoke = this.#invokes[token];
    if (!invoke)
      throw new Error(`the local cloud has no function ${token}; it has ${Object.keys(this.#invokes).join(", ")}`);
    return invoke(args);
  }

  async check({
    urn,
    token,
    name,
    former,
    inputs,
    seed,
  }: CheckArgs): Promise<{ inputs: Properties; refusals: Refusal[] }> {
    const actuator = this.#registry.get(token);
    if (!actuator) return { inputs, refusals: [] };
    const named = { ...inputs };
    if (actuator.autoname && inputs[actuator.autoname.property] === undefined) {
      const { property, make } = actuator.autoname;
      named[property] = former?.[property] ?? make(name, seed);
    }
    // What is replaced is checked twice, the second time as if it were new; but its old self still stands.
    if (former) this.#former.set(urn, former);
    const unknown = new Set(Object.keys(named).filter((key) => hasUnknown(named[key])));
    const known = Object.fromEntries(Object.entries(named).filter(([key]) => !unknown.has(key)));
    const context = { cloud: this.#cloud, former: this.#former.get(urn), unknown };
    const refusals = (await actuator.check?.(known, context)) ?? [];
    return { inputs: named, refusals };
  }

  diff({ token, name, former, inputs, ignored }: DiffArgs): Diff {
    const actuator = this.#registry.get(token);
    const changed = [...new Set([...Object.keys(former), ...Object.keys(inputs)])].filter(
      (key) => !ignored.includes(key) && !isDeepStrictEqual(former[key], inputs[key]),
    );
    const replaced = changed.filter((key) => actuator && (!actuator.update || actuator.replaceOn?.includes(key)));
    const property = actuator?.autoname?.property;
    // A name that somebody chose and that stays cannot be carried by two at once; a made-up one is made up anew.
    const keepsName =
      property !== undefined &&
      !changed.includes(property) &&
      former[property] !== undefined &&
      !isMadeUp(actuator?.autoname, name, former[property]);
    return { changed, replaced, deleteBeforeReplace: actuator?.deleteBeforeReplace ?? keepsName };
  }

  async create(token: string, inputs: Properties): Promise<State> {
    const actuator = this.#registry.get(token);
    if (actuator) {
      const { id, properties } = await actuator.create(inputs, this.#cloud);
      return { id, properties: { ...inputs, ...properties } };
    }
    const name = String(inputs.name ?? `${token.slice(token.lastIndexOf(":") + 1)}-${crypto.randomUUID().slice(0, 8)}`);
    const identity = this.#identify(token, name);
    return { id: identity.id, properties: { ...inputs, ...recordedOutputs(token, inputs, identity) } };
  }

  async read(
    token: string,
    state: State,
    inputs: Properties,
  ): Promise<{ properties: Properties; inputs: Properties } | undefined> {
    const actuator = this.#registry.get(token);
    if (!actuator) return { properties: state.properties, inputs };
    const found = await actuator.read(state, this.#cloud);
    if (!found) return undefined;
    // What the cloud says of an input replaces what the program said: that is drift.
    const drifted = Object.fromEntries(Object.entries(found).filter(([key]) => key in inputs));
    return { properties: { ...state.properties, ...found }, inputs: { ...inputs, ...drifted } };
  }

  async update(token: string, state: State, former: Properties, inputs: Properties): Promise<Properties> {
    const actuator = this.#registry.get(token);
    const computed = Object.fromEntries(Object.entries(state.properties).filter(([key]) => !(key in former)));
    if (!actuator) {
      const identity = { id: state.id, arn: String(state.properties.arn ?? state.id) };
      const { tagsAll } = recordedOutputs(token, inputs, identity);
      return { ...recordedOutputs(token, inputs, identity), ...computed, ...(tagsAll ? { tagsAll } : {}), ...inputs };
    }
    const outputs = (await actuator.update?.(state, inputs, this.#cloud)) ?? {};
    return { ...computed, ...inputs, ...outputs };
  }

  async delete(token: string, state: State): Promise<void> {
    await this.#registry.get(token)?.delete(state, this.#cloud);
  }
}

/** Whether a name has the form of those that are made up for the resource. */
function isMadeUp(autoname: Actuator<unknown>["autoname"], logicalName: string, name: unknown): boolean {
  // Two that differ in every digit show which part of such a name is digits.
  const [zeros = "", ones = ""] = ["0", "1"].map((digit) => autoname?.make(logicalName, digit.repeat(64)));
  const given = String(name);
  return (
    given.length === zeros.length &&
    [...given].every((character, i) => (zeros[i] === ones[i] ? character === zeros[i] : /[0-9a-f]/.test(character)))
  );
}
