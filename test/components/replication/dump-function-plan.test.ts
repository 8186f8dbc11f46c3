import { expect } from "chai";
import { DUMP_FUNCTION, PREPARE_FUNCTION } from "../../../components/replication/dump-function-plan.ts";

describe("the plan of the functions that dump", () => {
  it("gives the one that dumps a whole processor, and all the time that Lambda has", () => {
    expect(DUMP_FUNCTION).to.deep.equal({ memoryMib: 1769, timeoutSeconds: 15 * 60 });
  });

  it("gives both the 256 MiB that their process may need, and the one that prepares no more", () => {
    expect(DUMP_FUNCTION.memoryMib).to.be.above(256);
    expect(PREPARE_FUNCTION).to.deep.equal({ memoryMib: 256, timeoutSeconds: 300 });
  });
});
