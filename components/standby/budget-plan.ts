/** A notice that a budget gives. */
export interface BudgetNotice {
  enabled: true;
  operator: "GreaterThanOrEqualTo";
  /** Percent of the budget. */
  threshold: number;
  thresholdType: "Actual" | "Forecasted";
  contactEmails: string[];
  contactRoles: string[];
}

/**
 * Who is told of the month's cost, and when: once most of the budget is spent, and as soon as all of it will be.
 *
 * @param emails who is told; without any the group's owners are, since Azure wants somebody
 */
export function budgetNotices(emails: string[]): Record<string, BudgetNotice> {
  const contactRoles = emails.length === 0 ? ["Owner"] : [];
  const notice = (threshold: number, thresholdType: BudgetNotice["thresholdType"]): BudgetNotice => ({
    enabled: true,
    operator: "GreaterThanOrEqualTo",
    threshold,
    thresholdType,
    contactEmails: emails,
    contactRoles,
  });
  return { spent: notice(80, "Actual"), forecast: notice(100, "Forecasted") };
}

/** The first moment of a day's month, where a budget has to begin ("Budgets - Create Or Update"). */
export function monthOf(day: Date): string {
  return `${day.toISOString().slice(0, 7)}-01T00:00:00Z`;
}
