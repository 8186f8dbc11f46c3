import { expect } from "chai";
import { closureOf, wayText, wayTo } from "../../../../policy/audit/graph/closure.ts";
import { Graph } from "../../../../policy/audit/graph/model.ts";

function graphOf(...edges: [from: string, to: string, others?: number][]): Graph {
  const graph = new Graph();
  for (const [from, to, others] of edges) graph.connect(from, to, "becomes", others);
  return graph;
}
const reachedBy = (graph: Graph, ...people: string[]) => [...closureOf(graph, people).reached.keys()].sort();

describe("whom people can become", () => {
  it("goes on from one to the next, and through rings once", () => {
    expect(reachedBy(graphOf(["a", "b"], ["b", "c"], ["c", "a"], ["d", "a"]), "a")).to.deep.equal(["a", "b", "c"]);
  });

  it("asks for as many as have to agree", () => {
    const graph = graphOf(["a", "b", 1], ["a", "c", 2]);
    expect(reachedBy(graph, "a")).to.deep.equal(["a"]);
    expect(reachedBy(graph, "a", "x")).to.deep.equal(["a", "b", "x"]);
    expect(reachedBy(graph, "a", "x", "y")).to.deep.equal(["a", "b", "c", "x", "y"]);
  });

  it("takes the shortest way, and tells it", () => {
    const graph = graphOf(["a", "b"], ["b", "c"], ["c", "d"], ["a", "x"], ["x", "d"]);
    const way = wayTo(closureOf(graph, ["a"]), "d");
    expect(way.map(({ to }) => to)).to.deep.equal(["x", "d"]);
    expect(wayText("a", way)).to.equal("a becomes x, which becomes d");
  });
});
