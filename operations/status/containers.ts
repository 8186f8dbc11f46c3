import { z } from "zod";
import type { Standing } from "../../lambdas/containers/sweep.ts";
import { count } from "../database/units.ts";
import type { Outputs } from "../outputs.ts";
import { readStackSettings } from "../stack-files.ts";

const ANSWER: z.ZodType<Standing[]> = z.array(
  z.object({ repository: z.string(), tags: z.number(), behind: z.array(z.string()) }),
);

/** Images that a line names. */
const NAMED = 5;

/**
 * How the repositories of containers stand at the standby, as their own function compares both sides; null where none
 * follow.
 *
 * @param link outputs of stack link
 * @param limits how long to wait until AWS takes the question, and until it answers, in milliseconds
 */
export async function containersOf(
  link: Outputs,
  folder: string,
  limits: { aws: number; azure: number },
  signal: AbortSignal,
): Promise<Standing[] | null> {
  const FunctionName = link.values.containersFunctionName as string | undefined;
  if (FunctionName === undefined) return null;
  const { InvokeCommand, LambdaClient } = await import("@aws-sdk/client-lambda");
  const [settings] = readStackSettings(folder, "link");
  // One try: when AWS is dead, that shall be said soon.
  const requestHandler = { connectionTimeout: limits.aws, requestTimeout: limits.azure };
  const lambda = new LambdaClient({ region: settings?.["aws:region"], maxAttempts: 1, requestHandler });
  const asked = new InvokeCommand({ FunctionName, Payload: JSON.stringify({ compare: true }) });
  const { FunctionError, Payload } = await lambda.send(asked, { abortSignal: signal });
  const answer = Buffer.from(Payload ?? []).toString();
  if (FunctionError) throw new Error(`${FunctionName} failed: ${answer.slice(0, 500)}`);
  return readStandings(answer);
}

/** @throws Error when it is something else */
export function readStandings(answer: string): Standing[] {
  const read = z
    .string()
    .transform((text) => JSON.parse(text))
    .pipe(ANSWER)
    .safeParse(answer);
  if (read.success) return read.data;
  throw new Error(`expected how repositories stand, found ${answer.slice(0, 200)}\n${z.prettifyError(read.error)}`);
}

/** In a line. */
export function standingsText(standings: readonly Standing[]): string {
  const tags = standings.reduce((sum, standing) => sum + standing.tags, 0);
  const all = `${count(tags)} tags in ${count(standings.length)} repositories`;
  const behind = behindIn(standings);
  return behind.length === 0 ? `${all}, each as at the primary` : `${all}; ${behindText(behind)}`;
}

/** Images that are missing at the standby, or are others there. @example ["shop/web:1.4"] */
export function behindIn(standings: readonly Standing[]): string[] {
  return standings.flatMap(({ repository, behind }) => behind.map((tag) => `${repository}:${tag}`));
}

/** How many, and which. */
export function behindText(behind: readonly string[]): string {
  const more = behind.length > NAMED ? `, and ${count(behind.length - NAMED)} more` : "";
  return `${count(behind.length)} behind: ${behind.slice(0, NAMED).join(", ")}${more}`;
}
