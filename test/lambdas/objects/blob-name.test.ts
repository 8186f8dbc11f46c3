import { expect } from "chai";
import { blobNameProblem } from "../../../lambdas/objects/blob-name.ts";

describe("a key as the name of a blob", () => {
  for (const key of ["a.txt", "a/b/c", ".hidden", "a/.hidden/b", "a ", "%5c", "a//b", "a/", "...a"]) {
    it(`may be ${JSON.stringify(key)}`, () => {
      expect(blobNameProblem(key)).to.equal(undefined);
    });
  }

  for (const key of ["a\\b", "\\"]) {
    it(`is not ${JSON.stringify(key)}: Azure turns the backslash into a slash`, () => {
      expect(blobNameProblem(key)).to.equal(
        "Azure cannot hold a blob of this name, it has a backslash; rename the object",
      );
    });
  }

  for (const key of ["a.", "a./b", "..", ".", "a/../b", "a/b..."]) {
    it(`is not ${JSON.stringify(key)}: Azure drops the dot at the end of a path segment`, () => {
      expect(blobNameProblem(key)).to.equal(
        "Azure cannot hold a blob of this name, it has a path segment that ends with a dot; rename the object",
      );
    });
  }
});
