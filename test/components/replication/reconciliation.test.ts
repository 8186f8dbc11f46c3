import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { invokerTrustPolicy, reconciliationPolicy } from "../../../components/replication/policies.ts";
import { Reconciliation } from "../../../components/replication/reconciliation.ts";
import { reconciliationPlan } from "../../../components/replication/reconciliation-plan.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { arn } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const BUCKET = { bucketName: "shop-content-1a2b3c4", bucketArn: "arn:aws:s3:::shop-content-1a2b3c4" };
const functionArn = arn("lambda", "function:shop-objects-replicator");

describe("Reconciliation", () => {
  let resources: Registrations;
  let reconciliation: Reconciliation;
  const inputsOf = (name: string) => resources.named(name).inputs;

  before(async () => {
    ({ resources, result: reconciliation } = await deploy(
      () =>
        new Reconciliation("shop-reconciliation", {
          source: { bucketName: pulumi.output(BUCKET.bucketName), bucketArn: pulumi.output(BUCKET.bucketArn) },
          functionArn: pulumi.output(functionArn),
          concurrency: 20,
          tags: TAGS,
        }),
    ));
  });

  it("keeps the rules of the house, and protects nothing: it holds no data", () => {
    expectHouseRules(resources, "shop-reconciliation", "multicloud-dr:replication:Reconciliation");
    expectProtected(resources, []);
  });

  it("runs the plan, for as long as it takes", () => {
    const { type, definition } = inputsOf("shop-reconciliation-machine");
    expect(type).to.equal("STANDARD");
    const { bucketName } = BUCKET;
    expect(JSON.parse(String(definition))).to.deep.equal(
      reconciliationPlan({ bucketName, functionArn, concurrency: 20 }),
    );
  });

  it("works as its own role, which Step Functions alone may take on, for this account", () => {
    expect(inputsOf("shop-reconciliation-role").assumeRolePolicy).to.equal(
      invokerTrustPolicy("states.amazonaws.com", functionArn),
    );
    expect(inputsOf("shop-reconciliation-machine").roleArn).to.match(/:role\/shop-reconciliation-role-/);
  });

  it("has the rights of the policy, on this bucket, this function and itself", async () => {
    const stateMachineArn = await settled(reconciliation.stateMachineArn);
    expect(stateMachineArn).to.match(
      /^arn:aws:states:eu-west-1:111122223333:stateMachine:shop-reconciliation-machine-/,
    );
    const { bucketArn } = BUCKET;
    const { role, policy } = inputsOf("shop-reconciliation-rights");
    expect(role).to.match(/^shop-reconciliation-role-/);
    expect(policy).to.equal(reconciliationPolicy({ bucketArn, functionArn, stateMachineArn }));
  });

  it("makes no bucket and no inventory: it only reads what it is shown", () => {
    expect(resources.names).to.deep.equal([
      ...["shop-reconciliation-machine", "shop-reconciliation-rights", "shop-reconciliation-role"],
    ]);
  });
});
