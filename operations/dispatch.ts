import { parseArgs, styleText } from "node:util";
import { nearest } from "../stacks/problems.ts";
import {
  type Argument,
  type Command,
  HELP,
  type Option,
  renderCommand,
  renderCommands,
  type Values,
  WrongUsage,
} from "./command.ts";
import { unreadable } from "./command-line.ts";
import { reasonOf } from "./interruption.ts";

/**
 * Runs the command that the arguments name.
 *
 * @param args what stands after `npm run dr --`
 * @returns the exit code: 0 all went well, 1 something failed, 2 wrong usage, 130 interrupted
 */
export async function dispatch(commands: readonly Command[], [name, ...rest]: string[]): Promise<number> {
  if (name === undefined) return wrongUsage("expected a command, found none");
  if (name === "--help" || name === "-h" || name === "help") return help(commands, rest);
  const command = commandNamed(commands, name);
  if (command instanceof Error) return wrongUsage(command.message);
  const taken = takenByNpm(command, rest);
  if (taken !== undefined) {
    const again = `npm run dr -- ${name} --${taken}`;
    return wrongUsage(`npm took --${taken} for itself, for there is no -- before it: ${again}`, command);
  }
  const values = readOptions(command, rest);
  if (values instanceof Error) return wrongUsage(values.message, command);
  return values.help ? show(renderCommand(command)) : run(command, values);
}

/** The complaint, and where to read on: the whole help after it would have it scroll away. */
function wrongUsage(complaint: string, command?: Command): number {
  const more = command ? `help ${command.name} tells its options` : "help lists the commands";
  process.stderr.write(`${complaint}\nnpm run dr -- ${more}.\n`);
  return 2;
}

function help(commands: readonly Command[], [name]: string[]): number {
  // Options that a script gives to every command say nothing here.
  if (name === undefined || name.startsWith("-")) return show(renderCommands(commands));
  const command = commandNamed(commands, name);
  return command instanceof Error ? wrongUsage(command.message) : show(renderCommand(command));
}

function commandNamed(commands: readonly Command[], name: string): Command | Error {
  const names = commands.map((one) => one.name);
  const found = commands.find((one) => one.name === name);
  return found ?? new Error(`expected a command, found ${name}${meant(name, names)}`);
}

/**
 * An option of the command that npm has taken for one of its own, as it does with all that stands before a `--`; what was
 * meant to be only looked at would be done otherwise. (npm always tells a prefix, which is that of its packages.)
 */
function takenByNpm({ options }: Command, args: string[]): string | undefined {
  return Object.keys(options).find((flag) => {
    const told = process.env[`npm_config_${flag.replaceAll("-", "_")}`];
    return flag !== "prefix" && told !== undefined && told !== "" && told !== "false" && !args.includes(`--${flag}`);
  });
}

const ENDINGS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs a command, which ends early and cleanly when the process is told to end. */
async function run(command: Command, values: Values): Promise<number> {
  const interruption = new AbortController();
  const { signal } = interruption;
  const interrupt = () => interruption.abort(new Error("interrupted"));
  for (const ending of ENDINGS) process.on(ending, interrupt);
  try {
    await command.run(values, signal);
    return 0;
  } catch (error) {
    const { message } = await reasonOf(error, signal);
    if (error instanceof WrongUsage) return wrongUsage(message, command);
    process.stderr.write(`${styleText("red", "Failed:", { stream: process.stderr })} ${message}\n`);
    return signal.aborted ? 130 : 1;
  } finally {
    for (const ending of ENDINGS) process.off(ending, interrupt);
  }
}

function readOptions({ options, argument }: Command, args: string[]): Values | Error {
  const all: Record<string, Option> = { ...options, help: HELP };
  let values: Values;
  try {
    const parsed = parseArgs({ args, options: all, allowPositionals: argument !== undefined });
    values = { ...parsed.values };
    if (argument) {
      const word = wordOf(argument, parsed.positionals);
      if (word instanceof Error && !values.help) return word;
      values[argument.name] = String(word);
    }
  } catch (error) {
    return unreadable(error as Error, Object.keys(all));
  }
  for (const [flag, { values: known }] of Object.entries(options)) {
    const value = values[flag];
    if (known && typeof value === "string" && !known.includes(value)) {
      return new Error(`--${flag}: expected one of ${known.join(", ")}, found ${value}${meant(value, known)}`);
    }
  }
  return values;
}

function wordOf({ name, values }: Argument, words: string[]): string | Error {
  const word = words.join(" ");
  if (words.length === 1 && values.includes(word)) return word;
  return new Error(`<${name}>: expected one of ${values.join(", ")}, found ${word || "none"}${meant(word, values)}`);
}

function meant(word: string, candidates: readonly string[]): string {
  const candidate = nearest(word, candidates);
  return candidate ? `; did you mean ${candidate}?` : "";
}

function show(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
