import { expect } from "chai";
import type { Properties } from "../../../../rehearsal/provider/codec.ts";
import { BUDGET, type Deployed, DIAGNOSTICS, useLocalAzure, WORKSPACE } from "../../../support/local-azure.ts";

describe("what watches over the local Azure", () => {
  const azure = useLocalAzure();
  let group: string;
  let account: Deployed;
  let workspace: Deployed;
  const thisMonth = `${new Date().toISOString().slice(0, 7)}-01T00:00:00Z`;

  before(async () => {
    ({ group, account } = await azure.container());
    workspace = await azure.deploy(WORKSPACE, {
      resourceGroupName: group,
      workspaceName: "shop-logs",
      sku: { name: "PerGB2018" },
      retentionInDays: 30,
    });
  });

  const setting = (more: Properties = {}): Properties => ({
    name: "logs",
    resourceUri: `${account.id}/blobServices/default`,
    workspaceId: workspace.id,
    logs: [{ category: "StorageDelete", enabled: true }],
    ...more,
  });
  const budget = (more: Properties = {}): Properties => ({
    scope: azure.local.resources.id(`resourceGroups/${group}`),
    budgetName: "shop",
    amount: 100,
    category: "Cost",
    timeGrain: "Monthly",
    timePeriod: { startDate: thisMonth },
    notifications: { spent: { threshold: 80, contactEmails: [], contactRoles: ["Owner"] } },
    ...more,
  });

  it("is made, changed and removed", async () => {
    const sent = await azure.deploy(DIAGNOSTICS, setting());
    expect(sent.id).to.match(/\/blobServices\/default\/providers\/Microsoft\.Insights\/diagnosticSettings\/logs$/);
    const kept = await azure.deploy(BUDGET, budget());
    await kept.update(budget({ amount: 200 }));
    expect(await kept.refresh()).to.deep.equal(budget({ amount: 200 }));
    for (const each of [sent, kept]) {
      await each.delete();
      expect(await each.refresh()).to.equal(undefined);
    }
    expect(workspace.properties.customerId).to.match(/^[0-9a-f-]{36}$/);
  });

  it("takes a budget of an earlier month only if it stood then", async () => {
    const earlier = budget({ timePeriod: { startDate: "2026-01-01T00:00:00Z" } });
    expect(await azure.refusals(BUDGET, earlier)).to.match(/^timePeriod\.startDate: .*this month or a later one/);
    const stood = await azure.deploy(BUDGET, budget());
    expect(await azure.refusals(BUDGET, earlier, budget())).to.equal("");
    await stood.delete();
  });

  const notice = (more: Properties) => ({ notifications: { n: { threshold: 1, contactEmails: ["a@b.c"], ...more } } });
  const refused: [what: string, token: string, inputs: () => Properties, reason: RegExp][] = [
    ["logs for 29 days", WORKSPACE, () => ({ workspaceName: "logs", retentionInDays: 29 }), /29 days; expected 30/],
    ["a workspace of three letters", WORKSPACE, () => ({ workspaceName: "log" }), /^workspaceName: /],
    ["logs of nothing", DIAGNOSTICS, () => setting({ resourceUri: `${account.id}2` }), /^resourceUri: .*not found/],
    ["logs to nowhere", DIAGNOSTICS, () => setting({ workspaceId: `${workspace.id}2` }), /^workspaceId: there is no/],
    ["a log without a category", DIAGNOSTICS, () => setting({ logs: [{ enabled: true }] }), /^logs\[0\]: it needs/],
    [
      "categories mixed with groups",
      DIAGNOSTICS,
      () => setting({ logs: [{ category: "a" }, { categoryGroup: "b" }] }),
      /^logs: .*cannot be mixed/,
    ],
    ["a budget of nothing", BUDGET, () => budget({ amount: 0 }), /^amount: 0; expected more than 0/],
    ["a month that begins later", BUDGET, () => budget({ timePeriod: { startDate: "2026-11-02" } }), /first day/],
    ["a notice to nobody", BUDGET, () => budget(notice({ contactEmails: [] })), /^notifications\.n: nobody is told/],
    ["a notice at 0 %", BUDGET, () => budget(notice({ threshold: 0 })), /^notifications\.n: 0 %; expected more/],
  ];
  for (const [what, token, inputs, reason] of refused) {
    it(`refuses ${what}`, async () => {
      expect(await azure.refusals(token, inputs())).to.match(reason);
    });
  }
});
