import { nearest } from "../stacks/problems.ts";

/**
 * What `parseArgs` of node:util can't read, in words of what was expected and found.
 *
 * @param known the names of all options, without their dashes
 */
export function unreadable({ message }: Error, known: readonly string[]): Error {
  const [, dashes, unknown] = /^Unknown option '(--?)([^']+)'/.exec(message) ?? [];
  if (unknown !== undefined) {
    const meant = optionMeant(unknown, known);
    return new Error(`expected an option, found ${dashes}${unknown}${meant ? `; did you mean --${meant}?` : ""}`);
  }
  const [, flag] = /^Option '(?:-\w, )?(--[^' ]+)/.exec(message) ?? [];
  if (flag && message.includes("does not take an argument"))
    return new Error(`expected ${flag} without a value, found one`);
  if (flag && message.includes("ambiguous")) {
    return new Error(
      `expected a value after ${flag}, found an option; one that begins with a dash is given as ${flag}=-…`,
    );
  }
  if (flag) return new Error(`expected a value after ${flag}, found none`);
  const [, word] = /^Unexpected argument '([^']*)'/.exec(message) ?? [];
  return new Error(word === undefined ? message : `expected options alone, found ${word}`);
}

/** The one option that begins so, else the one that looks most alike; a single letter looks like any. */
function optionMeant(unknown: string, known: readonly string[]): string | undefined {
  const begun = known.filter((each) => each.startsWith(unknown));
  if (begun.length === 1) return begun[0];
  return unknown.length === 1 ? undefined : nearest(unknown, known);
}
