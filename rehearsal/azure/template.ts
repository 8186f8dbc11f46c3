/**
 * The template language of the Resource Manager, as far as the project's templates use it: strings in brackets are
 * expressions of function calls ("Syntax and expressions in ARM templates").
 */

/** A function of the language, on values. */
type TemplateFunction = (...values: unknown[]) => unknown;

export type TemplateFunctions = Readonly<Record<string, TemplateFunction>>;

/** A text in quotes, a name, or a sign. */
const TOKEN = /\s*(?:'((?:[^']|'')*)'|([A-Za-z]\w*)|([().,]))/y;

interface Token {
  text?: string;
  name?: string;
  sign?: string;
}

/** A value with all its expressions evaluated. @throws Error that names the expression that is wrong */
export function evaluate(value: unknown, functions: TemplateFunctions): unknown {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, functions));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluate(item, functions)]));
  }
  if (typeof value !== "string" || !value.startsWith("[") || !value.endsWith("]")) return value;
  // A text that begins with a bracket is written with two.
  if (value.startsWith("[[")) return value.slice(1);
  try {
    return new Expression(value.slice(1, -1), functions).value();
  } catch (error) {
    throw new Error(`InvalidTemplate: in ${value}: ${(error as Error).message}`, { cause: error });
  }
}

/** One expression, evaluated as it is read. */
class Expression {
  readonly #tokens: Token[];
  readonly #functions: TemplateFunctions;

  constructor(source: string, functions: TemplateFunctions) {
    this.#tokens = tokensOf(source);
    this.#functions = functions;
  }

  value(): unknown {
    const value = this.#term();
    if (this.#tokens.length > 0) throw new Error(`expected the end, found ${JSON.stringify(this.#tokens[0])}`);
    return value;
  }

  #term(): unknown {
    const { text, name } = this.#next();
    if (text !== undefined) return text;
    const called = name === undefined ? undefined : this.#functions[name];
    if (!called) throw new Error(`there is no function ${name}`);
    let value = called(...this.#values());
    while (this.#takes(".")) value = propertyOf(value, this.#next().name);
    return value;
  }

  #values(): unknown[] {
    const values: unknown[] = [];
    if (!this.#takes("(")) throw new Error("expected (");
    if (this.#takes(")")) return values;
    do values.push(this.#term());
    while (this.#takes(","));
    if (!this.#takes(")")) throw new Error("expected )");
    return values;
  }

  #takes(sign: string): boolean {
    if (this.#tokens[0]?.sign !== sign) return false;
    this.#tokens.shift();
    return true;
  }

  #next(): Token {
    const token = this.#tokens.shift();
    if (!token) throw new Error("it ends too early");
    return token;
  }
}

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const text = source.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`unexpected ${text.slice(at)}`);
    tokens.push({ text: match[1]?.replaceAll("''", "'"), name: match[2], sign: match[3] });
  }
  return tokens;
}

function propertyOf(value: unknown, name = ""): unknown {
  const found = (value as Record<string, unknown> | undefined)?.[name];
  if (found === undefined) throw new Error(`there is no property ${name}`);
  return found;
}
