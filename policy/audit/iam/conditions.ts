import { covers, overlaps } from "./patterns.ts";

/**
 * What is known of a request beside who asks for what: the values of a key, or null where it is sure that the key is
 * absent. A key that is not listed is unknown.
 */
export type Context = ReadonlyMap<string, readonly string[] | null>;

/** Every operator of "IAM JSON policy elements: Condition operators". */
export const OPERATOR =
  /^(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals(IgnoreCase)?|Like)|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like)|Null)(IfExists)?$/;

/** Yes, no, or undefined: it cannot be told. */
export type Answer = boolean | undefined;

/**
 * Whether a statement's condition holds: every operator and every key in it ("Conditions with multiple context keys or
 * values").
 */
export function holds(condition: Record<string, Record<string, string[]>> | undefined, context: Context): Answer {
  let answer: Answer = true;
  for (const [operator, keys] of Object.entries(condition ?? {})) {
    for (const [key, wanted] of Object.entries(keys)) {
      const one = compare(operator, wanted, valuesOf(context, key), context);
      if (one === false) return false;
      if (one === undefined) answer = undefined;
    }
  }
  return answer;
}

/** Keys are told apart without regard to capitals. */
function valuesOf(context: Context, key: string): readonly string[] | null | undefined {
  const exact = context.get(key);
  if (exact !== undefined) return exact;
  for (const [name, values] of context) if (name.toLowerCase() === key.toLowerCase()) return values;
  return undefined;
}

function compare(
  operator: string,
  wanted: string[],
  found: readonly string[] | null | undefined,
  context: Context,
): Answer {
  if (found === undefined) return undefined;
  const set = /^(ForAllValues|ForAnyValue):/.exec(operator)?.[1];
  const ifExists = operator.endsWith("IfExists");
  const bare = operator.replace(/^.*:/, "").replace(/IfExists$/, "");
  if (bare === "Null") return wanted.includes(String(found === null));
  const negated = /Not/.test(bare);
  // What is absent matches nothing, so a negated operator holds; of none, all values match ("Condition operators").
  if (found === null) return ifExists || negated || set === "ForAllValues";
  const outcomes = found.map((value) => one(bare.replace("Not", ""), wanted, value, context));
  const matches = set === "ForAllValues" ? all(outcomes) : any(outcomes);
  if (!negated || matches === undefined) return matches;
  return set === "ForAnyValue" ? not(all(outcomes)) : not(any(outcomes));
}

function one(operator: string, wanted: string[], value: string, context: Context): Answer {
  return any(wanted.map((text) => match(operator, text, value, context)));
}

/** A pattern with a variable in it that nobody knows may match anything. */
function match(operator: string, wanted: string, value: string, context: Context): Answer {
  const { text, unknown } = fillIn(wanted, context);
  switch (operator) {
    case "StringEquals":
      return unknown ? undefined : text === value;
    case "StringEqualsIgnoreCase":
      return unknown ? undefined : text.toLowerCase() === value.toLowerCase();
    case "Bool":
      return unknown ? undefined : text.toLowerCase() === value.toLowerCase();
    case "StringLike":
    case "ArnEquals":
    case "ArnLike":
      if (unknown) return overlaps(text, value) ? undefined : false;
      // A value with a star in it is one of which only a part is known.
      return covers(text, value) || (overlaps(text, value) ? undefined : false);
    case "NumericEquals":
    case "NumericLessThan":
    case "NumericLessThanEquals":
    case "NumericGreaterThan":
    case "NumericGreaterThanEquals":
      return unknown ? undefined : compareNumbers(operator, Number(value), Number(text));
    default:
      // Dates, addresses and bytes depend on when and from where somebody comes, which whoever destroys chooses.
      return undefined;
  }
}

function compareNumbers(operator: string, value: number, wanted: number): Answer {
  if (Number.isNaN(value) || Number.isNaN(wanted)) return undefined;
  if (operator.endsWith("ThanEquals") && value === wanted) return true;
  if (operator.includes("Less")) return value < wanted;
  if (operator.includes("Greater")) return value > wanted;
  return value === wanted;
}

/** A text with its policy variables filled in ("IAM policy elements: Variables and tags"), a star for each unknown one. */
export function fillIn(text: string, context: Context): { text: string; unknown: boolean } {
  let unknown = false;
  const filled = text.replaceAll(/\$\{([^},]+)(?:,\s*'([^']*)')?\}/g, (_, key: string, fallback?: string) => {
    if (key === "*" || key === "?" || key === "$") return key;
    const values = valuesOf(context, key);
    if (values?.length === 1 && values[0] !== undefined) return values[0];
    if (values === null && fallback !== undefined) return fallback;
    unknown = true;
    return "*";
  });
  return { text: filled, unknown };
}

function any(answers: Answer[]): Answer {
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

function all(answers: Answer[]): Answer {
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

function not(answer: Answer): Answer {
  return answer === undefined ? undefined : !answer;
}
