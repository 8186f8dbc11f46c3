import type { Site } from "../../components/traffic/weights.ts";
import { ask } from "../ask.ts";
import type { Outputs } from "../outputs.ts";
import { firstBlob, firstObject } from "./objects.ts";
import { complaintOf, contentQuestion, type Question, questionsOf, standsFor } from "./questions.ts";

/** What came of a question. */
export interface Asked extends Pick<Question, "id" | "title" | "url" | "at"> {
  ok: boolean;
  /** Absent when nobody answered. */
  status?: number;
  milliseconds?: number;
  /** Absent when all is well. */
  problem?: string;
}

/**
 * Asks a site all that it must answer before users are sent there.
 *
 * @param outputs of stack prod for the primary, of stack dr for the standby
 * @param pastEdge whether the standby's edge is down: it is not asked, nor for its content
 */
export async function smoke(site: Site, outputs: Outputs, signal: AbortSignal, pastEdge = false): Promise<Asked[]> {
  const asked = await Promise.all([
    askAll(questionsOf(site, outputs, pastEdge), signal),
    pastEdge ? [] : askForContent(site, outputs, signal),
  ]);
  return asked.flat();
}

/** Where nothing is found that could be asked for, that is the answer. */
async function askForContent(site: Site, outputs: Outputs, signal: AbortSignal): Promise<Asked[]> {
  if (site === "standby" && !standsFor(outputs, "content")) return [];
  try {
    const object = await (site === "primary" ? firstObject : firstBlob)(outputs, signal);
    return await askAll([contentQuestion(outputs, object)], signal);
  } catch (error) {
    signal.throwIfAborted();
    const { expected: _, ...question } = contentQuestion(outputs, "");
    return [{ ...question, ok: false, problem: (error as Error).message }];
  }
}

/** Asks all of them at once. */
export function askAll(questions: readonly Question[], signal: AbortSignal, asking = ask): Promise<Asked[]> {
  return Promise.all(
    questions.map(async ({ expected, ...question }): Promise<Asked> => {
      try {
        const answer = await asking(question.url, { at: question.at, signal });
        const problem = complaintOf(answer, expected);
        const { status, milliseconds } = answer;
        return { ...question, ok: problem === undefined, status, milliseconds, ...(problem && { problem }) };
      } catch (error) {
        signal.throwIfAborted();
        return { ...question, ok: false, problem: (error as Error).message };
      }
    }),
  );
}
