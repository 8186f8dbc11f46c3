import { expect } from "chai";
import { OrderRecord } from "../../../rehearsal/orders/record.ts";
import { confirmed, failed } from "../../support/orders.ts";

describe("the record of what users did and saw", () => {
  it("has everything in the order in which it was told, and counts the orders that were confirmed", () => {
    const record = new OrderRecord();
    const tries = [failed("a", 1), confirmed("a", 2), { ...confirmed("", 3), asked: "health" } as const];
    for (const each of tries) record.tried(each);
    expect(record.tries).to.deep.equal(tries);
    expect(record.confirmed).to.equal(1);
  });

  it("has the time of its clock", () => {
    expect(new OrderRecord(() => 42).now()).to.equal(42);
  });
});
