import { expect } from "chai";
import { Budget } from "../../../components/standby/budget.ts";
import { budgetNotices, monthOf } from "../../../components/standby/budget-plan.ts";
import { expectHouseRules, expectProtected } from "../../support/house-rules.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy } from "../../support/mocks.ts";

const GROUP_ID = `${SUBSCRIPTION}/resourceGroups/shop-group`;

async function budgetOf(amount: number, emails: string[]) {
  const { resources } = await deploy(() => new Budget("shop-cost", { scope: GROUP_ID, amount, emails }));
  return { resources, inputs: resources.named("shop-cost-budget").inputs };
}

describe("Budget", () => {
  it("keeps the rules of the house, and protects nothing", async () => {
    const { resources } = await budgetOf(200, []);
    expectHouseRules(resources, "shop-cost", "multicloud-dr:standby:Budget");
    expectProtected(resources, []);
    expect(resources.names).to.deep.equal(["shop-cost-budget"]);
  });

  it("watches the cost of its scope, month by month, from this one on", async () => {
    const { inputs } = await budgetOf(200, []);
    expect(inputs).to.deep.include({
      scope: GROUP_ID,
      budgetName: "shop-cost",
      amount: 200,
      category: "Cost",
      timeGrain: "Monthly",
      timePeriod: { startDate: monthOf(new Date()) },
    });
  });

  it("has the amount that it is told, and tells whom it is told to", async () => {
    const { inputs } = await budgetOf(750, ["ops@example.com"]);
    expect(inputs.amount).to.equal(750);
    expect(inputs.notifications).to.deep.equal(budgetNotices(["ops@example.com"]));
  });
});
