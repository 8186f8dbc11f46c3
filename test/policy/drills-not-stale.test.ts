import type { PolicyResource, StackValidationArgs } from "@pulumi/policy";
import { expect } from "chai";
import { drillsNotStale } from "../../policy/drills-not-stale.ts";

const GROUP = "azure-native:resources:ResourceGroup";
const STANDBY = "multicloud-dr:standby:StandbySite";

/** The violations of a stack whose resource group has these tags, on the last day of November 2026. */
function violationsOf(tags: Record<string, string> | undefined, component = STANDBY): string[] {
  const messages: string[] = [];
  const resource = (type: string, props: object) =>
    ({ type, name: "shop", urn: `urn:${type}`, props }) as PolicyResource;
  const resources = [resource(component, {}), resource(GROUP, { tags })];
  const policy = drillsNotStale(() => new Date("2026-11-30T12:00:00Z"));
  policy.validateStack({ resources } as StackValidationArgs, (message) => messages.push(message));
  return messages;
}

describe("policy drills-not-stale", () => {
  it("is content with a drill of this quarter, of the last, and of the one before", () => {
    for (const LastDrill of ["2026-11-29", "2026-08-01", "2026-04-01"]) expect(violationsOf({ LastDrill })).to.be.empty;
  });

  it("complains once two quarters were skipped, and says what to do", () => {
    const [message] = violationsOf({ LastDrill: "2026-03-31" });
    expect(message).to.include("drilled last on 2026-03-31, and 2 quarters were skipped since");
    expect(message).to.include("npm run dr -- drill");
  });

  it("complains of a standby that was never drilled", () => {
    expect(violationsOf(undefined).join()).to.include("was never drilled");
    expect(violationsOf({ Owner: "platform-team" })).to.have.length(1);
  });

  it("says nothing of other stacks", () => {
    expect(violationsOf(undefined, "multicloud-dr:primary:PrimarySite")).to.be.empty;
  });

  it("advises, for a preview must go through on the day of a disaster too", () => {
    expect(drillsNotStale().enforcementLevel).to.equal("advisory");
  });
});
