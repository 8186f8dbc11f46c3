import { expect } from "chai";
import { UNKNOWN } from "../../../policy/audit/resources.ts";
import { atLeast, demanded, holdsUnknown, judged, never, oneOf } from "../../../policy/kit/demand.ts";
import type { Resource } from "../../../policy/kit/resource.ts";

const resource = (props: Record<string, unknown>): Resource => ({
  ...{ stack: "", urn: "urn:x", type: "t", name: "x", within: [], protect: false, takenFrom: {} },
  props,
});

describe("a demand", () => {
  it("says what was found and what to write", () => {
    const [none] = judged(resource({}), oneOf("a.b", true));
    expect(none).to.deep.equal({ kind: "wrong", urn: "urn:x", message: "x has no a.b; write a.b: true" });
    const [other] = judged(resource({ a: { b: "old" } }), oneOf("a.b", "new", "newer"));
    expect(other?.message).to.equal('x has a.b: "old"; write a.b: "new" or "newer"');
  });

  it("takes what an engine hands over as text", () => {
    expect(judged(resource({ on: "true", days: "7" }), oneOf("on", true))).to.be.empty;
    expect(judged(resource({ days: "7" }), atLeast("days", 7))).to.be.empty;
    expect(judged(resource({ open: "true" }), never("open", true, "open: false"))).to.have.length(1);
  });

  it("takes absence only where that will do", () => {
    expect(judged(resource({}), never("open", true, "open: false"))).to.be.empty;
    expect(judged(resource({}), atLeast("days", 7))).to.have.length(1);
  });

  it("is not judged by what nobody knows", () => {
    expect(judged(resource({ on: UNKNOWN }), oneOf("on", true))).to.deep.equal([
      { kind: "unknown", urn: "urn:x", message: "x: on" },
    ]);
    expect(holdsUnknown({ a: [{ b: UNKNOWN }] })).to.equal(true);
    expect(holdsUnknown({ a: [{ b: null }], c: 1 })).to.equal(false);
  });

  it("is made of its type alone", () => {
    expect(demanded(resource({}), { other: [oneOf("on", true)] })).to.be.empty;
    expect(demanded(resource({}), { t: [oneOf("on", true), atLeast("days", 1)] })).to.have.length(2);
  });
});
