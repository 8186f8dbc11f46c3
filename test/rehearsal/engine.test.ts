import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { decommission } from "../../operations/decommission.ts";
import { openStack, STACKS, type StackName, up } from "../../operations/stacks.ts";
import { audit } from "../../policy/audit/audit.ts";
import { readPeople } from "../../policy/audit/people/read.ts";
import { readExport } from "../../policy/audit/resources.ts";
import { awsRemains } from "../../rehearsal/aws/remains.ts";
import { takeCensus } from "../../rehearsal/census.ts";
import { ROOT } from "../../rehearsal/project.ts";
import { run } from "../../rehearsal/tools/run.ts";
import { useStage } from "../support/stage.ts";

/** What watches, and what keeps a further copy: nobody is served by it. */
const RECORDED_ONLY = [
  "aws:backup/plan:Plan",
  "aws:backup/selection:Selection",
  "aws:backup/vault:Vault",
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
  "aws:cloudtrail/trail:Trail",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:ec2/flowLog:FlowLog",
  "aws:kms/key:Key",
  "aws:kms/keyPolicy:KeyPolicy",
  "aws:sns/topic:Topic",
  "aws:sns/topicPolicy:TopicPolicy",
  "azure-native:monitor:ActionGroup",
  "azure-native:monitor:ScheduledQueryRule",
];

/** Those that run by what they are given: environments, settings, definitions. */
const GIVEN = /:(Function|WebApp|StateMachine|ContainerApp)$/;

/** What a server is given, in base64; its user's own password is Azure's to know. */
const USER_DATA = /"userData":"([^"]+)"/;

/** How long a test may take that deploys whole stacks, in milliseconds; on two busy cores that takes its time. */
const DEPLOYMENT = 300_000;

describe("the real engine on the local clouds", () => {
  const test = useStage();
  const stacks: Partial<Record<StackName, Stack>> = {};
  const stack = (name: StackName) => stacks[name] as Stack;

  // All that there is to deploy, whatever is off by itself.
  before(async () => {
    const on = (text: string) => text.replace("config:\n", "config:\n  multicloud-dr:imageReplication: on\n");
    for (const name of ["dr", "link"]) await test.edit(name, on);
  });

  /** A stack of the suite's own, beside the project's four. */
  async function stackOf(stackName: string, program: () => Promise<void>): Promise<Stack> {
    const { folder, environment, engine } = test.stage.project;
    const created = await LocalWorkspace.createOrSelectStack(
      { stackName, projectName: "multicloud-dr", program },
      { workDir: folder, envVars: environment, pulumiCommand: engine },
    );
    await created.setConfig("aws:region", { value: "eu-west-1" });
    return created;
  }

  describe("with a configuration that is wrong", () => {
    after(() => test.restore("prod"));

    it("says everything that is wrong in one message, and deploys nothing", async () => {
      const found = () => awsRemains(test.stage.clouds.aws.connect("eu-west-1"));
      const before = await found();
      await test.edit("prod", (text) =>
        text
          .replace("workload: shop", "workload: Shop!")
          .replace(/ +multicloud-dr:owner: .*\n/, "")
          .replace('zones: "3"', "zones: three\n  multicloud-dr:primaryCdir: 10.0.0.0/16"),
      );
      const message = await up(await openStack(test.stage.project, "prod")).then(
        () => "",
        (error: Error) => error.message,
      );
      expect(message).to.include("4 problems in the configuration of stack prod");
      for (const key of ["workload", "owner", "zones", "primaryCdir"]) {
        expect(message).to.include(`multicloud-dr:${key}\n`);
      }
      expect(message).to.include("did you mean multicloud-dr:primaryCidr?");
      expect(await found()).to.deep.equal(before);
    });
  });

  it("deploys the four stacks in order, all that serves and all that holds data being real", async () => {
    const recorded = new Set<string>();
    for (const name of STACKS) {
      stacks[name] = await openStack(test.stage.project, name);
      // First a look at it with nothing there yet, when hardly anything is known; the policies say so, and stop nobody.
      const policyPacks = name === "link" ? [join(ROOT, "policy")] : [];
      const { changeSummary } = await stack(name).preview({ policyPacks });
      expect(changeSummary.create, name).to.be.greaterThan(0);
      await up(stack(name));
      const census = takeCensus(name, await stack(name).exportStack());
      expect(census).to.not.be.empty;
      for (const { type, actuated } of census) if (!actuated) recorded.add(type);
    }
    expect([...recorded].sort()).to.deep.equal(RECORDED_ONLY);
  });

  it("finds no drift in what it has just deployed", async () => {
    for (const name of STACKS) {
      const { summary } = await stack(name).refresh();
      expect(Object.keys(summary.resourceChanges ?? {}), name).to.deep.equal(["same"]);
    }
  });

  it("looks ahead at a change that touches nearly everything, and finds nothing to make anew", async () => {
    const inputs = await stack("dr").getAllConfig();
    await stack("dr").setConfig("multicloud-dr:owner", { value: "another-team" });
    const { changeSummary } = await stack("dr").preview();
    expect(Object.keys(changeSummary)).to.have.members(["same", "update"]);
    await stack("dr").setConfig("multicloud-dr:owner", inputs["multicloud-dr:owner"] ?? { value: "" });
  });

  it("keeps within the stacks' own rules, by the policy pack", async () => {
    for (const name of STACKS) {
      const { stdout } = await stack(name).preview({ policyPacks: [join(ROOT, "policy")], color: "never" });
      // Nobody has drilled here yet, which is advice and no obstacle.
      expect(stdout, name).to.match(name === "dr" ? /multicloud-dr@v/ : /✅ multicloud-dr@v/);
      expect(stdout.includes("was never drilled"), name).to.equal(name === "dr");
    }
  });

  it("keeps no password in the open: neither in its states, nor in what functions and servers are given", async () => {
    const resources: { type: string; inputs?: object; outputs?: { result?: { plaintext?: string } } }[] = [];
    for (const name of STACKS) resources.push(...(await stack(name).exportStack()).deployment.resources);
    const passwords = resources
      .filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
      .map(({ outputs }) => JSON.parse(outputs?.result?.plaintext ?? '""'));
    expect(passwords).to.have.length.above(3);
    expect(passwords.filter((password) => password.length < 16)).to.deep.equal([]);
    const told = resources.filter(({ type }) => GIVEN.test(type)).map(({ inputs }) => JSON.stringify(inputs));
    expect(told).to.have.length.above(10);
    const userData = resources.flatMap(({ inputs }) => USER_DATA.exec(JSON.stringify(inputs) ?? "")?.[1] ?? []);
    expect(userData, "of both sites' servers").to.have.length(2);
    told.push(...userData.map((text) => Buffer.from(text, "base64").toString()));
    const { folder, environment, engine } = test.stage.project;
    const where = { folder, environment };
    for (const name of STACKS) told.push(await run(engine.command, ["stack", "export", "--stack", name], where));
    for (const password of passwords) expect(told.some((text) => text.includes(password))).to.equal(false);
  });

  it("lets nobody alone delete every copy, as the states and the people file tell", async () => {
    const resources = [];
    for (const name of STACKS) resources.push(...readExport(name, await stack(name).exportStack()));
    const { people } = readPeople(readFileSync(join(ROOT, "people.yaml"), "utf8"), "people.yaml");
    if (!people) throw new Error("expected a people file that can be read");
    const { passed, problems, unread, copies } = audit({ people, resources });
    expect({ problems, unread }).to.deep.equal({ problems: [], unread: [] });
    expect({ passed, copies: copies.length }).to.deep.equal({ passed: true, copies: 7 });
  });

  it("moves the content when its loss is declared, and back", async () => {
    await test.edit("dr", (text) => text.replace("declareDisaster: none", "declareDisaster: content"));
    await up(stack("dr"));
    expect((await up(stack("traffic"))).changes).to.have.property("update", 2);

    await test.edit("dr", (text) => text.replace("declareDisaster: content", "declareDisaster: none"));
    await up(stack("dr"));
    expect((await up(stack("traffic"))).changes).to.have.property("update", 2);
  });

  it("says which property a cloud would refuse, and by which rule", async () => {
    const broken = await stackOf("broken", async () => {
      new aws.ec2.Vpc("too-large", { cidrBlock: "10.0.0.0/8" });
    });
    const message = await broken.up().then(
      () => "",
      (error: Error) => error.message,
    );
    expect(message).to.include("cidrBlock");
    expect(message).to.match(/10\.0\.0\.0\/8.*\/16/s);
  });

  it("only records a type that it has no actuator for, and says so", async () => {
    const recorded = await stackOf("recorded", async () => {
      new aws.sns.Topic("news", { name: "news" });
    });
    await recorded.up();
    const [topic] = takeCensus("recorded", await recorded.exportStack());
    expect(topic).to.include({ type: "aws:sns/topic:Topic", actuated: false });
    await recorded.destroy();
  });

  it("refuses to take down what holds data as long as it is protected", async () => {
    const message = await stack("prod")
      .destroy()
      .then(
        () => "",
        (error: Error) => error.message,
      );
    expect(message).to.include("protect");
  });

  it("leaves nothing in either cloud once the site is decommissioned", async () => {
    await decommission(stacks as Record<StackName, Stack>);
    const left = await awsRemains(test.stage.clouds.aws.connect("eu-west-1"));
    expect(left).to.have.length(1);
    expect(left[0], "the last snapshot, which whoever decommissions deletes by hand").to.match(
      /^database snapshot shop-/,
    );
    expect(test.stage.clouds.azure.remains()).to.deep.equal([]);
  });
}).timeout(DEPLOYMENT);
