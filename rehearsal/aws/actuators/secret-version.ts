import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { Actuator, State } from "../../provider/actuator.ts";
import type { AwsCloud } from "../cloud.ts";
import { ignoreMissing, refuseLeftOut, text, unlessMissing } from "./common.ts";
import { findSecret } from "./secret.ts";

const LEFT_OUT = ["secretBinary", "secretStringWo", "secretStringWoVersion", "versionStages"];

/** Longest value in bytes (PutSecretValue). */
const LONGEST = 65_536;

/** The label of the version that is read when none is named. */
const CURRENT = "AWSCURRENT";

/** aws:secretsmanager/secretVersion:SecretVersion; its `id` is the secret's ARN and the version's id. */
export const secretVersion: Actuator<AwsCloud> = {
  replaceOn: ["secretId", "secretString"],

  check(inputs) {
    const refusals = refuseLeftOut(inputs, LEFT_OUT, "give the secret a text");
    const value = text(inputs.secretString);
    if (value === undefined || (value !== "" && Buffer.byteLength(value) <= LONGEST)) return refusals;
    // A secret is not repeated where people read along.
    const reason = `it has ${Buffer.byteLength(value)} bytes: 1 to ${LONGEST} (PutSecretValue)`;
    return [...refusals, { property: "secretString", reason }];
  },

  async create(inputs, cloud) {
    const { ARN, VersionId, VersionStages } = await cloud.secrets.send(
      new PutSecretValueCommand({ SecretId: String(inputs.secretId), SecretString: String(inputs.secretString) }),
    );
    return {
      id: `${ARN}|${VersionId}`,
      properties: { arn: ARN, secretArn: ARN, versionId: VersionId, versionStages: VersionStages ?? [] },
    };
  },

  async read(state, cloud) {
    const { SecretId, VersionId } = placeOf(state);
    if (!(await findSecret(cloud, SecretId))) return undefined;
    const found = await unlessMissing(cloud.secrets.send(new GetSecretValueCommand({ SecretId, VersionId })));
    return found && { secretString: found.SecretString, versionStages: found.VersionStages };
  },

  // A version cannot be deleted: it goes with its last label, and the label of the current one stays on one.
  async delete(state, cloud) {
    const { SecretId, VersionId } = placeOf(state);
    const { VersionIdsToStages = {} } = (await findSecret(cloud, SecretId)) ?? {};
    for (const VersionStage of (VersionIdsToStages[VersionId] ?? []).filter((stage) => stage !== CURRENT)) {
      const change = new UpdateSecretVersionStageCommand({ SecretId, VersionStage, RemoveFromVersionId: VersionId });
      await ignoreMissing(cloud.secrets.send(change));
    }
  },
};

function placeOf({ id }: State): { SecretId: string; VersionId: string } {
  const [SecretId = "", VersionId = ""] = id.split("|");
  return { SecretId, VersionId };
}
