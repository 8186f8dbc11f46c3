import { expect } from "chai";
import { z } from "zod";
import { readDocument } from "../../../lambdas/shared/document.ts";

describe("a document that somebody else has written", () => {
  const schema = z.strictObject({ version: z.literal(2), name: z.string() });
  const expected = { schema, name: "plan.json", what: "a plan of version 2", mend: "write it anew" };

  it("is what the schema makes of it", () => {
    expect(readDocument('{"version":2,"name":"shop"}', expected)).to.deep.equal({ version: 2, name: "shop" });
  });

  it("says where it lies and what to do when it is no JSON", () => {
    expect(() => readDocument("<xml/>", expected)).to.throw(
      /^expected JSON in plan\.json, found something else \(.+\); write it anew$/,
    );
  });

  it("names everything that is wrong, what it should be, and what to do", () => {
    expect(() => readDocument('{"version":1}', expected)).to.throw(
      /^expected a plan of version 2 in plan\.json, found:\n.*version.*name.*\nwrite it anew$/s,
    );
  });
});
