import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { ContainerClient } from "@azure/storage-blob";
import type { OutputMap, Stack, Deployment as StackState } from "@pulumi/pulumi/automation/index.js";
import type { StandbyPlan } from "../components/standby/standby-plan.ts";
import { VaultSecrets } from "../lambdas/standby/vault-secrets.ts";
import { Control } from "../operations/database/control.ts";
import { decommission } from "../operations/decommission.ts";
import { openStack, STACKS, type StackName, up, type Watch } from "../operations/stacks.ts";
import { type AuditResource, readExport } from "../policy/audit/resources.ts";
import { awsRemains } from "./aws/remains.ts";
import { type Resource, takeCensus } from "./census.ts";
import type { SecretSides } from "./secrets.ts";
import type { Stage } from "./stage.ts";
import type { Report } from "./tools/run.ts";

/** Values of a stack file that a run has of its own, by their full keys. */
export type Overrides = Partial<Record<StackName, Record<string, Override>>>;

/** Known beforehand, or only once the stacks before are deployed. */
export type Override = string | ((deployment: Deployment) => Promise<string>);

/** The four stacks on the local clouds, by the real engine. */
export class Deployment {
  readonly stage: Stage;
  readonly signal: AbortSignal;
  /** Every resource that was deployed. */
  readonly census: Resource[] = [];
  /** The same as the audit reads it. */
  readonly audited: AuditResource[] = [];
  readonly #overrides: Overrides;
  readonly #stacks: Partial<Record<StackName, Stack>> = {};
  readonly #outputs: Partial<Record<StackName, OutputMap>> = {};

  constructor(stage: Stage, signal: AbortSignal, overrides: Overrides = {}) {
    this.stage = stage;
    this.signal = signal;
    this.#overrides = overrides;
  }

  async deploy(name: StackName, report: Report): Promise<string> {
    const stack = await openStack(this.stage.project, name);
    this.#stacks[name] = stack;
    for (const [key, value] of Object.entries(this.#overrides[name] ?? {})) {
      await stack.setConfig(key, { value: typeof value === "string" ? value : await value(this) });
    }
    await this.up(name, report);
    const state = await stack.exportStack();
    const resources = takeCensus(name, state);
    this.census.push(...resources);
    this.audited.push(...readExport(name, state));
    const recorded = resources.filter(({ actuated }) => !actuated).length;
    return `${resources.length - recorded} resources real, ${recorded} only recorded`;
  }

  async deployAgain(report: Report): Promise<string> {
    // Side by side: each has a state of its own, and none has anything left to do.
    await Promise.all(
      STACKS.map(async (name) => {
        const { changes } = await up(this.#stack(name), this.#watch(report));
        if (Object.keys(changes).some((operation) => operation !== "same")) {
          throw new Error(`a second up of ${name} should change nothing, it did ${JSON.stringify(changes)}`);
        }
      }),
    );
    return "nothing changed";
  }

  /** A stack's state as the engine has it, secrets told open. */
  state(name: StackName): Promise<StackState> {
    return this.#stack(name).exportStack();
  }

  /** Brings a stack to what its file says. */
  async up(name: StackName, report: Report): Promise<Partial<Record<string, number>>> {
    const { changes, outputs } = await up(this.#stack(name), this.#watch(report));
    this.#outputs[name] = outputs;
    return changes;
  }

  async set(name: StackName, key: string, value: string): Promise<void> {
    await this.#stack(name).setConfig(key, { value });
  }

  /** Reads the outputs anew, after somebody else has brought a stack up. */
  async look(name: StackName): Promise<void> {
    this.#outputs[name] = await this.#stack(name).outputs();
  }

  output(stack: StackName, name: string): string {
    return String(this.outputs(stack)[name]);
  }

  /** All that a stack tells, as far as it does. */
  outputs(stack: StackName): Record<string, unknown> {
    const told = Object.entries(this.#outputs[stack] ?? {});
    return Object.fromEntries(told.map(([name, { value }]) => [name, value]));
  }

  /** What runs at the standby by its last `up`. */
  plan(): StandbyPlan {
    const plan: StandbyPlan | undefined = this.#outputs.dr?.plan?.value;
    if (plan) return plan;
    throw new Error("stack dr tells no plan");
  }

  /** The controller's own words. */
  control(): Control {
    return new Control(this.controlContainer());
  }

  /** Where the controller and the operators keep what they say. */
  controlContainer(): ContainerClient {
    return new ContainerClient(this.output("dr", "controlEndpoint"), this.stage.clouds.azure.operator());
  }

  /** The content at both sides. */
  content() {
    const { aws, azure } = this.stage.clouds;
    const bucket = this.output("prod", "contentBucketName");
    const { s3 } = aws.connect(this.output("prod", "region"));
    const url = new URL(this.output("dr", "copiesContainerName"), this.output("dr", "copiesBlobEndpoint"));
    const operator = azure.operator();
    return { s3, bucket, operator, container: new ContainerClient(url.href, operator) };
  }

  /** Both sides of the secrets; undefined where none follow. */
  secrets(): SecretSides | undefined {
    const functionName: string | undefined = this.#outputs.link?.secretsFunctionName?.value;
    if (functionName === undefined) return undefined;
    const { aws, azure } = this.stage.clouds;
    const { secrets, lambda } = aws.connect(this.output("prod", "region"));
    return {
      ...{ primary: secrets, lambda, functionName, signal: this.signal },
      copies: new VaultSecrets(azure.secretReader()),
      vaultUri: this.output("dr", "secretsVaultUri"),
      workload: this.output("dr", "workload"),
    };
  }

  /** The administrator of the primary's database, as the secret has it. */
  async databasePassword(): Promise<string> {
    const { secrets } = this.stage.clouds.aws.connect(this.output("prod", "region"));
    const asked = new GetSecretValueCommand({ SecretId: this.output("prod", "databaseSecretArn") });
    const { SecretString = "{}" } = await secrets.send(asked);
    return (JSON.parse(SecretString) as { password: string }).password;
  }

  /** The standby's content, by somebody who may write it. */
  publishing(): ContainerClient {
    const url = new URL(this.output("dr", "copiesContainerName"), this.output("dr", "copiesBlobEndpoint"));
    return new ContainerClient(url.href, this.stage.clouds.azure.publisher());
  }

  async takeDown(report: Report): Promise<string> {
    const { aws, azure } = this.stage.clouds;
    const region = this.output("prod", "region");
    await decommission(this.#stacks as Record<StackName, Stack>, this.#watch(report));
    const left = [...(await awsRemains(aws.connect(region))), ...azure.remains()];
    // RDS takes one when an instance is deleted; whoever decommissions for good deletes it by hand.
    const [snapshots, others] = partition(left, (what) => what.startsWith("database snapshot "));
    if (others.length > 0)
      throw new Error(`destroyed stacks should leave nothing, there are left: ${others.join(", ")}`);
    return `both clouds are empty, but for the ${snapshots.join(", ")}`;
  }

  #stack(name: StackName): Stack {
    const stack = this.#stacks[name];
    if (stack) return stack;
    throw new Error(`stack ${name} is not deployed yet`);
  }

  #watch(report: Report): Watch {
    return { report, signal: this.signal };
  }
}

function partition<T>(all: T[], test: (one: T) => boolean): [T[], T[]] {
  return [all.filter(test), all.filter((one) => !test(one))];
}
