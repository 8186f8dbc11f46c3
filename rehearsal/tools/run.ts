import { ExecaError, execa } from "execa";

/** What a set-up step tells while it runs: one line of progress. */
export type Report = (line: string) => void;

/** A tool that the set-up needs and did not find; the message is one sentence that says how to get it. */
export class MissingTool extends Error {}

/**
 * Runs a command of the set-up to its end, handing on what it prints.
 *
 * @throws Error with the command and the last lines of its output
 */
export async function run(
  command: string,
  args: string[],
  options: {
    folder?: string;
    environment?: Record<string, string | undefined>;
    signal?: AbortSignal;
    report?: Report;
  } = {},
): Promise<string> {
  const child = execa(command, args, {
    cwd: options.folder,
    env: options.environment,
    all: true,
    cancelSignal: options.signal,
    stdin: "ignore",
  });
  try {
    if (options.report) for await (const line of child.iterable({ from: "all" })) options.report(line);
    return (await child).all;
  } catch (error) {
    if (!(error instanceof ExecaError) || options.signal?.aborted) throw error;
    const tail = String(error.all ?? "")
      .trimEnd()
      .split("\n")
      .filter((line) => line !== "")
      .slice(-12)
      .map((line) => `  | ${line}`);
    throw new Error([`\`${command} ${args.join(" ")}\` failed (${error.shortMessage}):`, ...tail].join("\n"));
  }
}
