import * as pulumi from "@pulumi/pulumi";

/** Another stack of this project, as one workload reads it. */
export interface Reference {
  stack: pulumi.StackReference;
  workload: string;
}

/** Both sites, as one workload reads them. */
export interface Sides {
  primary: Reference;
  standby: Reference;
}

/**
 * Another stack of this project, read by the name that config gives it.
 *
 * The full name works with every backend: where there are no organizations, Pulumi calls it `organization`.
 */
export function stackOf(name: string): pulumi.StackReference {
  return new pulumi.StackReference(`${pulumi.getOrganization()}/${pulumi.getProject()}/${name}`);
}

/**
 * An output of another stack, of the same workload there: at the top where that stack has one workload, else
 * under its name.
 *
 * @throws pulumi.RunError inside the output, when that stack does not have it
 */
export function outputOf(reference: Reference, output: string): pulumi.Output<string> {
  return anyOutputOf(reference, output).apply(String);
}

/** An output that is a list; see {@link outputOf}. */
export function listOf(reference: Reference, output: string): pulumi.Output<string[]> {
  return anyOutputOf(reference, output).apply((value) => value as string[]);
}

/** An output that is an object; see {@link outputOf}. */
export function objectOf<T extends object>(reference: Reference, output: string): pulumi.Output<T> {
  return anyOutputOf(reference, output).apply((value) => value as T);
}

/** An output that a stack has only now and then. @returns undefined inside the output, where it has none */
export function outputIfAny(reference: Reference, output: string): pulumi.Output<string | undefined> {
  // The workload itself must be there: one that is not deployed says nothing at all.
  return pulumi
    .all([outputOf(reference, "workload"), look(reference, output)])
    .apply(([, { found }]) => (found === undefined ? undefined : String(found)));
}

/**
 * An output that decides what is registered, waited for so that a program can still stop before it registers anything.
 *
 * @throws pulumi.RunError when that stack does not have it
 */
export async function knownOf<T>(reference: Reference, output: string): Promise<T> {
  return required(await lookNow(reference, output), reference, output) as T;
}

/** The same, of an output that a stack has only now and then. @returns undefined where it has none */
export async function knownIfAny<T>(reference: Reference, output: string): Promise<T | undefined> {
  return (await lookNow(reference, output)).found as T | undefined;
}

async function lookNow(reference: Reference, output: string): Promise<Looked> {
  const { stack } = reference;
  const values = placesOf(reference, output).map(async (place) => (await stack.getOutputDetails(place)).value);
  const name = new Promise<string>((resolve) => {
    stack.name.apply(resolve);
  });
  return seen(reference, output, [await name, ...(await Promise.all(values))]);
}

function anyOutputOf(reference: Reference, output: string): pulumi.Output<unknown> {
  return look(reference, output).apply((looked) => required(looked, reference, output));
}

/** What was found of an output, and what it was looked for in. */
interface Looked {
  name: string;
  single: unknown;
  found: unknown;
}

function required({ name, single, found }: Looked, { workload }: Reference, output: string): unknown {
  if (found !== undefined) return found;
  const short = name.slice(name.lastIndexOf("/") + 1);
  const whose = single && single !== workload ? `, its workload is ${single}` : "";
  throw new pulumi.RunError(
    `stack ${name} has no output ${output} of workload ${workload}${whose}: deploy it first, and as it is now, with \`pulumi up --stack ${short}\``,
  );
}

function look(reference: Reference, output: string): pulumi.Output<Looked> {
  const { stack } = reference;
  // One by one: what is secret among the outputs makes only itself so.
  const values = placesOf(reference, output).map((place) => stack.getOutput(place));
  return pulumi.all([stack.name, ...values]).apply((all) => seen(reference, output, all));
}

/** An output's two places, under the workload's name or at the top; and whose the top is. */
function placesOf({ workload }: Reference, output: string): string[] {
  return [workload, "workload", output];
}

function seen({ workload }: Reference, output: string, [name, listed, single, value]: unknown[]): Looked {
  const own = (listed as Record<string, unknown> | undefined)?.[output];
  return { name: String(name), single, found: listed ? own : single === workload ? value : undefined };
}
