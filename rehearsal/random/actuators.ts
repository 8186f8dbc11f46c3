import { randomInt, randomUUID } from "node:crypto";
import type { Actuator, CheckContext, Registry } from "../provider/actuator.ts";
import type { Properties } from "../provider/codec.ts";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
/** The special characters that the provider uses when none are named. */
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

/** What every type here has in common: it lives in the state alone and never changes in place. */
function drawn(
  draw: (inputs: Properties) => { id: string; properties: Properties },
  check?: Actuator<null>["check"],
): Actuator<null> {
  return {
    check,
    create: async (inputs) => draw(inputs),
    read: async ({ properties }) => properties,
    delete: async () => {},
  };
}

const string = drawn((inputs) => {
  const result = drawString(inputs);
  return { id: result, properties: { result } };
}, lengthCheck);

const password = drawn((inputs) => ({ id: "none", properties: { result: drawString(inputs) } }), lengthCheck);

const uuid = drawn(() => {
  const result = randomUUID();
  return { id: result, properties: { result } };
});

/** What the local random provider makes; a type that is not here is only recorded. */
export const RANDOM_ACTUATORS: Registry<null> = new Map([
  ["random:index/randomPassword:RandomPassword", password],
  ["random:index/randomString:RandomString", string],
  ["random:index/randomUuid:RandomUuid", uuid],
]);

/** The kinds of characters that a string is drawn from, each with how many of it there must be. */
function kindsOf(inputs: Properties): { characters: string; least: number }[] {
  return [
    { use: inputs.lower, characters: LOWER, least: inputs.minLower },
    { use: inputs.upper, characters: LOWER.toUpperCase(), least: inputs.minUpper },
    { use: inputs.numeric ?? inputs.number, characters: DIGITS, least: inputs.minNumeric },
    { use: inputs.special, characters: String(inputs.overrideSpecial || SPECIAL), least: inputs.minSpecial },
  ]
    .filter(({ use }) => use !== false)
    .map(({ characters, least }) => ({ characters, least: Number(least ?? 0) }));
}

function drawString(inputs: Properties): string {
  const kinds = kindsOf(inputs);
  const all = kinds.map(({ characters }) => characters).join("");
  const drawn = kinds.flatMap(({ characters, least }) => Array.from({ length: least }, () => pick(characters)));
  while (drawn.length < Number(inputs.length)) drawn.push(pick(all));
  // The required ones stand first until they are shuffled.
  for (let i = drawn.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [drawn[i], drawn[j]] = [drawn[j] ?? "", drawn[i] ?? ""];
  }
  return drawn.join("");
}

function pick(characters: string): string {
  return characters.charAt(randomInt(characters.length));
}

function lengthCheck(inputs: Properties, { unknown }: CheckContext<null>) {
  if (unknown.has("length")) return [];
  const length = Number(inputs.length);
  const kinds = kindsOf(inputs);
  const least = kinds.reduce((sum, kind) => sum + kind.least, 0);
  if (!(length >= 1) || length < least) {
    return [
      { property: "length", reason: `${inputs.length}; expected at least 1 and the sum of the least counts, ${least}` },
    ];
  }
  if (kinds.length === 0) return [{ property: "lower", reason: "no kind of character is allowed; allow one" }];
  return [];
}
