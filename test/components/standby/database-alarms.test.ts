import { expect } from "chai";
import { databaseAlarmRules } from "../../../components/standby/database-alarm-rules.ts";
import { DatabaseAlarms } from "../../../components/standby/database-alarms.ts";
import { standbyPlan } from "../../../components/standby/standby-plan.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy, type Registrations } from "../../support/mocks.ts";

const GROUP_ID = `${SUBSCRIPTION}/resourceGroups/shop-standby`;
const WORKSPACE_ID = `${GROUP_ID}/providers/Microsoft.OperationalInsights/workspaces/shop-logs`;
const PLAN = standbyPlan("pilot-light", "none", false).database;

function deployAlarms(alertEmail = "ops@example.com") {
  const args = { resourceGroupName: "shop-standby", workspaceId: WORKSPACE_ID, plan: PLAN, alertEmail, tags: TAGS };
  return deploy(() => new DatabaseAlarms("shop-alarms", args));
}

describe("DatabaseAlarms", () => {
  let resources: Registrations;

  before(async () => {
    ({ resources } = await deployAlarms());
  });

  it("keeps the rules of the house, and protects nothing", () => {
    expectHouseRules(resources, "shop-alarms", "multicloud-dr:standby:DatabaseAlarms");
    expectProtected(resources, []);
  });

  it("is an alarm for each rule, and those who are told", () => {
    const rules = databaseAlarmRules(PLAN).map(({ name }) => `shop-alarms-${name}`);
    expect(resources.names).to.have.members([...rules, "shop-alarms-people"]);
  });

  it("mails to whom it is told, and to nobody without", async () => {
    const people = (of: Registrations) => of.named("shop-alarms-people").inputs;
    expect(people(resources)).to.deep.include({
      location: "Global",
      enabled: true,
      emailReceivers: [{ name: "alerts", emailAddress: "ops@example.com", useCommonAlertSchema: true }],
    });
    expect(people(resources).groupShortName).to.have.lengthOf.at.most(12);
    const { resources: quiet } = await deployAlarms("");
    expect(people(quiet).emailReceivers).to.deep.equal([]);
    expect(quiet.names).to.deep.equal(resources.names);
  });

  it("asks the workspace as often as a rule says, and tells people once, and when it is over", () => {
    const { inputs } = resources.named("shop-alarms-lag-300");
    expect(inputs).to.deep.include({
      kind: "LogAlert",
      severity: 1,
      enabled: true,
      autoMitigate: true,
      scopes: [WORKSPACE_ID],
      evaluationFrequency: "PT5M",
      windowSize: "PT5M",
      actions: { actionGroups: [`${GROUP_ID}/providers/Microsoft.Insights/actionGroups/shop-alarms`] },
    });
    expect(inputs).to.have.nested.property("criteria.allOf[0].operator", "GreaterThan");
    expect(inputs).to.have.nested.property("criteria.allOf[0].timeAggregation", "Count");
  });

  it("rings for silence too", () => {
    const { inputs } = resources.named("shop-alarms-controller-silent");
    expect(inputs).to.deep.include({ windowSize: "PT1H", evaluationFrequency: "PT15M" });
    expect(inputs).to.have.nested.property("criteria.allOf[0].operator", "LessThan");
  });
});
