import { expect } from "chai";
import { FlowLog } from "../../../components/primary/flow-log.ts";
import { flowLogPolicy, flowLogTrust } from "../../../components/primary/flow-log-policies.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations } from "../../support/mocks.ts";

const VPC_ID = "vpc-0123456789abcdef0";

describe("FlowLog", () => {
  let resources: Registrations;

  before(async () => {
    const args = { vpcId: VPC_ID, retentionDays: 90, tags: TAGS };
    ({ resources } = await deploy(() => new FlowLog("shop-flows", args)));
  });

  it("keeps the rules of the house, and protects nothing: what it holds ages away", () => {
    expectHouseRules(resources, "shop-flows", "multicloud-dr:primary:FlowLog");
    expectProtected(resources, []);
  });

  it("writes down all traffic of the VPC, let through and refused, into its log group", () => {
    const { inputs } = resources.named("shop-flows-traffic");
    expect(inputs).to.include({ vpcId: VPC_ID, trafficType: "ALL", logDestinationType: "cloud-watch-logs" });
    expect(inputs.logDestination).to.match(/^arn:aws:logs:eu-west-1:111122223333:log-group:shop-flows-group/);
  });

  it("keeps the log for as many days as it is told", () => {
    expect(resources.named("shop-flows-group").inputs.retentionInDays).to.equal(90);
  });

  it("writes as a role of its own, with the rights of the policy", () => {
    const { iamRoleArn, logDestination } = resources.named("shop-flows-traffic").inputs;
    expect(iamRoleArn).to.match(/:role\/shop-flows-role-/);
    const { inputs } = resources.named("shop-flows-role");
    expect(inputs.assumeRolePolicy).to.equal(flowLogTrust(String(logDestination)));
    expect(resources.named("shop-flows-rights").inputs.policy).to.equal(flowLogPolicy(String(logDestination)));
  });

  it("begins when its role may write: what comes before is lost", () => {
    expect(resources.named("shop-flows-traffic").dependencies).to.include("shop-flows-rights");
  });
});
