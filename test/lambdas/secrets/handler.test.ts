import { createHash, randomBytes } from "node:crypto";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { GetFunctionConfigurationCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-secrets-manager";
import { type Message, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { bundleFunction } from "../../../components/function-bundle.ts";
import { queueFromRulePolicy } from "../../../components/replication/policies.ts";
import { SECRET_CHANGES } from "../../../components/replication/secret-events.ts";
import { secretReplicatorPolicy } from "../../../components/replication/secret-policies.ts";
import type { Comparison } from "../../../lambdas/secrets/drift.ts";
import { copyNameOf } from "../../../lambdas/secrets/names.ts";
import { REPLICATE_TAG } from "../../../lambdas/secrets/secret-state.ts";
import { TOKEN_EXCHANGE_AUDIENCE } from "../../../lambdas/shared/audience.ts";
import { SECRET_ACTIONS } from "../../../rehearsal/azure/access.ts";
import { VAULT_AUDIENCE } from "../../../rehearsal/azure/key-vault.ts";
import { useLocalClouds } from "../../support/local-clouds.ts";
import { until } from "../../support/until.ts";

const GROUP = "tests";

/** Is in every value, so that it is in nothing that anybody is told. */
const CANARY = `canary-${randomBytes(8).toString("hex")}`;

const SHOP = [{ Key: REPLICATE_TAG, Value: "shop" }];

// The real path: a call to Secrets Manager, its event, the rule, the queue, the bundle as a function with the rights of
// the product's policy, a token that the local Entra gives for the function's own, and a vault that asks for the right.
describe("the replication of secrets, from the call to the vault", function () {
  this.timeout(120_000);
  const clouds = useLocalClouds();
  let vault: { id: string; uri: string };
  let queueUrl: string;
  let deadLettersUrl: string;

  before(async () => {
    const { resources } = clouds.local.azure;
    const made = await clouds.create("azure-native:keyvault:Vault", {
      ...{ resourceGroupName: GROUP, vaultName: `v${crypto.randomUUID().slice(0, 8)}` },
      properties: {
        ...{ tenantId: resources.tenantId, sku: { family: "A", name: "standard" } },
        ...{ enableRbacAuthorization: true, enablePurgeProtection: true },
      },
    });
    vault = { id: made.id, uri: (made.properties.properties as { vaultUri: string }).vaultUri };
    const named = { resourceGroupName: GROUP, resourceName: "secrets-writer" };
    const { properties: identity } = await clouds.create("azure-native:managedidentity:UserAssignedIdentity", named);
    grant(String(identity.principalId), SECRET_ACTIONS.set, SECRET_ACTIONS.list, SECRET_ACTIONS.change);

    const queueOf = async (name: string) =>
      (await clouds.create("aws:sqs/queue:Queue", { name, visibilityTimeoutSeconds: 60 })).properties;
    const [queue, deadLetters] = await Promise.all(["secrets", "secrets-dead"].map(queueOf));
    [queueUrl, deadLettersUrl] = [String(queue?.url), String(deadLetters?.url)];
    const queueArn = String(queue?.arn);

    const role = await clouds.create("aws:iam/role:Role", {
      name: "secrets",
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
    });
    const policy = secretReplicatorPolicy("shop", {
      ...{ queueArn, deadLetterQueueArn: String(deadLetters?.arn) },
      logGroupArn: clouds.aws().arn("logs", "log-group:secrets"),
    });
    await clouds.create("aws:iam/rolePolicy:RolePolicy", { role: role.id, name: "rights", policy });
    const { properties: federation } = await clouds.create(
      "aws:iam/outboundWebIdentityFederation:OutboundWebIdentityFederation",
      {},
    );
    await clouds.create("azure-native:managedidentity:FederatedIdentityCredential", {
      ...{ ...named, federatedIdentityCredentialResourceName: "secrets" },
      ...{ issuer: federation.issuerIdentifier, subject: role.properties.arn, audiences: [TOKEN_EXCHANGE_AUDIENCE] },
    });
    const { code } = await pulumi.runtime.serializeProperties("", { code: bundleFunction("secrets/handler.ts") });
    await clouds.create("aws:lambda/function:Function", {
      ...{ name: "secrets", role: role.properties.arn, runtime: "nodejs24.x", handler: "index.handler" },
      ...{ timeout: 60, memorySize: 256, code },
      environment: {
        variables: {
          ...{ WORKLOAD: "shop", VAULT_URI: vault.uri, QUEUE_URL: queueUrl, DEAD_LETTER_QUEUE_URL: deadLettersUrl },
          ...{ AZURE_CLIENT_ID: identity.clientId, AZURE_TENANT_ID: identity.tenantId },
        },
      },
    });
    await clouds.create("aws:lambda/eventSourceMapping:EventSourceMapping", {
      ...{ eventSourceArn: queueArn, functionName: "secrets", batchSize: 10 },
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
    const eventPattern = JSON.stringify(SECRET_CHANGES);
    const rule = await clouds.create("aws:cloudwatch/eventRule:EventRule", { name: "changes", eventPattern });
    const letting = queueFromRulePolicy(queueArn, String(rule.properties.arn));
    await clouds.create("aws:sqs/queuePolicy:QueuePolicy", { queueUrl, policy: letting });
    await clouds.create("aws:cloudwatch/eventTarget:EventTarget", { rule: "changes", targetId: "q", arn: queueArn });
  });

  function grant(principalId: string, ...dataActions: string[]): void {
    const { resources } = clouds.local.azure;
    const roleDefinitionId = resources.id(`providers/Microsoft.Authorization/roleDefinitions/${crypto.randomUUID()}`);
    resources.put(roleDefinitionId, { permissions: [{ actions: [], dataActions }] });
    const assignment = `${vault.id}/providers/Microsoft.Authorization/roleAssignments/${crypto.randomUUID()}`;
    resources.put(assignment, { principalId, roleDefinitionId, scope: vault.id });
  }

  /** What a vault answers to whoever may do all with secrets. */
  async function ask(name: string, init: RequestInit = {}) {
    const principal = crypto.randomUUID();
    grant(principal, ...Object.values(SECRET_ACTIONS));
    const token = await clouds.local.azure.authority.issue(principal, VAULT_AUDIENCE);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const url = `${vault.uri}secrets/${copyNameOf(name)}?api-version=7.4`;
    const response = await fetch(url, { ...init, headers });
    const body = (await response.json()) as { value?: string; tags?: Record<string, string>; contentType?: string };
    return { status: response.status, ...body };
  }

  const secrets = () => clouds.aws().secrets;
  const create = (Name: string, SecretString: string, Tags = SHOP) =>
    secrets().send(new CreateSecretCommand({ Name, SecretString, Tags }));
  /** Values are compared by their digests, so that a failure tells none of them. */
  const digest = (value: string | undefined) =>
    createHash("sha256")
      .update(value ?? "")
      .digest("hex");
  const untilHas = (name: string, value: string) =>
    until(async () => digest((await ask(name)).value) === digest(value), `the copy of ${name} has the value`);

  async function compare(event: object = { compare: true }): Promise<Comparison> {
    const Payload = JSON.stringify(event);
    const answer = await clouds.aws().lambda.send(new InvokeCommand({ FunctionName: "secrets", Payload }));
    const text = Buffer.from(answer.Payload ?? []).toString();
    expect(answer.FunctionError, text).to.equal(undefined);
    return JSON.parse(text);
  }

  async function setAside(): Promise<Message[]> {
    const asked = {
      QueueUrl: deadLettersUrl,
      MessageAttributeNames: ["All"],
      MaxNumberOfMessages: 10,
      VisibilityTimeout: 0,
    };
    return (await clouds.aws().sqs.send(new ReceiveMessageCommand(asked))).Messages ?? [];
  }

  it("carries a secret that is tagged, and each of its values after it", async () => {
    await create("shop/api", `${CANARY}-1`);
    await untilHas("shop/api", `${CANARY}-1`);
    const { VersionId } = await secrets().send(
      new PutSecretValueCommand({ SecretId: "shop/api", SecretString: `{"key":"${CANARY}-2"}` }),
    );
    await untilHas("shop/api", `{"key":"${CANARY}-2"}`);
    expect(await ask("shop/api")).to.deep.include({ contentType: "application/json" });
    expect((await ask("shop/api")).tags).to.include({ "source-name": "shop/api", "source-version": VersionId });
  });

  it("carries nothing that is not tagged for this workload, until it is, and no longer than that", async () => {
    await create("untagged", `${CANARY}-u`, []);
    await create("billing", `${CANARY}-b`, [{ Key: REPLICATE_TAG, Value: "billing" }]);
    await create("after", `${CANARY}-after`);
    await untilHas("after", `${CANARY}-after`);
    expect((await ask("untagged")).status).to.equal(404);
    expect((await ask("billing")).status).to.equal(404);
    await secrets().send(new TagResourceCommand({ SecretId: "untagged", Tags: SHOP }));
    await untilHas("untagged", `${CANARY}-u`);
    await secrets().send(new UntagResourceCommand({ SecretId: "untagged", TagKeys: [REPLICATE_TAG] }));
    await until(async () => (await ask("untagged")).status === 403, "the copy is disabled");
  });

  it("disables what is deleted, and has it read again when that is taken back, or when it is made anew", async () => {
    await create("fleeting", `${CANARY}-f`);
    await untilHas("fleeting", `${CANARY}-f`);
    await secrets().send(new DeleteSecretCommand({ SecretId: "fleeting" }));
    await until(async () => (await ask("fleeting")).status === 403, "the copy is disabled");
    await secrets().send(new RestoreSecretCommand({ SecretId: "fleeting" }));
    await untilHas("fleeting", `${CANARY}-f`);
    await secrets().send(new DeleteSecretCommand({ SecretId: "fleeting", ForceDeleteWithoutRecovery: true }));
    await until(async () => (await ask("fleeting")).status === 403, "the copy is disabled, with its source gone");
    await create("fleeting", `${CANARY}-new`);
    await untilHas("fleeting", `${CANARY}-new`);
  });

  it("waits for a vault that throttles", async () => {
    clouds.local.azure.faults.throttleVaults(2);
    await create("throttled", `${CANARY}-t`);
    await untilHas("throttled", `${CANARY}-t`);
  });

  it("compares, names what differs, and has it mended", async () => {
    await until(async () => (await compare()).drift.length === 0, "both sides agree");
    // As somebody may who takes the version's tag away, and so gives a copy back to be written anew.
    const given = { "source-name": "shop/api", "source-version": "none" };
    await ask("shop/api", { method: "PATCH", body: JSON.stringify({ tags: given }) });
    await ask("by-hand", { method: "PUT", body: JSON.stringify({ value: "of a person" }) });
    const { secrets: compared, drift } = await compare();
    expect(compared).to.be.at.least(3);
    expect(drift.map(({ secret, kind, copied }) => ({ secret, kind, copied }))).to.deep.equal([
      { secret: "shop/api", kind: "stale", copied: "none" },
    ]);
    expect((await compare({ sweep: true })).drift).to.have.length(1);
    await until(async () => (await compare()).drift.length === 0, "the sweep mended it");
    await untilHas("shop/api", `{"key":"${CANARY}-2"}`);
  });

  it("sets aside what a vault can't hold, what somebody else wrote, and what is no event, with the reason", async () => {
    await create("long", CANARY.repeat(2000));
    await ask("foreign", { method: "PUT", body: JSON.stringify({ value: "rotated by hand" }) });
    await create("foreign", `${CANARY}-x`);
    await clouds.aws().sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "hello" }));
    let found: Message[] = [];
    const reasonsOf = (messages: Message[]) =>
      messages.map((each) => each.MessageAttributes?.Reason?.StringValue ?? "");
    await until(async () => {
      found = await setAside();
      const reasons = reasonsOf(found).join("\n");
      return /25000/.test(reasons) && /not written by the replicator/.test(reasons) && /another message/.test(reasons);
    }, "all three are set aside");
    expect((await ask("foreign")).value).to.equal("rotated by hand");
    expect((await ask("long")).status).to.equal(404);
    expect(JSON.stringify(found)).not.to.include(CANARY);
    const { drift } = await compare();
    expect(drift.map(({ secret, kind }) => [secret, kind])).to.deep.equal([
      ["foreign", "foreign"],
      ["long", "missing"],
    ]);
  });

  it("has told no value to a log, a queue or an environment, nor any token", async () => {
    const { logs, lambda } = clouds.aws();
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: "/aws/lambda/secrets" }));
    const text = events.map(({ message }) => message).join("\n");
    expect(text).to.match(/"secret":"shop\/api","version":"[^"]+","outcome":"copied"/);
    expect(text).to.contain('"LagMilliseconds"').and.to.contain('"Drifted"');
    const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "secrets" }));
    for (const told of [text, JSON.stringify(configuration), JSON.stringify(await setAside())]) {
      expect(told.includes(CANARY), "a value is told").to.equal(false);
      expect(told).to.not.match(/Bearer|eyJ[A-Za-z0-9_-]{10}/);
    }
    const inVault = JSON.stringify(clouds.local.azure.resources.list("Microsoft.KeyVault/vaults"));
    expect(inVault.includes(CANARY), "the control plane knows none").to.equal(false);
  });
});
