import { expect } from "chai";
import fc from "fast-check";
import { planBackups } from "../../../components/primary/backup-plan.ts";

describe("the plan of the vault's backups", () => {
  it("is one a day, in the night's own hour", () => {
    const rules = planBackups(35);
    expect(rules).to.have.length(1);
    expect(rules[0]).to.include({ ruleName: "daily", schedule: "cron(0 3 * * ? *)", startWindow: 60 });
  });

  it("keeps each for exactly as long as the lock wants: less would fail the job", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 36_500 }), (days) => {
        for (const { lifecycle } of planBackups(days)) expect(lifecycle).to.deep.equal({ deleteAfter: days });
      }),
    );
  });

  it("takes nothing out of the database's and the bucket's own hands", () => {
    for (const { enableContinuousBackup } of planBackups(14)) expect(enableContinuousBackup).to.equal(false);
  });

  it("gives a job an hour more to end than to begin, as AWS Backup asks", () => {
    for (const { startWindow, completionWindow } of planBackups(35)) {
      expect(completionWindow).to.be.at.least(startWindow + 60);
    }
  });
});
