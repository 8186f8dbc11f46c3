import type { Deployment } from "@pulumi/pulumi/automation/index.js";
import { AWS_ACTUATORS } from "./aws/actuators/index.ts";
import { AZURE_ACTUATORS } from "./azure/actuators/index.ts";
import { RANDOM_ACTUATORS } from "./random/actuators.ts";

/** A resource of a stack, and whether the local cloud made it real or only keeps it in the state. */
export interface Resource {
  stack: string;
  name: string;
  type: string;
  actuated: boolean;
}

/** The part of the engine's state that the census reads. */
interface ResourceState {
  urn: string;
  type: string;
  custom: boolean;
  external?: boolean;
}

const ACTUATED = new Set<string>([...AWS_ACTUATORS.keys(), ...AZURE_ACTUATORS.keys(), ...RANDOM_ACTUATORS.keys()]);

/** Every resource of a cloud in a stack's exported state; components and the engine's own are none. */
export function takeCensus(stack: string, { deployment }: Deployment): Resource[] {
  const resources: ResourceState[] = deployment?.resources ?? [];
  return resources
    .filter(({ type, custom, external }) => custom && !external && !type.startsWith("pulumi:"))
    .map(({ urn, type }) => ({
      stack,
      name: urn.split("::").slice(3).join("::"),
      type,
      actuated: ACTUATED.has(type),
    }));
}
