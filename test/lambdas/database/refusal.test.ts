import { expect } from "chai";
import { isRefusal, refusalOf } from "../../../lambdas/database/refusal.ts";
import { rejection } from "../../support/rejection.ts";

const failure = (code: string, errno: number | undefined = 1, fatal = false) =>
  Object.assign(new Error(code), { code, errno, fatal });

describe("a server's refusal", () => {
  it("is its last word on a statement", () => {
    expect(isRefusal(failure("ER_NO_SUCH_TABLE"))).to.equal(true);
    for (const passing of ["ER_LOCK_DEADLOCK", "ER_OPTION_PREVENTS_STATEMENT", "ER_DISK_FULL"]) {
      expect(isRefusal(failure(passing)), passing).to.equal(false);
    }
    expect(isRefusal(failure("ER_SERVER_GONE", 1, true)), "of a connection that ended").to.equal(false);
    expect(isRefusal(failure("ECONNRESET", -104)), "of the network").to.equal(false);
    expect(isRefusal(new Error("of our own"))).to.equal(false);
  });

  it("is an answer, and all else is thrown", async () => {
    expect(await refusalOf(Promise.resolve())).to.equal(undefined);
    expect((await refusalOf(Promise.reject(failure("ER_NO_SUCH_TABLE"))))?.code).to.equal("ER_NO_SUCH_TABLE");
    expect((await rejection(refusalOf(Promise.reject(failure("ECONNRESET"))))).message).to.equal("ECONNRESET");
  });
});
