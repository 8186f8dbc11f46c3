import { expect } from "chai";
import { databaseAlarmRules, type LogAlarmRule } from "../../../components/standby/database-alarm-rules.ts";
import { REPORT, type Report } from "../../../lambdas/standby/report.ts";

const RULES = databaseAlarmRules({ state: "stopped" });

function rule(name: string): LogAlarmRule {
  const found = RULES.find((each) => each.name === name);
  if (!found) throw new Error(`there is no rule ${name}`);
  return found;
}

describe("the alarms of the standby's database", () => {
  it("are none where there is no database", () => {
    expect(databaseAlarmRules({ state: "absent" })).to.be.empty;
  });

  it("are the same for one that is declared: that changes no alarm", () => {
    for (const state of ["running", "promoted"] as const) expect(databaseAlarmRules({ state })).to.deep.equal(RULES);
    expect(RULES.map(({ name }) => name)).to.deep.equal([
      ...["controller-silent", "controller-failed", "load-failed", "stale-dump", "lag-60", "lag-300", "follows-not"],
    ]);
  });

  it("look at the controller's reports, and ask for what stands in them", () => {
    const full: Required<Report> = {
      ...{
        report: "standby",
        status: "settled",
        detail: "",
        follows: "dumps",
        ageHours: 1,
        lagSeconds: 1,
        followsNot: true,
        setAside: 0,
      },
    };
    for (const { query } of RULES) {
      expect(query).to.match(/^FunctionAppLogs \| where Message startswith /);
      expect(query).to.contain(REPORT);
      for (const [, field] of query.matchAll(/report\.(\w+)/g)) expect(full).to.have.property(field ?? "");
    }
  });

  it("ring after 26 hours without a newer dump, where dumps are followed", () => {
    expect(rule("stale-dump").query).to.match(/follows == 'dumps' and todouble\(report.ageHours\) > 26$/);
  });

  it("ring at 60 and at 300 seconds behind the primary, the second one louder", () => {
    for (const [seconds, severity] of [
      [60, 2],
      [300, 1],
    ] as const) {
      expect(rule(`lag-${seconds}`)).to.include({ severity, rings: "above" });
      expect(rule(`lag-${seconds}`).query).to.match(new RegExp(`lagSeconds\\) > ${seconds}$`));
    }
  });

  it("ring when the primary is not followed for half an hour, and not while a dump is loaded", () => {
    expect(rule("follows-not")).to.include({ rings: "above", severity: 1, windowMinutes: 30 });
    // A run each minute; a load's take 25.
    expect(rule("follows-not").threshold).to.be.within(3, 28);
  });

  it("ring when the controller says nothing: nothing else would ring then", () => {
    expect(rule("controller-silent")).to.include({ rings: "below", threshold: 1 });
    // A load takes half an hour of silence at most, and Azure minutes to bring a line.
    expect(rule("controller-silent").windowMinutes).to.be.at.least(45);
  });

  it("tell whoever is woken what to look at", () => {
    for (const { description } of RULES) expect(description).to.match(/See|Look/);
  });
});
