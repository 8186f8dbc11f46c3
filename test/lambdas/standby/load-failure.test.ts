import { expect } from "chai";
import { LoadError } from "../../../lambdas/database/load-error.ts";
import { isDumpsFault } from "../../../lambdas/standby/load-failure.ts";

const coded = (code: string) => Object.assign(new Error(code), { code });

describe("a load that failed", () => {
  const table: [what: string, error: unknown, dumps: boolean][] = [
    ["a corrupt chunk", new LoadError("chunk 3", { permanent: true }), true],
    ["another load that goes first", new LoadError("wait", { permanent: false }), false],
    ["a table that is full", coded("ER_RECORD_FILE_FULL"), true],
    ["a disk that is full, deep inside", new Error("chunk 3", { cause: coded("ER_DISK_FULL") }), true],
    ["a server that is read-only since", coded("ER_OPTION_PREVENTS_STATEMENT"), true],
    ["a connection that was cut", coded("ECONNRESET"), false],
    ["no error at all", "odd", false],
  ];
  for (const [what, error, dumps] of table) {
    it(`is ${dumps ? "" : "not "}its dump's fault when it is ${what}`, () => {
      expect(isDumpsFault(error)).to.equal(dumps);
    });
  }
});
