import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { renderLines } from "../../../operations/preflight/render.ts";
import { fail, ok, skip, warn } from "../../../operations/preflight/verdict.ts";

describe("what preflight prints", () => {
  it("is a line for each check, and under it what mends it", () => {
    const lines = [
      { id: "engine", title: "the engine is installed", ...ok("pulumi 3.259.0") },
      { id: "dump", title: "a dump", ...warn("20261121T021500Z; 1 newer can't be loaded", "see the list") },
      { id: "image", title: "an image", ...skip("not looked at: needs that somebody is signed in") },
      { id: "quota", title: "all servers", ...fail("none is free", "ask for more") },
    ];
    expect(stripVTControlCharacters(renderLines(lines)).split("\n")).to.deep.equal([
      "  ok    the engine is installed  pulumi 3.259.0",
      "  warn  a dump                   20261121T021500Z; 1 newer can't be loaded",
      "        mend: see the list",
      "    ?   an image                 not looked at: needs that somebody is signed in",
      "  FAIL  all servers              none is free",
      "        mend: ask for more",
    ]);
  });
});
