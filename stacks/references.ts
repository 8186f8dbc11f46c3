import * as pulumi from "@pulumi/pulumi";

/**
 * Another stack of this project, read by the name that config gives it.
 *
 * The full name works with every backend: where there are no organizations, Pulumi calls it `organization`.
 */
export function stackOf(name: string): pulumi.StackReference {
  return new pulumi.StackReference(`${pulumi.getOrganization()}/${pulumi.getProject()}/${name}`);
}

/** An output of another stack. @throws pulumi.RunError inside the output, when that stack does not have it */
export function outputOf(stack: pulumi.StackReference, output: string): pulumi.Output<string> {
  return pulumi.all([stack.name, stack.getOutput(output)]).apply(([name, value]) => {
    if (value !== undefined) return String(value);
    const short = name.slice(name.lastIndexOf("/") + 1);
    throw new pulumi.RunError(
      `stack ${name} has no output ${output}: deploy it first, and as it is now, with \`pulumi up --stack ${short}\``,
    );
  });
}
