import { DescribeDBInstancesCommand } from "@aws-sdk/client-rds";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { DescribeExecutionCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { type Connection, createConnection } from "mysql2/promise";
import { bundleFile } from "../../../components/function-bundle.ts";
import { DATABASE_PARAMETERS } from "../../../components/primary/database-parameters.ts";
import type { AslMachine } from "../../../components/replication/asl.ts";
import { type DumpPlanArgs, dumpPlan } from "../../../components/replication/dump-plan.ts";
import { sweepPlan } from "../../../components/replication/sweep-plan.ts";
import { type Manifest, readManifest } from "../../../lambdas/database/manifest.ts";
import { until } from "../../support/until.ts";
import { archive, asset, trustIn } from "./inline-function.ts";
import type { Deployed, TestAws } from "./local-aws.ts";

export const BUCKET = "shop-dumps";
const ADMINISTRATOR = "dbadmin";
const PASSWORD = "not-so-secret";

/** What the replicas' identifiers begin with. */
export const PREFIX = "shop-dump";

/** What an execution came to. */
export interface Ended {
  status: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  output: unknown;
}

/** Has the function of the product beside it, and does something else where it is told to. */
const FAULTY = `
  const real = require("./real.js");
  exports.handler = async (event, context) => {
    if (event.action === process.env.DIES_AT) process.exit(1);
    if (event.action === process.env.FAILS_AT) throw new Error("killed at " + event.action);
    if (event.action === process.env.HANGS_AT) await new Promise((resolve) => setTimeout(resolve, 600_000));
    return real.handler(event, context);
  };`;

/** What a dump needs, deployed: a database with data, a bucket, both functions, and both state machines. */
export class DumpSite {
  readonly #aws: Pick<TestAws, "cloud" | "deploy">;
  readonly #functions = new Map<string, { deployed: Deployed; inputs: Record<string, unknown> }>();
  #roleArn = "";
  #args: DumpPlanArgs | undefined;
  #machine: Deployed | undefined;
  #sweeper: Deployed | undefined;
  #address = "";
  /** The machine that dumps, with less patience. */
  hasty: Deployed | undefined;

  constructor(aws: Pick<TestAws, "cloud" | "deploy">) {
    this.#aws = aws;
  }

  /** @param replicator password of the user by whom the database is followed live; without one nobody can */
  async deploy(replicator?: string): Promise<void> {
    const { id: bucketName } = await this.#aws.deploy("aws:s3/bucket:Bucket", { bucket: BUCKET });
    const parameters = DATABASE_PARAMETERS.map(({ name, value, applyMethod }) => ({ name, value, applyMethod }));
    await this.#aws.deploy("aws:rds/parameterGroup:ParameterGroup", { name: "shop", family: "mysql8.4", parameters });
    const database = await this.database("shop", { parameterGroupName: "shop" });
    this.#address = String(database.properties.address);
    const admin = await this.#secret("admin", ADMINISTRATOR, PASSWORD);
    const dump = await this.#secret("dump", "dr_dump", "another-not-so-secret");
    const prepareArn = await this.#function("primary", {
      DATABASE_HOST: this.#address,
      DATABASE_PORT: "3306",
      ADMIN_SECRET_ARN: admin,
      DUMP_SECRET_ARN: dump,
      ...(replicator && { REPLICATOR_SECRET_ARN: await this.#secret("replicator", "dr_replicator", replicator) }),
    });
    const dumpArn = await this.#function("dump", { DUMP_SECRET_ARN: dump, DUMP_BUCKET: bucketName });
    this.#roleArn = await this.#role("steps", "states.amazonaws.com");
    const args = { prepareArn, dumpArn, bucketName, concurrency: 2, tags: { Purpose: "dump" } };
    this.#args = { databaseIdentifier: "shop", replicaPrefix: PREFIX, ...args };
    this.#machine = await this.machine("dumps");
    // What is in the way in these tests stays in the way: one more try shows as much as nine.
    this.hasty = await this.machine("hasty", {}, (text) => text.replaceAll('"MaxAttempts":9', '"MaxAttempts":1'));
    this.#sweeper = await this.#state("sweeps", sweepPlan({ machineArn: this.#machine.id, replicaPrefix: PREFIX }));
  }

  /** A database instance of a few settings. */
  database(identifier: string, more: Record<string, unknown>): Promise<Deployed> {
    return this.#aws.deploy("aws:rds/instance:Instance", {
      ...{ identifier, engine: "mysql", engineVersion: "8.4", instanceClass: "db.t4g.medium", allocatedStorage: 20 },
      ...{
        username: ADMINISTRATOR,
        password: PASSWORD,
        backupRetentionPeriod: 7,
        skipFinalSnapshot: true,
        dbName: "shop",
      },
      ...more,
    });
  }

  /** A machine that dumps, as the product's but for what is given. @param change of its definition's text */
  machine(name: string, args: Partial<DumpPlanArgs> = {}, change = (text: string) => text): Promise<Deployed> {
    if (!this.#args) throw new Error("the site has to be deployed first");
    return this.#state(name, JSON.parse(change(JSON.stringify(dumpPlan({ ...this.#args, ...args })))));
  }

  /** Has the functions fail, die or hang at an action; do as the product's when nothing is given. */
  async trouble(variables: Partial<Record<"FAILS_AT" | "DIES_AT" | "HANGS_AT", string>>): Promise<void> {
    for (const { deployed, inputs } of this.#functions.values()) {
      const own = (inputs.environment as { variables: object }).variables;
      await deployed.update({ ...inputs, environment: { variables: { ...own, ...variables } } });
    }
  }

  /** @returns ARN of the execution */
  async start(machine = this.#machine): Promise<string> {
    const command = new StartExecutionCommand({ stateMachineArn: machine?.id });
    return String((await this.#aws.cloud.sfn.send(command)).executionArn);
  }

  async ended(executionArn: string): Promise<Ended> {
    const describe = () => this.#aws.cloud.sfn.send(new DescribeExecutionCommand({ executionArn }));
    await until(async () => (await describe()).status !== "RUNNING", "the execution ended", 110_000);
    const { status, error, cause, output } = await describe();
    return { status, error, cause, output: output === undefined ? undefined : JSON.parse(output) };
  }

  async run(machine = this.#machine): Promise<Ended> {
    return this.ended(await this.start(machine));
  }

  sweep(): Promise<Ended> {
    return this.run(this.#sweeper);
  }

  /** Identifiers and status of the replicas that there are. */
  async replicas(): Promise<{ id: string; status: string }[]> {
    const { DBInstances = [] } = await this.#aws.cloud.rds.send(new DescribeDBInstancesCommand({}));
    return DBInstances.map(({ DBInstanceIdentifier: id = "", DBInstanceStatus: status = "" }) => ({
      id,
      status,
    })).filter(({ id }) => id.startsWith(`${PREFIX}-`));
  }

  async manifests(): Promise<Manifest[]> {
    const { s3 } = this.#aws.cloud;
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: "manifests/" }));
    return Promise.all(
      Contents.map(async ({ Key = "" }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
        return readManifest(String(await Body?.transformToString()), Key);
      }),
    );
  }

  /** Where the primary answers. */
  get address(): string {
    return this.#address;
  }

  /** A connection to the primary, as its administrator. */
  connect(): Promise<Connection> {
    return createConnection({
      host: this.#address,
      user: ADMINISTRATOR,
      password: PASSWORD,
      ssl: {},
      database: "shop",
    });
  }

  async #secret(Name: string, username: string, password: string): Promise<string> {
    const SecretString = JSON.stringify({ username, password });
    const { ARN } = await this.#aws.cloud.secrets.send(new CreateSecretCommand({ Name, SecretString }));
    return String(ARN);
  }

  async #role(name: string, service: string): Promise<string> {
    const made = await this.#aws.deploy("aws:iam/role:Role", { name, assumeRolePolicy: trustIn(service) });
    return String(made.properties.arn);
  }

  async #function(name: "primary" | "dump", variables: Record<string, string>): Promise<string> {
    const role = await this.#role(name, "lambda.amazonaws.com");
    const Action = ["s3:*", "secretsmanager:GetSecretValue", "logs:*"];
    const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] };
    await this.#aws.deploy("aws:iam/rolePolicy:RolePolicy", { role: name, policy });
    const code = archive({
      assets: {
        "index.js": asset({ text: FAULTY }),
        "real.js": asset({ path: bundleFile(`database/${name}-handler.ts`) }),
      },
    });
    const inputs = {
      ...{ name, role, code, runtime: "nodejs24.x", handler: "index.handler", timeout: 60, memorySize: 512 },
      environment: { variables },
    };
    const deployed = await this.#aws.deploy("aws:lambda/function:Function", inputs);
    this.#functions.set(name, { deployed, inputs });
    return String(deployed.properties.arn);
  }

  #state(name: string, definition: AslMachine): Promise<Deployed> {
    const inputs = { name, type: "STANDARD", roleArn: this.#roleArn, definition: JSON.stringify(definition) };
    return this.#aws.deploy("aws:sfn/stateMachine:StateMachine", inputs);
  }
}
