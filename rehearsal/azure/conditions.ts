/** What a request is, as far as a condition may ask. */
export interface Asked {
  /** The action that the request needs. */
  action: string;
  /** What of the action it is. @example "Blob.List" */
  subOperation: string | undefined;
  /** Attributes that the request or its resource has. @example { "@Resource[…/containers:name]": "content" } */
  attributes: Readonly<Record<string, string | boolean>>;
}

type Condition = (asked: Asked) => boolean;

/** What a condition compares by. An attribute that is not there compares with nothing. */
const OPERATORS: Readonly<Record<string, (found: string, given: string) => boolean>> = {
  BoolEquals: (found, given) => found === given,
  BoolNotEquals: (found, given) => found !== given,
  StringEquals: (found, given) => found === given,
  StringNotEquals: (found, given) => found !== given,
  StringEqualsIgnoreCase: (found, given) => found.toLowerCase() === given.toLowerCase(),
  StringStartsWith: (found, given) => found.startsWith(given),
  StringNotStartsWith: (found, given) => !found.startsWith(given),
};

const TOKEN = /\s*(\w+\{'[^']*'\}|@\w+\[[^\]]+\]|'(?:[^']|'')*'|&&|\|\||[!()]|\w+)/y;

/**
 * Reads the condition of a role assignment ("Azure role assignment condition format and syntax").
 *
 * @throws Error for one that cannot be read here
 */
export function parseCondition(text: string): Condition {
  const tokens = tokensOf(text);
  const take = (...expected: string[]): boolean => {
    const found = expected.includes(tokens[0] ?? "");
    if (found) tokens.shift();
    return found;
  };

  function either(): Condition {
    const parts = [both()];
    while (take("OR", "||")) parts.push(both());
    return (asked) => parts.some((part) => part(asked));
  }

  function both(): Condition {
    const parts = [one()];
    while (take("AND", "&&")) parts.push(one());
    return (asked) => parts.every((part) => part(asked));
  }

  function one(): Condition {
    if (take("!", "NOT")) {
      const inner = one();
      return (asked) => !inner(asked);
    }
    if (take("(")) {
      const inner = either();
      if (!take(")")) throw new Error(`a ")" is missing before "${tokens.join(" ")}"`);
      return inner;
    }
    const token = tokens.shift() ?? "";
    const [, name, argument = ""] = /^(\w+)\{'([^']*)'\}$/.exec(token) ?? [];
    if (name === "ActionMatches") return ({ action }) => like(argument, action);
    if (name === "SubOperationMatches") return ({ subOperation }) => subOperation === argument;
    if (token === "Exists") return existence(tokens.shift() ?? "");
    if (token.startsWith("@")) return comparison(token, tokens.shift() ?? "", tokens.shift() ?? "");
    throw new Error(`"${token}" is nothing that a condition may say here`);
  }

  const condition = either();
  if (tokens.length > 0) throw new Error(`"${tokens.join(" ")}" is left over at the end`);
  return condition;
}

/** Whether there is such an attribute: a tag that the blob has, a version that is asked for. */
function existence(attribute: string): Condition {
  if (!attribute.startsWith("@")) throw new Error(`"${attribute}" is no attribute, of which Exists could be asked`);
  return ({ attributes }) => attributes[attribute] !== undefined;
}

function comparison(attribute: string, operator: string, given: string): Condition {
  const compare = OPERATORS[operator];
  if (!compare)
    throw new Error(`"${operator}" is no comparison that is known here: ${Object.keys(OPERATORS).join(", ")}`);
  if (!/^('.*'|true|false)$/i.test(given)) throw new Error(`"${given}" is no value: a quoted text, true or false`);
  const value = given.startsWith("'") ? given.slice(1, -1).replaceAll("''", "'") : given.toLowerCase();
  return ({ attributes }) => {
    const found = attributes[attribute];
    return found !== undefined && compare(String(found), value);
  };
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  for (let end = 0; end < trimmed.length; end = TOKEN.lastIndex) {
    const [, token] = TOKEN.exec(trimmed) ?? [];
    if (token === undefined) throw new Error(`"${trimmed.slice(end, end + 20)}" cannot be read`);
    tokens.push(token);
  }
  return tokens;
}

/** Whether an action is the one that is named; `*` stands for anything. */
export function like(pattern: string, action: string): boolean {
  const escaped = pattern.split("*").map((piece) => piece.replace(/[.\\+?^${}()|[\]]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`, "i").test(action);
}
