import { loadSettings, type StackSettings } from "./stacks/settings.ts";

/**
 * The program of all four stacks; config `role` picks the one.
 *
 * @returns the outputs of the one workload, or of each by its name where the stack file lists them
 */
export default async function program(): Promise<object> {
  const settings = loadSettings();
  // Pulumi notes a stack trace for each of its promises. With the thousands of resources of many workloads, that
  // would be most of a run; an error then tells what it says, and not where.
  if (settings.workloads.length > 1) Error.stackTraceLimit = 0;
  const outputs = await deploy(settings);
  return settings.listed ? outputs : Object.assign({}, ...Object.values(outputs));
}

/** A stack's room is loaded only when it runs, so `dr` never loads anything of AWS. */
async function deploy(settings: StackSettings): Promise<Record<string, object>> {
  switch (settings.role) {
    case "prod":
      return (await import("./stacks/prod.ts")).prod(settings.workloads);
    case "dr":
      return (await import("./stacks/dr.ts")).dr(settings.workloads);
    case "link":
      return (await import("./stacks/link.ts")).link(settings.workloads);
    case "traffic":
      return (await import("./stacks/traffic.ts")).traffic(settings.workloads);
  }
}
