import { expect } from "chai";
import {
  dumpMachinePolicy,
  dumpPolicy,
  preparePolicy,
  starterPolicy,
  sweeperPolicy,
} from "../../../components/replication/dump-policies.ts";
import { dumpNames } from "../../../lambdas/database/layout.ts";

interface Statement {
  Sid: string;
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
  Condition?: unknown;
}

const bucketArn = "arn:aws:s3:::shop-dumps-1a2b3c4";
const databaseArn = "arn:aws:rds:eu-west-1:111122223333:db:shop-database-server-1a2b3c4";
const machineArn = "arn:aws:states:eu-west-1:111122223333:stateMachine:shop-dump-machine";
const functionArns = ["prepare", "dump"].map((name) => `arn:aws:lambda:eu-west-1:111122223333:function:${name}`);
const logGroupArn = "arn:aws:logs:eu-west-1:111122223333:log-group:shop-dump-logs";
const [secretArn, other] = ["dump", "admin"].map(
  (name) => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`,
) as [string, string];
const replicaPrefix = "shop-dump-a1b2c3";
const REPLICAS = `arn:aws:rds:eu-west-1:111122223333:db:${replicaPrefix}-*`;

function statementsOf(policy: string): Statement[] {
  return (JSON.parse(policy) as { Statement: Statement[] }).Statement;
}

const listOf = (value: string | string[]) => [value].flat();

/** The resources on which a policy allows an action. */
function allowed(policy: string, action: string): string[] {
  return statementsOf(policy)
    .filter(({ Effect, Action }) => Effect === "Allow" && listOf(Action).includes(action))
    .flatMap(({ Resource }) => listOf(Resource));
}

function actionsIn(policy: string): string[] {
  return statementsOf(policy)
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action }) => listOf(Action));
}

/** Whether a name in the bucket is among those of a resource with stars. */
function covers(resources: string[], name: string): boolean {
  const forms = resources.map((resource) => new RegExp(`^${resource.split("*").map(RegExp.escape).join(".*")}$`));
  return forms.some((form) => form.test(`${bucketArn}/${name}`));
}

describe("the policy of the function that dumps", () => {
  const policy = dumpPolicy({ secretArn, bucketArn, logGroupArn });
  const names = dumpNames("daily", "20261121T021500Z");

  it("reads one secret, that of the user who only reads", () => {
    expect(allowed(policy, "secretsmanager:GetSecretValue")).to.deep.equal([secretArn]);
  });

  it("writes every name of a dump", () => {
    const written = allowed(policy, "s3:PutObject");
    for (const name of [names.plan, names.definitions, names.chunk(1), names.records(1), names.manifest]) {
      expect(covers(written, name), name).to.equal(true);
    }
  });

  it("reads back what it needs to seal one, and none of the rows", () => {
    const read = allowed(policy, "s3:GetObject");
    for (const name of [names.plan, names.definitions, names.records(1), names.manifest]) {
      expect(covers(read, name), name).to.equal(true);
    }
    expect(covers(read, names.chunk(1))).to.equal(false);
  });

  it("deletes nothing, and shortens no lock", () => {
    expect(actionsIn(policy).filter((action) => /s3:(Delete|Bypass|PutObjectRetention)/.test(action))).to.be.empty;
  });
});

for (const [of, policy] of [
  ["dumps", dumpPolicy({ secretArn, bucketArn, logGroupArn })],
  ["prepares", preparePolicy({ secretArns: [secretArn], logGroupArn })],
] as const) {
  describe(`the network of the function that ${of}`, () => {
    const addresses = (effect: string) =>
      statementsOf(policy).filter(({ Action, Effect }) => Effect === effect && listOf(Action)[0]?.startsWith("ec2:"));

    it("is joined by Lambda with the function's role, and by the function's own code never", () => {
      const [allow, ...others] = addresses("Allow");
      const [deny] = addresses("Deny");
      expect(others).to.be.empty;
      expect(allow?.Action).to.include("ec2:CreateNetworkInterface");
      expect(deny?.Action).to.deep.equal(allow?.Action);
      expect(deny?.Condition).to.deep.equal({ Null: { "lambda:SourceFunctionArn": "false" } });
    });
  });
}

describe("the policy of the function that prepares the primary", () => {
  const policy = preparePolicy({ secretArns: [other, secretArn], logGroupArn });

  it("reads the secrets that it is given, and no bucket", () => {
    expect(allowed(policy, "secretsmanager:GetSecretValue")).to.deep.equal([other, secretArn]);
    expect(actionsIn(policy).filter((action) => action.startsWith("s3:"))).to.be.empty;
  });
});

describe("the policy of the machine that dumps", () => {
  const policy = dumpMachinePolicy({ machineArn, functionArns, bucketArn, databaseArn, replicaPrefix });

  it("makes replicas of the one database, under its own prefix, with whichever groups of RDS's that has", () => {
    expect(allowed(policy, "rds:CreateDBInstanceReadReplica")).to.deep.equal([
      databaseArn,
      REPLICAS,
      ...["og", "pg", "subgrp"].map((kind) => `arn:aws:rds:eu-west-1:111122223333:${kind}:*`),
    ]);
  });

  it("looks at the database and at its replicas", () => {
    expect(allowed(policy, "rds:DescribeDBInstances")).to.deep.equal([databaseArn, REPLICAS]);
  });

  it("tags and deletes what bears its prefix, and never the database", () => {
    for (const action of ["rds:DeleteDBInstance", "rds:AddTagsToResource"]) {
      expect(allowed(policy, action), action).to.deep.equal([REPLICAS]);
    }
  });

  it("invokes both functions, and reads the list of chunks", () => {
    expect(allowed(policy, "lambda:InvokeFunction")).to.deep.equal(functionArns);
    expect(covers(allowed(policy, "s3:GetObject"), dumpNames("daily", "20261121T021500Z").plan)).to.equal(true);
  });

  it("runs the chunks as executions of itself", () => {
    const executions = machineArn.replace("stateMachine", "execution");
    expect(allowed(policy, "states:StartExecution")).to.deep.equal([machineArn]);
    expect(allowed(policy, "states:StopExecution")).to.deep.equal([`${executions}:*`, `${executions}/*`]);
  });
});

describe("the policy of the sweeper", () => {
  const policy = sweeperPolicy({ dumpMachineArn: machineArn, databaseArn, replicaPrefix });

  it("looks for dumps at work and lists all instances, for there is no list of some", () => {
    expect(allowed(policy, "states:ListExecutions")).to.deep.equal([machineArn]);
    expect(allowed(policy, "rds:DescribeDBInstances")).to.deep.equal(["arn:aws:rds:eu-west-1:111122223333:db:*"]);
  });

  it("deletes replicas of dumps, and does nothing else", () => {
    expect(allowed(policy, "rds:DeleteDBInstance")).to.deep.equal([REPLICAS]);
    expect(actionsIn(policy)).to.have.length(3);
  });
});

describe("the policy of a schedule of a machine", () => {
  it("starts that machine, and nothing else", () => {
    expect(actionsIn(starterPolicy(machineArn))).to.deep.equal(["states:StartExecution"]);
    expect(allowed(starterPolicy(machineArn), "states:StartExecution")).to.deep.equal([machineArn]);
  });
});
