import { expect } from "chai";
import fc from "fast-check";
import { Metrics } from "../../../lambdas/shared/metrics.ts";

/** The lines that metrics make, read as CloudWatch does. */
function linesOf(metrics: Metrics, dimensions: Record<string, string> = { FunctionName: "replicator" }) {
  const lines: string[] = [];
  metrics.flush(dimensions, (line) => lines.push(line));
  return lines.map((line) => {
    expect(line, "one line").to.match(/^[^\n]+\n$/);
    return JSON.parse(line);
  });
}

describe("the metrics of an invocation", () => {
  it("are one line in CloudWatch's embedded metric format", () => {
    const metrics = new Metrics();
    metrics.add("Copied", 1, "Count");
    metrics.add("Bytes", 1000, "Bytes");
    metrics.add("Copied", 1, "Count");
    metrics.add("LagMilliseconds", 250, "Milliseconds");
    const before = Date.now();
    const [line, ...more] = linesOf(metrics);
    expect(more).to.be.empty;
    const { _aws, ...root } = line;
    expect(_aws.Timestamp).to.be.within(before, Date.now());
    expect(_aws.CloudWatchMetrics).to.deep.equal([
      {
        Namespace: "multicloud-dr",
        Dimensions: [["FunctionName"]],
        Metrics: [
          { Name: "Copied", Unit: "Count" },
          { Name: "Bytes", Unit: "Bytes" },
          { Name: "LagMilliseconds", Unit: "Milliseconds" },
        ],
      },
    ]);
    expect(root).to.deep.equal({
      FunctionName: "replicator",
      Copied: [1, 1],
      Bytes: [1000],
      LagMilliseconds: [250],
    });
  });

  it("are nothing when nothing happened", () => {
    expect(linesOf(new Metrics())).to.be.empty;
  });

  it("are written once only", () => {
    const metrics = new Metrics();
    metrics.add("Copied", 1, "Count");
    expect(linesOf(metrics)).to.have.length(1);
    expect(linesOf(metrics)).to.be.empty;
    metrics.add("Hidden", 1, "Count");
    expect(linesOf(metrics)[0]).to.have.property("Hidden").and.not.to.have.property("Copied");
  });

  it("are several lines when there are more than a hundred values of one, and no line has more", () => {
    const metrics = new Metrics();
    for (let count = 0; count < 250; count++) metrics.add("LagMilliseconds", count, "Milliseconds");
    metrics.add("Copied", 1, "Count");
    const lines = linesOf(metrics);
    expect(lines.map(({ LagMilliseconds }) => LagMilliseconds.length)).to.deep.equal([100, 100, 50]);
    expect(lines.map(({ Copied }) => Copied)).to.deep.equal([[1], undefined, undefined]);
    expect(lines[1]._aws.CloudWatchMetrics[0].Metrics, "only what the line has").to.deep.equal([
      { Name: "LagMilliseconds", Unit: "Milliseconds" },
    ]);
  });

  it("lose no value and invent none", () => {
    const value = fc.record({ name: fc.constantFrom("Copied", "Retried", "SetAside"), value: fc.nat() });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 400, size: "max" }), (all) => {
        const metrics = new Metrics();
        for (const { name, value } of all) metrics.add(name, value, "Count");
        const lines = linesOf(metrics);
        for (const name of ["Copied", "Retried", "SetAside"]) {
          const expected = all.filter((each) => each.name === name).map(({ value }) => value);
          expect(lines.flatMap((line) => line[name] ?? [])).to.deep.equal(expected);
        }
      }),
    );
  });
});
