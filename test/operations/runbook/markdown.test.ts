import { expect } from "chai";
import { renderRunbooks } from "../../../operations/runbook/markdown.ts";
import type { Runbook, RunbookStep } from "../../../operations/runbook/runbook.ts";

const step = (more: Partial<RunbookStep<never>> = {}): RunbookStep<never> => ({
  ...{ id: "up", title: "Bring it up", what: "Runs `pulumi up`.", byHand: [], limit: 60 },
  act: async () => undefined,
  ...more,
});
const runbook = (...steps: RunbookStep<never>[]): Runbook<never> => {
  return { name: "declare", title: "Declare a disaster", summary: "When AWS is down.", steps };
};

/** What stands of a step, besides its title. */
function rendered(more: Partial<RunbookStep<never>>): string {
  return renderRunbooks([runbook(step(more))], "").split("### 1. Bring it up\n\n")[1] ?? "";
}

describe("the printed runbook", () => {
  it("says of each operation when it is done, by which command, and step by step what is done", () => {
    const weights = step({ title: "Weigh", what: "Weighs.", limit: 120 });
    const text = renderRunbooks([runbook(step({ byHand: ["do it", "or ask"] }), weights), runbook()], "# Runbook");
    expect(text).to.equal(`# Runbook

## Declare a disaster

\`npm run dr -- declare\`

When AWS is down.

### 1. Bring it up

Runs \`pulumi up\`. At most 60 seconds.

If it fails, by hand:

- do it
- or ask

### 2. Weigh

Weighs. At most 2 minutes.

## Declare a disaster

\`npm run dr -- declare\`

When AWS is down.
`);
  });

  it("says of a step that can wait that the rest goes on", () => {
    expect(rendered({ canWait: true })).to.equal(
      "Runs `pulumi up`. At most 60 seconds. If it fails, the rest goes on, and it is done later.\n",
    );
  });

  it("says what people have to mind until then", () => {
    expect(rendered({ canWait: true, meanwhile: "Keep it shut." })).to.match(/ it is done later\. Keep it shut\.\n$/);
  });

  it("says after the limit what a step typically takes, where that is known", () => {
    expect(rendered({ typically: "it takes a second", canWait: true })).to.match(
      /^Runs `pulumi up`\. At most 60 seconds\. Typically it takes a second\. If it fails, /,
    );
  });

  it("tells limits in the unit that people would choose", () => {
    const limits = [90, 119, 120, 3600, 7199, 7200, 48 * 3600];
    expect(limits.map((limit) => /At most (.+)\.\n/.exec(rendered({ limit }))?.[1])).to.deep.equal([
      ...["90 seconds", "119 seconds", "2 minutes", "60 minutes", "120 minutes", "2 hours", "48 hours"],
    ]);
  });
});
