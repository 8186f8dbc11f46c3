import { DECLARED, markerPath, READY, readyPath } from "../../components/standby/declaration.ts";
import { SWITCHES, type Switch } from "../../components/standby/disaster.ts";
import type { StandbyPlan } from "../../components/standby/standby-plan.ts";
import type { Site } from "../../components/traffic/weights.ts";
import { encodePath } from "../../lambdas/objects/url-text.ts";
import type { Answer } from "../ask.ts";
import { type Outputs, textIn } from "../outputs.ts";

/** What an answer has to be: 200; 200 with something in it; 200 with this text; or a plain 404. */
export type Expected = "well" | "something" | "nothing" | { text: string };

/** One question to a site. */
export interface Question {
  id: string;
  /** For people. */
  title: string;
  url: string;
  /** Host to ask instead of the URL's own. */
  at?: string;
  expected: Expected;
}

/**
 * What a site must answer before users are sent there, but for its content: the app by its health, through its database
 * and its content; and of the standby, what health checks look at.
 *
 * @param outputs of stack prod for the primary, of stack dr for the standby
 * @param pastEdge whether the standby's app is asked at its load balancer, for its edge is down
 */
export function questionsOf(site: Site, outputs: Outputs, pastEdge = false): Question[] {
  const app: Question = {
    id: "app",
    title: "the app, by its health",
    url: `https://${textIn(outputs, "appName")}${textIn(outputs, "healthPath")}`,
    at: textIn(outputs, pastEdge ? "bypassHost" : "appHost"),
    expected: "well",
  };
  if (site === "primary") return [app];
  return [...(standsFor(outputs, "site") ? [app] : []), ...seenByHealthChecks(outputs)];
}

/**
 * Whether the standby has to serve what a switch moves: of a disaster that leaves the app where it is, it need have no
 * servers. While nothing is declared, it is asked for all that it might have to serve.
 */
export function standsFor(dr: Outputs, name: Switch): boolean {
  const { serves } = dr.values.plan as StandbyPlan;
  return serves.length === 0 || serves.includes(name);
}

/** Whether the edge serves something. @param object path of something that users can fetch by the content's name */
export function contentQuestion(outputs: Outputs, object: string): Question {
  return {
    id: "content",
    title: "the content, by the edge",
    url: `https://${textIn(outputs, "contentName")}/${encodePath(object)}`,
    at: textIn(outputs, "contentHost"),
    expected: "something",
  };
}

/** A marker for each name that is declared switched, and none for the others; beside it, that the standby is ready. */
function seenByHealthChecks(dr: Outputs): Question[] {
  const { markers } = dr.values.plan as StandbyPlan;
  const place = textIn(dr, "markerEndpoint");
  const question = (name: Switch, what: string, path: string, expected: Expected): Question => ({
    id: `${what}-${name}`,
    title: `the ${name}'s ${what === "marker" ? "marker" : "file that says that it is ready"}`,
    url: new URL(path, place).href,
    expected,
  });
  return SWITCHES.flatMap((name) =>
    markers.includes(name)
      ? [
          question(name, "marker", markerPath(name), { text: DECLARED }),
          question(name, "ready", readyPath(name), { text: READY }),
        ]
      : [question(name, "marker", markerPath(name), "nothing")],
  );
}

/** What is wrong with an answer; undefined when nothing is. */
export function complaintOf({ status, text }: Pick<Answer, "status" | "text">, expected: Expected): string | undefined {
  const wanted = expected === "nothing" ? 404 : 200;
  if (status !== wanted) return `expected status ${wanted}, found ${status}${excerptOf(text)}`;
  if (expected === "something" && text === "") return "expected something, found an empty answer";
  if (typeof expected === "object" && !text.includes(expected.text)) {
    return `expected ${expected.text} in it, found${excerptOf(text) || " an empty answer"}`;
  }
  return undefined;
}

/** What a failing app says of itself is worth more than its status. */
function excerptOf(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line === "" ? "" : ` (${line.length > 200 ? `${line.slice(0, 200)}…` : line})`;
}

/** The site that should serve the app: the standby once the app is declared switched, or while a drill has it stand in. */
export function servingSite(dr: Outputs): Site {
  const { markers, database } = dr.values.plan as StandbyPlan;
  const drill = dr.values.declaredDisaster === "none" && database.state === "promoted";
  return drill || markers.includes("site") ? "standby" : "primary";
}
