import type { Refusal } from "../../provider/actuator.ts";
import type { Properties } from "../../provider/codec.ts";
import type { AzureCloud } from "../cloud.ts";
import { armActuator, GROUP, inGroup } from "./arm.ts";
import { SCOPE } from "./authorization.ts";
import { referenceRefusals } from "./references.ts";
import { LONGEST_TAG_NAME } from "./tags.ts";

const WORKSPACES = "Microsoft.OperationalInsights/workspaces";

/** azure-native:operationalinsights:Workspace. It is kept and checked; nothing here writes logs to it. */
export const workspace = armActuator({
  id: (inputs, cloud) => inGroup(cloud, inputs.resourceGroupName, `${WORKSPACES}/${inputs.workspaceName}`),
  name: {
    property: "workspaceName",
    pattern: /^[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]$/,
    rule: "4 to 63 letters, digits and hyphens between them (Naming rules and restrictions for Azure resources)",
    auto: "suffix",
  },
  parent: GROUP,
  regional: true,
  longestTagName: LONGEST_TAG_NAME,
  check: ({ retentionInDays: days }) => {
    if (days === undefined || isBetween(days, 30, 730)) return [];
    const reason = `${days} days; expected 30 to 730 (Manage data retention in a Log Analytics workspace)`;
    return [{ property: "retentionInDays", reason }];
  },
  outputs: () => ({ customerId: crypto.randomUUID(), provisioningState: "Succeeded" }),
});

/** The resource whose logs are sent. A blob service is there with its account, whether it has settings or not. */
const TARGET = {
  property: "resourceUri",
  id: ({ resourceUri }: Properties) =>
    String(resourceUri)
      .replace(/^\/?/, "/")
      .replace(/\/blobServices\/default$/i, ""),
};

/** azure-native:monitor:DiagnosticSetting */
export const diagnosticSetting = armActuator({
  id: ({ resourceUri, name }) => `${resourceUri}/providers/Microsoft.Insights/diagnosticSettings/${name}`,
  name: {
    property: "name",
    pattern: /^[^*#&+:<>?/]{1,260}$/,
    rule: "1 to 260 characters without * # & + : < > ? and / (Diagnostic Settings - Create Or Update)",
    auto: "suffix",
  },
  parent: TARGET,
  check: settingRefusals,
});

/** azure-native:consumption:Budget. It is kept and checked; nothing here costs anything. */
export const budget = armActuator({
  id: (inputs) => `${SCOPE.id(inputs)}/providers/Microsoft.Consumption/budgets/${inputs.budgetName}`,
  name: {
    property: "budgetName",
    pattern: /^[\w-]{1,63}$/,
    rule: "1 to 63 letters, digits, '_' and '-' (Budgets - Create Or Update)",
    auto: "suffix",
  },
  parent: SCOPE,
  check: budgetRefusals,
  outputs: () => ({ currentSpend: { amount: 0, unit: "EUR" } }),
});

interface Log {
  category?: string;
  categoryGroup?: string;
}

function settingRefusals(inputs: Properties, cloud: AzureCloud): Refusal[] {
  const source = "(Diagnostic Settings - Create Or Update)";
  const logs = (inputs.logs as Log[] | undefined) ?? [];
  const refusals: Refusal[] = logs
    .map((log, index) => ({ log, property: `logs[${index}]` }))
    .filter(({ log }) => !log.category === !log.categoryGroup)
    .map(({ property }) => ({ property, reason: `it needs a category or a group of them, one of both ${source}` }));
  if (logs.some(({ category }) => category) && logs.some(({ categoryGroup }) => categoryGroup)) {
    refusals.push({ property: "logs", reason: `categories and groups cannot be mixed ${source}` });
  }
  const id = inputs.workspaceId as string | undefined;
  return [...refusals, ...referenceRefusals("workspaceId", { id }, WORKSPACES, cloud)];
}

interface Notice {
  threshold?: number;
  contactEmails?: string[];
  contactRoles?: string[];
  contactGroups?: string[];
}

function budgetRefusals(inputs: Properties, _cloud: AzureCloud, former: Properties | undefined): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (property: string, reason: string) =>
    refusals.push({ property, reason: `${reason} (Budgets - Create Or Update)` });
  const { amount, timePeriod, notifications } = inputs as {
    amount?: number;
    timePeriod?: { startDate?: string };
    notifications?: Record<string, Notice>;
  };
  if (amount !== undefined && !(amount > 0)) refuse("amount", `${amount}; expected more than 0`);
  const start = timePeriod?.startDate;
  if (start !== undefined && !/^\d{4}-\d{2}-01/.test(start)) {
    refuse("timePeriod.startDate", `${start}; expected the first day of a month`);
  } else if (start !== undefined && !former && start.slice(0, 7) < new Date().toISOString().slice(0, 7)) {
    refuse("timePeriod.startDate", `${start}; a new budget begins with this month or a later one`);
  }
  const notices = Object.entries(notifications ?? {});
  if (notices.length > 5) refuse("notifications", `${notices.length} of them; at most 5`);
  for (const [name, { threshold = 0, contactEmails = [], contactRoles = [], contactGroups = [] }] of notices) {
    const property = `notifications.${name}`;
    if (threshold <= 0 || threshold > 1000) refuse(property, `${threshold} %; expected more than 0, 1000 at most`);
    if (contactEmails.length + contactRoles.length + contactGroups.length === 0) refuse(property, "nobody is told");
  }
  return refusals;
}

function isBetween(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}
