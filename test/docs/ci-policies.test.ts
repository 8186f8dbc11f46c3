import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { PROJECT_FOLDER } from "../../operations/stack-files.ts";
import { STACKS } from "../../operations/stacks.ts";

const textOf = (name: string) => readFileSync(join(PROJECT_FOLDER, "docs/ci", name), "utf8");

/** A step of a job at GitHub. */
interface Step {
  name?: string;
  uses?: string;
  run?: string;
}

interface Workflow {
  on: object;
  permissions: Record<string, string>;
  jobs: Record<string, { "runs-on": string; "timeout-minutes": number; strategy?: Matrix; steps: Step[] }>;
}

interface Matrix {
  matrix: { stack: string[] };
}

interface GitlabJob {
  image: string;
  script: unknown[];
  rules: { if: string }[];
  id_tokens: Record<string, { aud: string }>;
  parallel: { matrix: { STACK: string[] }[] };
}

/** How a pipeline looks ahead at a stack. */
const PREVIEW = /^pulumi preview --stack \S+|^pulumi preview --stack \$\{\{ matrix\.stack \}\}/m;

describe("the check of each change in docs/ci", () => {
  describe("at GitHub, policies.yml", () => {
    const workflow = parse(textOf("policies.yml")) as Workflow;
    const [job, ...others] = Object.values(workflow.jobs);

    it("has the form of a workflow: when, what it may, and one job on a machine, in steps that each do one thing", () => {
      expect(workflow).to.have.all.keys("name", "on", "permissions", "jobs");
      expect(workflow.on).to.have.all.keys("pull_request", "push");
      expect(workflow.permissions).to.deep.equal({ contents: "read", "id-token": "write" });
      expect(others).to.be.empty;
      expect(job?.["runs-on"]).to.equal("ubuntu-latest");
      expect(job?.["timeout-minutes"]).to.be.a("number");
      for (const step of job?.steps ?? []) {
        expect(Object.keys(step).filter((key) => key === "run" || key === "uses")).to.have.length(1);
        if (step.uses) expect(step.uses).to.match(/^[\w-]+\/[\w-]+@v\d+$/);
      }
    });

    it("looks ahead at every stack with the pack, last of all", () => {
      expect(job?.strategy?.matrix.stack).to.have.members([...STACKS]);
      expect(job?.steps.at(-1)?.run).to.match(PREVIEW).and.to.include(" --policy-pack policy ");
    });
  });

  describe("at GitLab, policies.gitlab-ci.yml", () => {
    const jobs = parse(textOf("policies.gitlab-ci.yml")) as Record<string, GitlabJob>;
    const [job, ...others] = Object.values(jobs);

    it("has the form of a job: an image, when it runs, tokens for both clouds, and lines of a script", () => {
      expect(others).to.be.empty;
      expect(job?.image).to.match(/^node:\d+/);
      expect(job?.rules.map((rule) => rule.if)).to.have.length(2);
      expect(Object.values(job?.id_tokens ?? {}).map(({ aud }) => aud)).to.have.members([
        "api://AzureADTokenExchange",
        "sts.amazonaws.com",
      ]);
      for (const line of job?.script ?? []) expect(line).to.be.a("string");
    });

    it("looks ahead at every stack with the pack, last of all", () => {
      expect(job?.parallel.matrix.flatMap(({ STACK }) => STACK)).to.have.members([...STACKS]);
      expect(job?.script.at(-1)).to.match(PREVIEW).and.to.include(" --policy-pack policy ");
    });
  });

  for (const name of ["policies.yml", "policies.gitlab-ci.yml"]) {
    it(`installs the providers that the project has, and knows no secret (${name})`, () => {
      const text = textOf(name);
      const { dependencies } = JSON.parse(readFileSync(join(PROJECT_FOLDER, "package.json"), "utf8"));
      const [, providers = ""] = /for name in (.+); do/.exec(text) ?? [];
      for (const provider of providers.split(" ")) expect(dependencies).to.have.property(`@pulumi/${provider}`);
      expect(text).not.to.match(/secrets\.|CLIENT_SECRET|PASSPHRASE|SECRET_ACCESS_KEY/);
    });

    it(`asks a pack that is there (${name})`, () => {
      const [, pack = ""] = /--policy-pack (\S+)/.exec(textOf(name)) ?? [];
      expect(existsSync(join(PROJECT_FOLDER, pack, "PulumiPolicy.yaml"))).to.equal(true);
    });
  }
});
