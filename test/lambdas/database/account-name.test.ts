import { expect } from "chai";
import { accountName, isWorkloadUser, userOf } from "../../../lambdas/database/account-name.ts";

describe("an account's name", () => {
  it("tells its user, whatever letters are in it", () => {
    for (const user of ["shop", "a`b", "`@`", "o'x@y", ""]) expect(userOf(accountName(user, "%"))).to.equal(user);
    expect(accountName("a`b", "10.0.%")).to.equal("`a``b`@`10.0.%`");
    expect(() => userOf("shop@%")).to.throw("expected an account such as `shop`@`%`, found shop@%");
  });

  it("is the workload's unless it is the server's keeper's, its administrator's or ours", () => {
    const others = ["", "root", "mysql.sys", "rdsadmin", "rdsrepladmin", "rds_superuser_role", "azure_superuser"];
    for (const user of [...others, "dr_dump", "dr_replicator", "boss"]) {
      expect(isWorkloadUser(user, "boss"), user).to.equal(false);
    }
    for (const user of ["shop", "rooted", "mysql", "my.rds", "boss2"]) {
      expect(isWorkloadUser(user, "boss"), user).to.equal(true);
    }
  });
});
