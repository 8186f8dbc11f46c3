import * as pulumi from "@pulumi/pulumi";

/**
 * Another stack of this project, read by the name that config gives it.
 *
 * The full name works with every backend: where there are no organizations, Pulumi calls it `organization`.
 */
export function stackOf(name: string): pulumi.StackReference {
  return new pulumi.StackReference(`${pulumi.getOrganization()}/${pulumi.getProject()}/${name}`);
}

/** An output of another stack; the deployment stops with both names when that stack does not have it. */
export function outputOf(stack: pulumi.StackReference, output: string): pulumi.Output<string> {
  return stack.requireOutput(output).apply(String);
}
