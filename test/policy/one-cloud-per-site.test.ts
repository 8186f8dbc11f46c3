import type { PolicyResource, StackValidationArgs } from "@pulumi/policy";
import { expect } from "chai";
import { oneCloudPerSite } from "../../policy/one-cloud-per-site.ts";

/** The violations of a stack that registers resources of these types. */
function violationsOf(...types: string[]): string[] {
  const messages: string[] = [];
  const resources = types.map((type) => ({ type, name: "x", urn: `urn:pulumi:s::p::${type}::x` }) as PolicyResource);
  oneCloudPerSite.validateStack({ resources } as StackValidationArgs, (message) => messages.push(message));
  return messages;
}

const PRIMARY = "multicloud-dr:primary:Network";
const STANDBY = "multicloud-dr:standby:Network";

describe("policy one-cloud-per-site", () => {
  it("lets each site register its own cloud", () => {
    expect(violationsOf(PRIMARY, "aws:ec2/vpc:Vpc", "pulumi:providers:aws")).to.be.empty;
    expect(violationsOf(STANDBY, "azure-native:network:VirtualNetwork", "random:index/randomUuid:RandomUuid")).to.be
      .empty;
  });

  it("stops a standby that needs AWS, even if only for a provider", () => {
    expect(violationsOf(STANDBY, "aws:s3/bucket:Bucket").join()).to.include("declare it in stack link or traffic");
    expect(violationsOf(STANDBY, "pulumi:providers:aws")).to.have.length(1);
    expect(violationsOf(STANDBY, "aws-native:s3:Bucket")).to.have.length(1);
  });

  it("stops a primary that needs Azure", () => {
    expect(violationsOf(PRIMARY, "azure-native:resources:ResourceGroup")).to.have.length(1);
  });

  it("stops a site that reads another stack's state", () => {
    expect(violationsOf(STANDBY, "pulumi:pulumi:StackReference")).to.have.length(1);
  });

  it("says nothing of a stack without a site: that one may need both clouds", () => {
    const both = ["multicloud-dr:replication:Trust", "aws:iam/role:Role", "azure-native:storage:BlobContainer"];
    expect(violationsOf(...both, "pulumi:pulumi:StackReference")).to.be.empty;
  });
});
