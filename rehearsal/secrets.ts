import { createHash, randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Comparison } from "../lambdas/secrets/drift.ts";
import { copyNameOf } from "../lambdas/secrets/names.ts";
import { REPLICATE_TAG } from "../lambdas/secrets/secret-state.ts";
import { ForbiddenError, type VaultSecrets } from "../lambdas/standby/vault-secrets.ts";

/** How long a secret may take to its copy, in milliseconds: a queue, a function's cold start on two busy cores. */
const PATIENCE = 60_000;
const LOOK_AGAIN = 200;

/** Both sides of the secrets, and the function between. */
export interface SecretSides {
  primary: SecretsManagerClient;
  lambda: LambdaClient;
  functionName: string;
  /** The copies, as the standby's servers may read them. */
  copies: VaultSecrets;
  vaultUri: string;
  workload: string;
  signal: AbortSignal;
}

/** Names of the rehearsal's own secrets: one that may cross, one that may not. */
const CROSSING = "rehearsal/Api_key";
const STAYING = "rehearsal/own";

/**
 * Makes secrets at the primary, changes and deletes one, and sees what becomes of their copies. Values are compared by
 * digests, so that nothing that fails shows one.
 *
 * @param login ARN of a secret that was there before the function was, which only a comparison brings across
 * @returns what was seen @throws Error when a copy does not come in time, or one comes that should not
 */
export async function crossSecrets(sides: SecretSides, login: string, report: (line: string) => void): Promise<string> {
  const { primary, workload } = sides;
  const Tags = [{ Key: REPLICATE_TAG, Value: workload }];
  await primary.send(new CreateSecretCommand({ Name: STAYING, SecretString: newValue() }));
  try {
    const first = newValue();
    await primary.send(new CreateSecretCommand({ Name: CROSSING, SecretString: first, Tags }));
    const started = performance.now();
    await untilDigest(sides, CROSSING, digestOf(first));
    report(`${CROSSING} arrived`);
    const second = newValue();
    await primary.send(new PutSecretValueCommand({ SecretId: CROSSING, SecretString: second }));
    await untilDigest(sides, CROSSING, digestOf(second));
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if ((await digestAt(sides, STAYING)) !== "none") throw new Error(`${STAYING} has no tag, and crossed all the same`);

    await invoke(sides, { sweep: true });
    const { Name = "", SecretString = "" } = await primary.send(new GetSecretValueCommand({ SecretId: login }));
    await untilDigest(sides, Name, digestOf(SecretString));
    report(`${Name} arrived by the comparison`);
    await untilAgreed(sides);
    await forget(sides, CROSSING);
    await until(
      async () => (await digestAt(sides, CROSSING)) === "disabled",
      `the copy of ${CROSSING} is disabled`,
      sides,
    );
    return `a secret and its next value in ${seconds} s, the database's login, and nothing without the tag`;
  } finally {
    await forget(sides, CROSSING);
    await forget(sides, STAYING);
  }
}

/** Deletes a secret for good; one that is gone is no error. */
async function forget({ primary }: SecretSides, SecretId: string): Promise<void> {
  await primary.send(new DeleteSecretCommand({ SecretId, ForceDeleteWithoutRecovery: true })).catch((error: Error) => {
    if (error.name !== "ResourceNotFoundException") throw error;
  });
}

async function untilAgreed(sides: SecretSides): Promise<void> {
  let found: Comparison | undefined;
  await until(
    async () => {
      found = await invoke(sides, { compare: true });
      return found.drift.length === 0;
    },
    () => `both sides agree; found ${JSON.stringify(found?.drift)}`,
    sides,
  );
}

async function invoke({ lambda, functionName }: SecretSides, event: object): Promise<Comparison> {
  const Payload = JSON.stringify(event);
  const answer = await lambda.send(new InvokeCommand({ FunctionName: functionName, Payload }));
  const text = Buffer.from(answer.Payload ?? []).toString();
  if (answer.FunctionError) throw new Error(`the function of the secrets failed: ${text}`);
  return JSON.parse(text);
}

async function untilDigest(sides: SecretSides, name: string, expected: string): Promise<void> {
  await until(async () => (await digestAt(sides, name)) === expected, `the copy of ${name} has its value`, sides);
}

/** The digest of a copy's value; "none" where there is none, "disabled" where nobody may read it. */
async function digestAt({ copies, vaultUri, signal }: SecretSides, name: string): Promise<string> {
  try {
    const value = await copies.read(`${vaultUri}secrets/${copyNameOf(name)}`, signal);
    return value === undefined ? "none" : digestOf(value);
  } catch (error) {
    if (error instanceof ForbiddenError) return "disabled";
    throw error;
  }
}

async function until(
  condition: () => Promise<boolean>,
  what: string | (() => string),
  { signal }: SecretSides,
): Promise<void> {
  const started = performance.now();
  while (!(await condition())) {
    if (performance.now() - started > PATIENCE) {
      const wanted = typeof what === "string" ? what : what();
      throw new Error(
        `expected that ${wanted} within ${PATIENCE / 1000} s; see what the function says in ministack.log`,
      );
    }
    await delay(LOOK_AGAIN, undefined, { signal });
  }
}

function newValue(): string {
  return randomBytes(24).toString("base64url");
}

function digestOf(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}
