import { expect } from "chai";
import { requireEnvironment } from "../../../lambdas/shared/environment.ts";

describe("the environment that a function cannot work without", () => {
  beforeEach(() => {
    process.env.TEST_SET = "here";
    process.env.TEST_EMPTY = "";
    delete process.env.TEST_UNSET;
  });
  after(() => {
    delete process.env.TEST_SET;
    delete process.env.TEST_EMPTY;
  });

  it("is read by name", () => {
    expect(requireEnvironment("TEST_SET")).to.deep.equal({ TEST_SET: "here" });
  });

  it("stops the function at its start when something is missing or empty, with all their names", () => {
    expect(() => requireEnvironment("TEST_UNSET", "TEST_SET", "TEST_EMPTY")).to.throw(
      "expected the environment variables TEST_UNSET, TEST_EMPTY, found nothing; the stack sets them",
    );
  });
});
