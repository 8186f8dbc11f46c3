import type { Properties } from "./codec.ts";

/** An input that the cloud would refuse: which, and the documented rule that it breaks. */
export interface Refusal {
  property: string;
  reason: string;
}

/** What the engine knows of a resource. */
export interface State {
  id: string;
  /** Inputs and computed outputs together. */
  properties: Properties;
}

/** What a check may look at besides the inputs. */
export interface CheckContext<Cloud> {
  cloud: Cloud;
  /** The inputs of the resource as it stands; undefined when it is new. */
  former: Properties | undefined;
  /** Inputs that are given but not known yet; what is missing besides these is not given at all. */
  unknown: ReadonlySet<string>;
}

/**
 * How one type of resource becomes real in a local cloud.
 *
 * The properties are those of the Pulumi type, inputs and outputs; ids and ARNs have the real form, since
 * other parts parse them.
 */
export interface Actuator<Cloud> {
  /**
   * The input that names the resource in the cloud, where the provider makes a name up when none is given.
   * `make` turns the resource's logical name and some random hex digits into one.
   */
  autoname?: { property: string; make(logicalName: string, hex: string): string };
  /** Inputs that can't change in place: a change makes a new resource. */
  replaceOn?: readonly string[];
  /** Whether the old one must go first when it is replaced, because both can't stand side by side. */
  deleteBeforeReplace?: boolean;
  /** Everything that the cloud would refuse about the inputs. Unknown values are left out before it is called. */
  check?(inputs: Properties, context: CheckContext<Cloud>): Refusal[] | Promise<Refusal[]>;
  create(inputs: Properties, cloud: Cloud): Promise<State>;
  /** The resource as it is now; undefined when it is gone. Returns computed outputs and what has drifted. */
  read(state: State, cloud: Cloud): Promise<Properties | undefined>;
  /** Brings the resource to new inputs; without it every change is a replacement. Returns computed outputs. */
  update?(state: State, inputs: Properties, cloud: Cloud): Promise<Properties>;
  /** Removes the resource; one that is gone already is no error. */
  delete(state: State, cloud: Cloud): Promise<void>;
}

/** The actuators of a cloud by Pulumi type token. A type that is not here is only recorded. */
export type Registry<Cloud> = ReadonlyMap<string, Actuator<Cloud>>;
