import { z } from "zod";

/** One key of the configuration: how to read it, and what to tell somebody who got it wrong. */
export interface Field<T> {
  schema: z.ZodType<T, string>;
  expected: string;
  example: string;
  /** The only values there are, where they can be counted. */
  values?: readonly string[];
  /** Never shown, whatever is wrong with it. */
  secret?: boolean;
}

export function text(pattern: RegExp, expected: string, example: string): Field<string> {
  return { schema: z.string().regex(pattern), expected, example };
}

export function choice<const T extends string>(values: readonly [T, ...T[]], expected: string): Field<T> {
  const schema = z.enum(values) as unknown as z.ZodType<T, string>;
  return { schema, expected: `${expected}: ${values.join(", ")}`, example: values[0], values };
}

/** One of more values than a message should list. */
export function oneOf(values: readonly string[], expected: string, example: string): Field<string> {
  return { schema: z.string().refine((value) => values.includes(value)), expected, example, values };
}

export function whole(min: number, max: number, expected: string, example: number): Field<number> {
  const schema = z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((n) => n >= min && n <= max);
  return { schema, expected: `${expected}, a whole number from ${min} to ${max}`, example: String(example) };
}

export function oneNumberOf(numbers: readonly number[], expected: string, example: number): Field<number> {
  const values = numbers.map(String);
  const schema = z
    .string()
    .refine((value) => values.includes(value))
    .transform(Number);
  return { schema, expected: `${expected}: ${values.join(", ")}`, example: String(example), values };
}

export function flag(expected: string, example: boolean): Field<boolean> {
  const schema = z.enum(["true", "false"]).transform((value) => value === "true");
  return {
    schema: schema as unknown as z.ZodType<boolean, string>,
    expected: `${expected}, true or false`,
    example: String(example),
  };
}
