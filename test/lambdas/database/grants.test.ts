import { expect } from "chai";
import { revocations, takenApart } from "../../../lambdas/database/grants.ts";

describe("a line of SHOW GRANTS", () => {
  const columns =
    "GRANT SELECT (`a`, `b ON ``, (`), INSERT, REFERENCES (`c`) ON `s TO ``x`.`t` TO `u`@`%` WITH GRANT OPTION";

  it("comes apart into privileges with their columns, each with its object and option", () => {
    const object = " ON `s TO ``x`.`t`";
    const singles = ["SELECT (`a`, `b ON ``, (`)", "INSERT", "REFERENCES (`c`)"].map((what) => ({
      what,
      statement: `GRANT ${what}${object} TO \`u\`@\`%\` WITH GRANT OPTION`,
    }));
    expect(takenApart(columns)).to.deep.equal({ singles, object });
    expect(takenApart("GRANT A_ADMIN,B_ADMIN ON *.* TO `u`@`%`").singles.map(({ what }) => what)).to.deep.equal([
      "A_ADMIN",
      "B_ADMIN",
    ]);
  });

  it("comes apart into roles", () => {
    expect(takenApart("GRANT `r`@`%`,`s,`@`%` TO `u`@`%` WITH ADMIN OPTION")).to.deep.equal({
      singles: [
        { what: "`r`@`%`", statement: "GRANT `r`@`%` TO `u`@`%` WITH ADMIN OPTION" },
        { what: "`s,`@`%`", statement: "GRANT `s,`@`%` TO `u`@`%` WITH ADMIN OPTION" },
      ],
      object: "",
    });
  });

  it("of another form stays whole", () => {
    const restriction = "REVOKE SELECT ON `mysql`.* FROM `u`@`%`";
    expect(takenApart(restriction)).to.deep.equal({
      singles: [{ what: restriction, statement: restriction }],
      object: "",
    });
  });

  const taken = {
    "GRANT SELECT (`a`), UPDATE ON `s`.`t` TO `u`@`%`": [
      "REVOKE IF EXISTS SELECT (`a`), UPDATE ON `s`.`t` FROM `u`@`%`",
    ],
    "GRANT EXECUTE ON PROCEDURE `s`.`p` TO `u`@`%` WITH GRANT OPTION": [
      "REVOKE IF EXISTS EXECUTE ON PROCEDURE `s`.`p` FROM `u`@`%`",
      "REVOKE IF EXISTS GRANT OPTION ON PROCEDURE `s`.`p` FROM `u`@`%`",
    ],
    "GRANT USAGE ON *.* TO `u`@`%`": [],
    "GRANT USAGE ON *.* TO `u`@`%` WITH GRANT OPTION": ["REVOKE IF EXISTS GRANT OPTION ON *.* FROM `u`@`%`"],
    "GRANT PROXY ON `a`@`%` TO `u`@`%` WITH GRANT OPTION": ["REVOKE IF EXISTS PROXY ON `a`@`%` FROM `u`@`%`"],
    "GRANT `r`@`%`,`s`@`%` TO `u`@`%` WITH ADMIN OPTION": ["REVOKE IF EXISTS `r`@`%`,`s`@`%` FROM `u`@`%`"],
    "REVOKE SELECT ON `mysql`.* FROM `u`@`%`": ["GRANT SELECT ON `mysql`.* TO `u`@`%`"],
  };
  for (const [grant, statements] of Object.entries(taken)) {
    it(`is taken back: ${grant}`, () => expect(revocations(grant)).to.deep.equal(statements));
  }
});
