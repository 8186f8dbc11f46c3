/** Namespace of all metrics of this project. */
export const NAMESPACE = "multicloud-dr";

/** CloudWatch's own words for what a number counts. */
export type Unit = "Count" | "Bytes" | "Milliseconds";

/** The most values of one metric in one line ("Embedded metric format specification"). */
const MOST_VALUES = 100;

/** Numbers of one invocation, written as one line of log that CloudWatch makes metrics of. */
export class Metrics {
  readonly #values = new Map<string, { unit: Unit; values: number[] }>();

  /** Notes one value of a metric. */
  add(name: string, value: number, unit: Unit): void {
    const metric = this.#values.get(name) ?? { unit, values: [] };
    metric.values.push(value);
    this.#values.set(name, metric);
  }

  /** Writes what was noted, if anything was. @param dimensions what the metrics are of */
  flush(
    dimensions: Record<string, string>,
    write: (line: string) => void = (line) => process.stdout.write(line),
  ): void {
    if (this.#values.size === 0) return;
    const metrics = [...this.#values];
    const longest = Math.max(...metrics.map(([, { values }]) => values.length));
    for (let from = 0; from < longest; from += MOST_VALUES) {
      const here = metrics
        .map(([name, { unit, values }]) => ({ name, unit, values: values.slice(from, from + MOST_VALUES) }))
        .filter(({ values }) => values.length > 0);
      const line = {
        _aws: {
          Timestamp: Date.now(),
          CloudWatchMetrics: [
            {
              Namespace: NAMESPACE,
              Dimensions: [Object.keys(dimensions)],
              Metrics: here.map(({ name, unit }) => ({ Name: name, Unit: unit })),
            },
          ],
        },
        ...dimensions,
        ...Object.fromEntries(here.map(({ name, values }) => [name, values])),
      };
      write(`${JSON.stringify(line)}\n`);
    }
    this.#values.clear();
  }
}
