/** What `deploy` makes of each workload, by the workload's name; the name is among the outputs, for other stacks. */
export function perWorkload<S extends { workload: string }, T extends object>(
  workloads: S[],
  deploy: (settings: S) => T,
): Record<string, T & { workload: string }> {
  return Object.fromEntries(
    workloads.map((settings) => [settings.workload, { workload: settings.workload, ...deploy(settings) }]),
  );
}
