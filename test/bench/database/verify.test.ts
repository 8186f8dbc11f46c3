import { expect } from "chai";
import { expectEqual, type Fingerprint } from "../../../bench/database/verify.ts";

const SOURCE: Fingerprint = {
  goods: { create: "CREATE TABLE `goods` (…)", checksum: "17" },
  orders: { create: "CREATE TABLE `orders` (…)", checksum: "42" },
};

describe("the comparison of a copy with its source", () => {
  it("has nothing to say of a copy that is like it", () => {
    expectEqual("ours", SOURCE, structuredClone(SOURCE));
  });

  const changes: Record<string, [Fingerprint, string]> = {
    "a table that is missing": [{ goods: SOURCE.goods as never }, "shop.orders is missing"],
    "a table too many": [{ ...SOURCE, more: { create: "", checksum: "0" } }, "shop.more is not of the source"],
    "other rows": [{ ...SOURCE, goods: { create: "CREATE TABLE `goods` (…)", checksum: "18" } }, "has other rows"],
    "a table without its keys": [
      { ...SOURCE, goods: { create: "CREATE TABLE `goods` ()", checksum: "17" } },
      "shop.goods is made otherwise",
    ],
  };
  for (const [what, [copy, complaint]] of Object.entries(changes)) {
    it(`finds ${what}, and says who made it`, () => {
      expect(() => expectEqual("myloader", SOURCE, copy))
        .to.throw(complaint)
        .with.property("message")
        .includes("myloader");
    });
  }
});
