import { styleText } from "node:util";
import { headline, keptLines, requestLines, verdictText } from "./findings.ts";
import { type Report, renderReport, section } from "./report.ts";
import type { ScenarioReport } from "./scenario-report.ts";
import { durationText, momentText } from "./times.ts";

/** The whole report for a terminal: first how the run went, last what it came to. */
export function renderSummary(report: ScenarioReport, options: { resources: boolean }): string {
  return [renderReport(report as Report, options), ...scenarioSections(report)]
    .filter((text) => text !== "")
    .join("\n");
}

function scenarioSections(report: ScenarioReport): string[] {
  const { measured, speed, timeline, criticalPath, limit, assertions } = report;
  const happenings = [
    ...timeline.events.map(({ at, who, what }) => ({ at, row: [momentText(at * speed), who, what] })),
    ...timeline.spans.map(({ from, to, who, what }) => ({
      at: from,
      row: [momentText(from * speed), who, `${what} (${durationText((to - from) * speed)})`],
    })),
  ].sort((one, other) => one.at - other.at);
  const pace = speed === 1 ? "" : `, ${speed} times as fast as for users; times as users would have them`;
  return [
    section(
      `Timeline of ${report.scenario}, ${report.strategy}${pace}`,
      ["time", "who", "what"],
      happenings.map(({ row }) => row),
    ),
    // A run that was broken off early has measured nothing.
    ...(measured.requests.sent === 0
      ? []
      : [
          section("Requests", ["", "number"], requestLines(measured)),
          section("Kept", ["", "orders", "objects"], keptLines(measured, speed)),
        ]),
    section(
      "What users waited for",
      ["", "seconds"],
      criticalPath.map(({ what, seconds }) => [what, seconds.toFixed(1)]),
    ),
    criticalPath.length > 0 ? `  The limit: ${limit}\n` : "",
    section(
      "Result",
      ["", ""],
      measured.requests.sent === 0 ? [] : headline(measured, speed).map(({ what, value }) => [what, value]),
    ),
    section(
      "What had to be so",
      ["", "", "found"],
      assertions.map(({ ok, what, found }) => [ok ? "holds" : "FAILS", what, found]),
    ),
    verdict(report),
  ];
}

function verdict({ ok, assertions }: ScenarioReport): string {
  const text = `${verdictText({ ok, assertions })}.\n`;
  return styleText(["bold", ok ? "green" : "red"], text, { stream: process.stdout });
}
