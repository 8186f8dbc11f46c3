import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";

type Automation = typeof import("@pulumi/pulumi/automation/index.js");

/** The engine that is installed, and what drives it. @throws Error that says how to get one, where there is none */
export async function engineOnPath(): Promise<{ automation: Automation; pulumiCommand: PulumiCommand }> {
  // Loaded here only: it takes half a second, which a command's --help should not.
  const automation = await import("@pulumi/pulumi/automation/index.js");
  const pulumiCommand = await automation.PulumiCommand.get().catch((error: Error) => {
    const [last] = error.message.trim().split("\n").slice(-1);
    throw new Error(
      "expected the command pulumi on the PATH, found none that can be used; install it as Pulumi's documentation " +
        `says ("Download & install Pulumi"), or, for the local clouds alone, run this in \`npm run shell\` (${last?.trim()})`,
      { cause: error },
    );
  });
  return { automation, pulumiCommand };
}
