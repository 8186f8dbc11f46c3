/** An option of a command, as `parseArgs` of node:util takes it, and what the help says of it. */
export interface Option {
  type: "boolean" | "string";
  help: string;
  /** One letter that does for the name. */
  short?: string;
  /** What stands for the value in the help. @example "folder" */
  value?: string;
  /** The only values there are, where they can be counted. */
  values?: readonly string[];
}

/** The one word that a command takes without a flag; it stands among the values by its name. */
export interface Argument {
  name: string;
  help: string;
  values: readonly string[];
}

/** The options that were given, by name. */
export type Values = Record<string, string | boolean | undefined>;

/** A command was given options that do not go together, or a value that it cannot read: exit code 2. */
export class WrongUsage extends Error {}

/** One command of `npm run dr`. */
export interface Command {
  name: string;
  /** One line of the list of commands. */
  summary: string;
  argument?: Argument;
  options: Record<string, Option>;
  /**
   * Does it, and writes what came of it to standard output.
   *
   * @param signal Ctrl-C, or whatever else ends the process; the command cleans up and ends
   * @throws Error whose message says what was expected, found, and what to do; WrongUsage where the options are wrong
   */
  run(values: Values, signal: AbortSignal): Promise<void>;
}

/** The list of all commands. */
export function renderCommands(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "The runbook of multicloud-dr.",
    "",
    "Usage: npm run dr -- <command> [options]",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "npm run dr -- help <command> tells a command's options.",
    "Exit code: 0 all went well, 1 something failed, 2 wrong usage, 130 interrupted.",
  ].join("\n");
}

/** What a command does, and its options. */
export function renderCommand({ name, summary, argument, options }: Command): string {
  const shown = Object.entries({ ...options, help: HELP }).map(([flag, { value, values, help }]) => ({
    flag: value ? `--${flag} <${value}>` : `--${flag}`,
    help: values ? `${help}: ${values.join(", ")}` : help,
  }));
  const width = Math.max(...shown.map(({ flag }) => flag.length));
  const word = argument ? ` <${argument.name}>` : "";
  return [
    summary,
    "",
    `Usage: npm run dr -- ${name}${word} [options]`,
    "",
    ...(argument ? [`  <${argument.name}>  ${argument.help}: ${argument.values.join(", ")}`, ""] : []),
    ...shown.map(({ flag, help }) => `  ${flag.padEnd(width)}  ${help}`),
  ].join("\n");
}

export const HELP: Option = { type: "boolean", short: "h", help: "this text" };
