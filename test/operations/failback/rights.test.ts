import { expect } from "chai";
import { lostRights, type Rights, rightsAt, rightsBeforeLoad } from "../../../operations/failback/rights.ts";
import type { Journal } from "../../../operations/runbook/journal.ts";
import { ADMINISTRATOR, oneMysql } from "../../support/one-mysql.ts";

const COPY = "20261122T100000Z";
const APP: Rights = { account: "`app`@`%`", grants: ["GRANT SELECT ON `shop`.*"] };

describe("what accounts of the primary can do", () => {
  it("is read without their passwords", async () => {
    await using mysql = await oneMysql();
    const connection = await mysql.connect();
    await connection.query("CREATE USER app IDENTIFIED BY 'secret'");
    await connection.query("GRANT SELECT ON shop.* TO app");
    const login = { host: mysql.server.address, port: mysql.server.port, ...ADMINISTRATOR };
    expect(await rightsAt(login)).to.deep.include({
      account: "`app`@`%`",
      grants: ["GRANT USAGE ON *.* TO `app`@`%`", "GRANT SELECT ON `shop`.* TO `app`@`%`"],
    });
  });
});

describe("what they could do before a copy was loaded", () => {
  const journal = (report?: Record<string, unknown>): Journal => ({
    ...{ version: 1, name: "failback", workload: "shop", by: "ann@desk", status: "failed", steps: [] },
    startedAt: "2026-11-22T11:00:00.000Z",
    ...(report && { report }),
  });
  const former = { copy: COPY, accounts: [APP] };

  it("is what the run before this one saw, whose load may have changed it", async () => {
    const journals = [journal(), journal({ copy: COPY }), journal({ rightsBefore: former })];
    const now = () => Promise.reject(new Error("nobody was to be asked"));
    expect(await rightsBeforeLoad(COPY, journals, now)).to.deep.equal(former);
  });

  it("is what they can do now where no run came so far with this copy", async () => {
    const other = { copy: "20261121T100000Z", accounts: [] };
    const journals = [journal({ rightsBefore: other }), journal({ rightsBefore: "spoilt" })];
    expect(await rightsBeforeLoad(COPY, journals, async () => [APP])).to.deep.equal(former);
  });
});

describe("what accounts of the primary have lost by a load", () => {
  const account = (name: string, ...grants: string[]) => ({ account: name, grants });

  it("is every right that they had before, and have no more", () => {
    const before = [account("`app`@`%`", "GRANT SELECT ON `shop`.*", "GRANT CREATE ON `crm`.*"), account("`ops`@`%`")];
    const after = [account("`app`@`%`", "GRANT SELECT ON `shop`.*", "GRANT DROP ON `shop`.*"), account("`ops`@`%`")];
    expect(lostRights(before, after)).to.deep.equal(["account `app`@`%` lost: GRANT CREATE ON `crm`.*"]);
  });

  it("is the account itself, where it is no more", () => {
    const before = [account("`app`@`%`", "GRANT SELECT ON `shop`.*")];
    expect(lostRights(before, [])).to.deep.equal(["account `app`@`%` is no more"]);
  });

  it("is nothing by what they got, and by accounts that are new", () => {
    const app = account("`app`@`%`", "GRANT SELECT ON `shop`.*");
    expect(lostRights([app], [app, account("`new`@`%`", "GRANT ALL")])).to.deep.equal([]);
  });
});
